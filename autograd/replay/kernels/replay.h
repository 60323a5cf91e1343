/* Replay of a tape on a batch. Made by planning/, run by kernels.h, whose code is compiled once for every instruction
   set.

   Numbers live in slots. A lane slot has one number for each of L rows, side by side; a uniform slot has one number,
   the same for all rows: parameters, constants, and what depends on nothing else. An operand is written as the number
   of a lane slot, or ~number of a uniform one. Uniform instructions run once per call, with L = 1, on the uniform
   slots.

   With one row, slot s is at values[s], and its gradient at gradients[s]. With more, slots that are not in use at the
   same time share places of L numbers, and so do gradients: see planning/places.py. */

#ifndef STEPGRAD_REPLAY_H
#define STEPGRAD_REPLAY_H

#include "workers.h"

#include <stddef.h>
#include <stdint.h>

/* What becomes of an operand's gradient: its first writer stores, later ones add; of a uniform operand, the sum over
   lanes is added. */
enum { NO_GRADIENT, STORE, ADD, TOTAL };

/* A row of the table: `count` operations. Operand i of `a` is a + i * a_step (of a uniform one ~a + i * a_step), and so
   with `b`; results are consecutive. Where a row has one operand, `b` repeats it, without a gradient. In
   place, out is a.

   SUM:   out = `a` products + `b` addends. List: (x, y, gradient of x, of y) for each product, then (x, gradient) for
          each addend. The opcode after the table's.
   TILE:  at `count` places, `b` dot products of `a` uniform weights with the place's `a` lanes, each with a bias. List:
          the lane slots x[count * a], out[count * b]; then the uniform slots w[b * a], bias[b] (-1: none). Where the
          weights of a result are consecutive, `out` is the first and `b_step` leads to those of the next; else -1.
          `a_gradient` is that of the lanes, `b_gradient` that of weights and biases. With more than one row, the places
          of x and out, then of their gradients, are in tile_places from `a_step` on. */
typedef struct {
    int32_t opcode, count, a, a_step, b, b_step, out, a_gradient, b_gradient, list;
} instruction;

typedef struct {
    const instruction *code;
    ptrdiff_t length;
    const int32_t *lists;
    const int32_t *value_at, *gradient_at, *tile_places; /* the places of slots, with more than one row */
    const int32_t *alone;                                /* slots that may be where the caller has them */
} program;

typedef struct {
    double *values, *gradients;   /* lane slots with one row; with more, `values` has places of L numbers each, */
    double **at;                  /* and lane slot s is at[s]: in its place, or where the caller has it */
    ptrdiff_t slots;              /* so many */
    double *uniforms, *totals;    /* uniform slots, and their gradients, which add up over the rows */
    double *scratch;              /* for one tile at a time: see tile.h */
    ptrdiff_t lanes, rows;        /* L: the rows, in multiples of 8; or 1 for one row, and for uniform instructions */
    const double *batch;          /* the widest run of inputs where the caller has it, row_length from row to row: */
    ptrdiff_t row_length, first_input, inputs; /* so many inputs, in slots from the first on */
    double sum;                   /* of the outputs, once the rows are replayed */
} memory;

/* The numbers of a lane slot, and their gradients. */
static inline double *values_of(const memory *m, int32_t slot) {
    return m->lanes == 1 ? m->values + slot : m->at[slot];
}

static inline double *gradients_of(const program *p, const memory *m, int32_t slot) {
    return m->lanes == 1 ? m->gradients + slot : m->values + p->gradient_at[slot] * m->lanes;
}

typedef struct {
    const char *name;
    void (*forward)(const program *, const memory *);
    void (*backward)(const program *, const memory *);
    int (*is_finite)(const double *numbers, ptrdiff_t count);
    double (*sum)(const double *numbers, ptrdiff_t count);
    void (*load)(double *slots, ptrdiff_t lanes, const double *rows, ptrdiff_t row_length, ptrdiff_t columns,
                 ptrdiff_t rows_here);
} kernels;

extern const kernels kernels_baseline, kernels_avx2, kernels_avx512;

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
