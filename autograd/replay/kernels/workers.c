/* A worker gets notice to go and gives one that it is done. What threads and sleep are is Python's business, on every
   system. */

#include "workers.h"

#include <Python.h>
#include <pythread.h>
#include <stdatomic.h>
#include <stdlib.h>

#if defined(__x86_64__) || defined(_M_X64)
#include <immintrin.h>
#define PAUSE() _mm_pause()
#elif defined(__aarch64__) && defined(__GNUC__)
#define PAUSE() __asm__ volatile("isb")
#else
#define PAUSE() (void)0
#endif

enum { SPINS = 2000 }; /* some fifty microseconds: as long as a training loop takes from one step to the next */

/* `bell` is a lock that is held, but when it rings. */
typedef struct {
    atomic_int state;
    PyThread_type_lock bell;
} notice;
enum { EMPTY, GIVEN, ASLEEP };

typedef struct {
    void (*piece)(void *of, int i);
    void *of;
    int pieces;
    atomic_int next;
} job;

struct worker {
    notice go, done;
    job *job;
    worker *next;
};

static void give(notice *s) {
    if (atomic_exchange(&s->state, GIVEN) == ASLEEP) PyThread_release_lock(s->bell);
}

/* Whether it was given, and is not any more. */
static int taken(notice *s) {
    int given = GIVEN;
    return atomic_compare_exchange_strong(&s->state, &given, EMPTY);
}

static void await(notice *s) {
    for (int spins = 0; !taken(s); spins++) {
        int empty = EMPTY;
        if (spins < SPINS) PAUSE();
        else if (atomic_compare_exchange_strong(&s->state, &empty, ASLEEP)) PyThread_acquire_lock(s->bell, WAIT_LOCK);
    }
}

static void work(job *j) {
    for (int i; (i = atomic_fetch_add(&j->next, 1)) < j->pieces;) j->piece(j->of, i);
}

static void live(void *self) {
    worker *w = self;
    for (;;) {
        await(&w->go);
        work(w->job);
        give(&w->done);
    }
}

void together(worker *crew, void (*piece)(void *of, int i), void *of, int pieces) {
    job j = {piece, of, pieces};
    for (worker *w = crew; w; w = w->next) w->job = &j, give(&w->go);
    work(&j);
    for (worker *w = crew; w; w = w->next)
        if (!taken(&w->go)) await(&w->done);
}

static worker *idle;
static int workers;

static int prepare(notice *s) {
    s->bell = PyThread_allocate_lock();
    return s->bell && PyThread_acquire_lock(s->bell, WAIT_LOCK);
}

static worker *new_worker(void) {
    worker *w = calloc(1, sizeof *w);
    if (!w) return NULL;
    if (prepare(&w->go) && prepare(&w->done) && PyThread_start_new_thread(live, w) != PYTHREAD_INVALID_THREAD_ID)
        return w;
    if (w->go.bell) PyThread_free_lock(w->go.bell);
    if (w->done.bell) PyThread_free_lock(w->done.bell);
    free(w);
    return NULL;
}

worker *hired(int wanted, int processors) {
    worker *crew = NULL;
    while (wanted-- > 0) {
        worker *w = idle;
        if (w) idle = w->next;
        else if (workers + 1 >= processors || !(w = new_worker())) break;
        else workers++;
        w->next = crew, crew = w;
    }
    return crew;
}

void dismissed(worker *crew) {
    while (crew) {
        worker *w = crew;
        crew = w->next;
        w->next = idle, idle = w;
    }
}

void forget_workers(void) { idle = NULL, workers = 0; }
