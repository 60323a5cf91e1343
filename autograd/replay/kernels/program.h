/* What the kernels run: a tape as instructions, made by planning/. Run by kernels.h, whose code is compiled once for
   every instruction set, block by block of rows (replay.h).

   Numbers live in slots. A lane slot has one number for each of L rows, side by side; a uniform slot has one number,
   the same for all rows: parameters, constants, and what depends on nothing else. An operand is written as the number
   of a lane slot, or ~number of a uniform one. Uniform instructions run once per call, with L = 1, on the uniform
   slots.

   With one row, slot s is at values[s], and its gradient at gradients[s]. With more, slots that are not in use at the
   same time share places of L numbers, and so do gradients: see planning/places.py. */

#ifndef STEPGRAD_PROGRAM_H
#define STEPGRAD_PROGRAM_H

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

#endif
