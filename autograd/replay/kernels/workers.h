/* Threads that share a job with the one that asks, and wait between jobs: for a moment awake, then asleep. */

#ifndef STEPGRAD_WORKERS_H
#define STEPGRAD_WORKERS_H

typedef struct worker worker; /* in lists: a crew, or those that are idle */

/* With the interpreter's lock: a crew of at most so many, idle ones or new ones; NULL if there are none. */
worker *hired(int wanted, int processors);
void dismissed(worker *crew);

/* In a child process, where no thread but the one that forked goes on. */
void forget_workers(void);

/* piece(of, i) for every i < pieces, by this thread and the crew. Who comes first takes the next: a worker that the
   system lets wait is not waited for, unless it has begun. Needs no lock; nothing may be thrown. */
void together(worker *crew, void (*piece)(void *of, int i), void *of, int pieces);

#endif
