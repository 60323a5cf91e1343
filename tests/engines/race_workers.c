/* The workers of a replay under the thread sanitizer, without an interpreter: three askers with jobs of all sizes, and
   a lock in the place of the interpreter's. Python's threads and locks are made of the system's here, so that it sees
   them. */

#include "workers.c"

#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>

PyThread_type_lock PyThread_allocate_lock(void) {
    sem_t *lock = malloc(sizeof *lock);
    sem_init(lock, 0, 1);
    return lock;
}

void PyThread_free_lock(PyThread_type_lock lock) { free(lock); }

int PyThread_acquire_lock(PyThread_type_lock lock, int wait) {
    (void)wait;
    while (sem_wait(lock)) {} /* interrupted */
    return 1;
}

void PyThread_release_lock(PyThread_type_lock lock) { sem_post(lock); }

typedef struct {
    void (*run)(void *);
    void *of;
} beginning;

static void *begin(void *of) {
    const beginning b = *(beginning *)of;
    free(of);
    b.run(b.of);
    return NULL;
}

unsigned long PyThread_start_new_thread(void (*run)(void *), void *of) {
    beginning *b = malloc(sizeof *b);
    pthread_t thread;
    *b = (beginning){run, of};
    if (pthread_create(&thread, NULL, begin, b)) return PYTHREAD_INVALID_THREAD_ID;
    pthread_detach(thread);
    return 1;
}

enum { ASKERS = 3, JOBS = 3000, PIECES = 9, PROCESSORS = 6 };
static pthread_mutex_t interpreter = PTHREAD_MUTEX_INITIALIZER;

static void square(void *of, int i) { ((long *)of)[i] = (long)i * i; }

static void *ask(void *found) {
    for (int n = 0; n < JOBS; n++) {
        long squares[PIECES], *sum = found;
        const int pieces = 1 + n % PIECES;
        pthread_mutex_lock(&interpreter);
        worker *crew = hired(n % 4, PROCESSORS);
        pthread_mutex_unlock(&interpreter);
        together(crew, square, squares, pieces);
        for (int i = 0; i < pieces; i++) *sum += squares[i];
        pthread_mutex_lock(&interpreter);
        dismissed(crew);
        pthread_mutex_unlock(&interpreter);
        if (n % 100 == 0) nanosleep(&(struct timespec){0, 1000000}, NULL); /* so that they fall asleep */
    }
    return NULL;
}

int main(void) {
    pthread_t askers[ASKERS];
    long sums[ASKERS] = {0}, expected = 0;
    for (int n = 0; n < JOBS; n++)
        for (long i = 0; i <= n % PIECES; i++) expected += i * i;
    for (int a = 0; a < ASKERS; a++) pthread_create(&askers[a], NULL, ask, &sums[a]);
    for (int a = 0; a < ASKERS; a++) pthread_join(askers[a], NULL);
    for (int a = 0; a < ASKERS; a++)
        if (sums[a] != expected) return fprintf(stderr, "asker %d: %ld, expected %ld\n", a, sums[a], expected), 1;
    return 0;
}
