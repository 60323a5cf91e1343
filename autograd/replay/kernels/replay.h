/* Replay of a tape on a batch, block by block of rows. */

#ifndef STEPGRAD_REPLAY_H
#define STEPGRAD_REPLAY_H

#include "program.h"
#include "workers.h"

/* A recorded function. `inputs` has for each run of consecutive columns: first slot, table, first column, number. */
typedef struct {
    program uniform_code, code;
    const int32_t *inputs, *outputs, *cleared; /* `cleared`: slots whose gradient starts at 0: its writers only add */
    ptrdiff_t input_runs, output_count, cleared_count, uniforms, input_slots;
} tape;

typedef struct {
    const double *rows;
    ptrdiff_t length, first; /* numbers in a row; columns in the tables before */
} table;

/* The kernels of this name, or the best if it is empty; NULL if this processor can't run them. */
const kernels *kernels_for(const char *name);

/* Where numbers of a row go: number i of row r to[r * row_step + i * step]; nowhere if `to` is NULL. */
typedef struct {
    double *to;
    ptrdiff_t row_step, step;
} places;

/* What is to be replayed, on so many rows. Outputs go to their places, or else are summed up, each times its row's
   weight. With a seed (the derivative of what is wanted by each weighted output) there are gradients; those of the
   inputs go to their places. `weights` is NULL where all are 1. */
typedef struct {
    const tape *t;
    const kernels *k;
    const table *inputs;
    ptrdiff_t rows;
    places outputs;
    double seed;
    const double *weights;
    places input_gradients;
} task;

/* Run the uniform instructions and replay the rows, at most m->lanes at a time, in so many pieces, each with a memory
   of its own, by this thread and the crew. They share the uniforms of the first, whose totals become the gradients. The
   sum of the outputs comes back; it depends on how many pieces there are, not on who replays them. */
double replay_all(const task *what, memory *memories, int pieces, worker *crew);

#endif
