/* Elementwise instructions: rows of the table, one after the other or over lanes. */

#pragma once
#include "lanes_math.h"
#include "operands.h"

/* A kernel is a row of the table, over n numbers. A step is 1, or 0 for one number for all. Results may take the place
   of operands: `out` that of `a`, and `gradient` that of `upstream`. Where it is a TOTAL, it is one number. */

typedef void value_kernel(
    const double *a, ptrdiff_t a_step, const double *b, ptrdiff_t b_step, double *out, ptrdiff_t n);
typedef void share_kernel(
    const double *a, ptrdiff_t a_step, const double *b, ptrdiff_t b_step, const double *out, const double *upstream,
    double *gradient, int how, ptrdiff_t n);

#define EACH(A_STEP, B_STEP, HOW, STATEMENT)                   \
    HOW for (ptrdiff_t i = 0; i < n; i++) {                    \
        const double a = A[i * (A_STEP)], b = B[i * (B_STEP)]; \
        (void)a, (void)b;                                      \
        STATEMENT;                                             \
    }

#define BINARY(HOW, STATEMENT)                       \
    if (A_step && B_step) EACH(1, 1, HOW, STATEMENT) \
    else if (A_step) EACH(1, 0, HOW, STATEMENT)      \
    else EACH(0, 1, HOW, STATEMENT)

#define UNARY(HOW, STATEMENT) EACH(1, 1, HOW, STATEMENT)

#define VALUE(NAME, LOOP, FORMULA)                                                                            \
    static void value_##NAME(const double *A, ptrdiff_t A_step, const double *B, ptrdiff_t B_step, double *O, \
                             ptrdiff_t n) {                                                                   \
        (void)A_step, (void)B_step;                                                                           \
        LOOP(INDEPENDENT, O[i] = FORMULA)                                                                     \
    }

#define SHARE(NAME, LOOP, FORMULA)                                                                                  \
    static void share_##NAME(const double *A, ptrdiff_t A_step, const double *B, ptrdiff_t B_step, const double *O, \
                               const double *G, double *D, int how, ptrdiff_t n) {                                  \
        (void)A_step, (void)B_step, (void)O;                                                                        \
        if (how == STORE) LOOP(INDEPENDENT, D[i] = FORMULA)                                                         \
        else if (how == ADD) LOOP(INDEPENDENT, D[i] += FORMULA)                                                     \
        else {                                                                                                      \
            double total = 0;                                                                                       \
            LOOP(SUMMED, total += FORMULA)                                                                          \
            *D += total;                                                                                            \
        }                                                                                                           \
    }

/* Where a formula with functions for near numbers has another for any: near ones if all operands are. */
static int are_near(const double *A, ptrdiff_t n) {
    int near = 1;
    for (ptrdiff_t i = 0; i < n; i++) near &= !(fabs(A[i]) > NEAR);
    return near;
}

#define NEAR_VALUE(NAME)                                                                                      \
    static void value_##NAME(const double *A, ptrdiff_t A_step, const double *B, ptrdiff_t B_step, double *O, \
                             ptrdiff_t n) {                                                                   \
        (are_near(A, n) ? value_near_##NAME : value_any_##NAME)(A, A_step, B, B_step, O, n);                  \
    }

#define NEAR_SHARE(NAME)                                                                                            \
    static void share_##NAME(const double *A, ptrdiff_t A_step, const double *B, ptrdiff_t B_step, const double *O, \
                             const double *G, double *D, int how, ptrdiff_t n) {                                    \
        (are_near(A, n) ? share_near_##NAME : share_any_##NAME)(A, A_step, B, B_step, O, G, D, how, n);             \
    }

/* What a masking row hands on: see Op in ops.py. */
static inline double unless_zero(double upstream, double local) { return local != 0 ? upstream * local : 0.0; }

/* Generated: VALUE and SHARE for every row, and the arrays value_kernels and share_kernels. */
#include "table_kernels.h"

#undef VALUE
#undef SHARE
#undef NEAR_VALUE
#undef NEAR_SHARE

/* What an elementwise instruction computes from. All its operations are one loop where the operands' slots lie as they
   are needed; within that, or within one operation, a step of 0 stands for one number for all. */
typedef struct {
    const double *a, *b;
    ptrdiff_t a_stride, b_stride; /* from one operation to the next */
    ptrdiff_t a_step, b_step;
    int is_one_loop;
} operands;

INLINE operands operands_of(const instruction *it, const memory *m) {
    const int a_lane = it->a >= 0, b_lane = it->b >= 0, one_row = m->lanes == 1;
    const int are_near = (it->a_step == 0 || it->a_step == 1) && (it->b_step == 0 || it->b_step == 1);
    return (operands){
        .a = value_of(m, it->a), .b = value_of(m, it->b),
        .a_stride = it->a_step * (a_lane ? m->lanes : 1), .b_stride = it->b_step * (b_lane ? m->lanes : 1),
        .a_step = one_row ? it->a_step : a_lane, .b_step = one_row ? it->b_step : b_lane,
        .is_one_loop = one_row ? are_near : it->a_step == a_lane && it->b_step == b_lane,
    };
}

static void elementwise_forward(const instruction *it, const memory *m) {
    const ptrdiff_t L = m->lanes;
    const operands x = operands_of(it, m);
    value_kernel *value = value_kernels[it->opcode];
    double *out = values_of(m, it->out);
    if (x.is_one_loop)
        value(x.a, x.a_step, x.b, x.b_step, out, it->count * L);
    else
        for (int32_t i = 0; i < it->count; i++)
            value(x.a + i * x.a_stride, x.a_step, x.b + i * x.b_stride, x.b_step, out + i * L, L);
}

/* What an operand of one operation on lanes is handed: a lane for each, or a uniform number the sum over all rows. */
INLINE void hand_on(const program *p, const memory *m, share_kernel *share, const double *a, ptrdiff_t a_step,
                    const double *b, ptrdiff_t b_step, const double *out, const double *upstream, int32_t operand,
                    int how) {
    if (how == NO_GRADIENT) return;
    if (operand >= 0)
        share(a, a_step, b, b_step, out, upstream, gradients_of(p, m, operand), how, m->lanes);
    else
        share(a, a_step, b, b_step, out, upstream, m->totals + ~operand, TOTAL, m->rows);
}

static void elementwise_backward(const instruction *it, const program *p, const memory *m) {
    const ptrdiff_t L = m->lanes;
    const operands x = operands_of(it, m);
    const double *out = values_of(m, it->out), *upstream = gradients_of(p, m, it->out);
    for (int which = 0; which < 2; which++) {
        const int32_t operand = which ? it->b : it->a, step = which ? it->b_step : it->a_step;
        share_kernel *share = share_kernels[it->opcode][which];
        int how = which ? it->b_gradient : it->a_gradient;
        if (how == NO_GRADIENT) continue;
        if (L == 1 && x.is_one_loop) {
            double *gradient = operand >= 0 ? m->gradients + operand : m->totals + ~operand;
            if (!step && how == STORE) *gradient = 0;
            share(x.a, x.a_step, x.b, x.b_step, out, upstream, gradient, step ? how : TOTAL, it->count);
        } else if (x.is_one_loop && operand >= 0)
            share(x.a, x.a_step, x.b, x.b_step, out, upstream, gradients_of(p, m, operand), how, it->count * L);
        else
            for (int32_t i = 0; i < it->count; i++) {
                const int32_t its = operand >= 0 ? operand + i * step : operand - i * step;
                hand_on(p, m, share, x.a + i * x.a_stride, x.a_step, x.b + i * x.b_stride, x.b_step, out + i * L,
                        upstream + i * L, its, how);
                if (step == 0) how = ADD;
            }
    }
}
