/* The replay of a tape, for one instruction set: a file that includes this says which, with WIDTH doubles to a
   vector. */

#include "replay.h"
#include "lanes_math.h"

#if defined(__GNUC__)
#define INLINE static inline __attribute__((always_inline))
#else
#define INLINE static inline
#endif

#if defined(__clang__)
#define INDEPENDENT _Pragma("clang loop vectorize(assume_safety)")
#elif defined(__GNUC__)
#define INDEPENDENT _Pragma("GCC ivdep")
#else
#define INDEPENDENT
#endif

/* Elementwise kernels: a row of the table, over n numbers. A step is 1, or 0 for one number for all. Results may take
   the place of operands: `out` that of `a`, and `gradient` that of `upstream`. */

typedef void value_kernel(
    const double *a, ptrdiff_t a_step, const double *b, ptrdiff_t b_step, double *out, ptrdiff_t n);
typedef void partial_kernel(
    const double *a, ptrdiff_t a_step, const double *b, ptrdiff_t b_step, const double *out, const double *upstream,
    double *gradient, int how, ptrdiff_t n);

#define EACH(A_STEP, B_STEP, STATEMENT)                                     \
    INDEPENDENT for (ptrdiff_t i = 0; i < n; i++) {                         \
        const double a = A[i * (A_STEP)], b = B[i * (B_STEP)];              \
        (void)a, (void)b;                                                   \
        STATEMENT;                                                          \
    }

#define BINARY(STATEMENT)                                                   \
    if (A_step && B_step) EACH(1, 1, STATEMENT)                             \
    else if (A_step) EACH(1, 0, STATEMENT)                                  \
    else EACH(0, 1, STATEMENT)

#define UNARY(STATEMENT) EACH(1, 1, STATEMENT)

#define VALUE(NAME, LOOP, FORMULA)                                                                                     \
    static void value_##NAME(const double *A, ptrdiff_t A_step, const double *B, ptrdiff_t B_step, double *O, \
                             ptrdiff_t n) {                                                                            \
        (void)A_step, (void)B_step;                                                                                    \
        LOOP(O[i] = FORMULA)                                                                                           \
    }

#define PARTIAL(NAME, LOOP, FORMULA)                                                                                   \
    static void partial_##NAME(const double *A, ptrdiff_t A_step, const double *B, ptrdiff_t B_step, const double *O,  \
                               const double *G, double *D, int how, ptrdiff_t n) {                            \
        (void)A_step, (void)B_step, (void)O;                                                                           \
        if (how == STORE) LOOP(D[i] = G[i] * (FORMULA))                                                                \
        else LOOP(D[i] += G[i] * (FORMULA))                                                                            \
    }

/* Generated: VALUE and PARTIAL for every row, and the arrays value_kernels and partial_kernels. */
#include "table_kernels.h"

#undef VALUE
#undef PARTIAL

#define SUM ROWS_OF_TABLE
#define TILE (ROWS_OF_TABLE + 1)

#include "product.h"

INLINE double *value_of(const memory *m, int32_t operand) {
    return operand >= 0 ? m->values + operand * m->lanes : m->uniforms + ~operand;
}

static double sum_over(const double *x, ptrdiff_t n) {
    double partial[8] = {0}, total = 0;
    ptrdiff_t i = 0;
    for (; i + 8 <= n; i += 8)
        for (int k = 0; k < 8; k++) partial[k] += x[i + k];
    for (; i < n; i++) total += x[i];
    for (int k = 0; k < 8; k++) total += partial[k];
    return total;
}

/* Whether no number is infinite or not a number. */
static int is_finite(const double *numbers, ptrdiff_t count) {
    vector zeros[4] = {SPLAT(0.0), SPLAT(0.0), SPLAT(0.0), SPLAT(0.0)};
    double rest = 0;
    ptrdiff_t i = 0;
    for (; i + 4 * WIDTH <= count; i += 4 * WIDTH)
        for (int v = 0; v < 4; v++) zeros[v] += SPLAT(0.0) * LOAD(numbers + i + v * WIDTH);
    for (; i < count; i++) rest += 0.0 * numbers[i];
    const vector zero = (zeros[0] + zeros[1]) + (zeros[2] + zeros[3]);
    return rest + sum_over((const double *)&zero, WIDTH) == 0;
}

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
    return (operands){
        .a = value_of(m, it->a), .b = value_of(m, it->b),
        .a_stride = it->a_step * (a_lane ? m->lanes : 1), .b_stride = it->b_step * (b_lane ? m->lanes : 1),
        .a_step = one_row ? it->a_step : a_lane, .b_step = one_row ? it->b_step : b_lane,
        .is_one_loop = one_row || (it->a_step == a_lane && it->b_step == b_lane),
    };
}

static void elementwise_forward(const instruction *it, const memory *m) {
    const ptrdiff_t L = m->lanes;
    const operands x = operands_of(it, m);
    value_kernel *value = value_kernels[it->opcode];
    double *out = m->values + it->out * L;
    if (x.is_one_loop)
        value(x.a, x.a_step, x.b, x.b_step, out, it->count * L);
    else
        for (int32_t i = 0; i < it->count; i++)
            value(x.a + i * x.a_stride, x.a_step, x.b + i * x.b_stride, x.b_step, out + i * L, L);
}

static void operand_backward(const instruction *it, const memory *m, int which) {
    const ptrdiff_t L = m->lanes;
    const int32_t operand = which ? it->b : it->a, step = which ? it->b_step : it->a_step;
    int how = which ? it->b_gradient : it->a_gradient;
    if (how == NO_GRADIENT) return;
    const operands x = operands_of(it, m);
    partial_kernel *partial = partial_kernels[it->opcode][which];
    const double *out = m->values + it->out * L, *upstream = m->gradients + it->out * L;
    if (L == 1) {
        double *gradient = operand >= 0 ? m->gradients + operand : m->totals + ~operand;
        double *each = step ? gradient : m->scratch;
        partial(x.a, x.a_step, x.b, x.b_step, out, upstream, each, step ? how : STORE, it->count);
        if (!step) *gradient = sum_over(each, it->count) + (how == ADD ? *gradient : 0);
        return;
    }
    if (x.is_one_loop && operand >= 0) {
        partial(x.a, x.a_step, x.b, x.b_step, out, upstream, m->gradients + operand * L, how, it->count * L);
        return;
    }
    for (int32_t i = 0; i < it->count; i++) {
        double *gradient = operand >= 0 ? m->gradients + (operand + i * step) * L : m->scratch;
        partial(x.a + i * x.a_stride, x.a_step, x.b + i * x.b_stride, x.b_step, out + i * L, upstream + i * L, gradient,
                operand >= 0 ? how : STORE, L);
        if (operand < 0) m->totals[~operand + i * step] += sum_over(gradient, m->rows);
        if (step == 0) how = ADD;
    }
}

/* Sums of products: lanes that fit in registers at a time, or single numbers. */

static void number_forward(const instruction *it, const program *p, const memory *m) {
    const int32_t *list = p->lists + it->list;
    double total = 0;
    for (int32_t k = 0; k < it->a; k++, list += 4) total += *value_of(m, list[0]) * *value_of(m, list[1]);
    for (int32_t k = 0; k < it->b; k++, list += 2) total += *value_of(m, list[0]);
    m->values[it->out] = total;
}

INLINE void number_gets(const memory *m, int32_t operand, int how, double gradient) {
    double *to = operand >= 0 ? m->gradients + operand : m->totals + ~operand;
    if (how != NO_GRADIENT) *to = how == ADD ? *to + gradient : gradient;
}

static void number_backward(const instruction *it, const program *p, const memory *m) {
    const double upstream = m->gradients[it->out];
    const int32_t *list = p->lists + it->list;
    for (int32_t k = 0; k < it->a; k++, list += 4) {
        number_gets(m, list[0], list[2], upstream * *value_of(m, list[1]));
        number_gets(m, list[1], list[3], upstream * *value_of(m, list[0]));
    }
    for (int32_t k = 0; k < it->b; k++, list += 2) number_gets(m, list[0], list[1], upstream);
}

/* V vectors of lanes, added up in registers. */
INLINE void vectors_of_sum(const int V, const instruction *it, const program *p, const memory *m, ptrdiff_t lane) {
#define LANES(operand, x, v) ((operand) >= 0 ? LOAD(x + lane + v * WIDTH) : SPLAT(*x))
    const int32_t *list = p->lists + it->list;
    vector total[4];
    for (int v = 0; v < V; v++) total[v] = SPLAT(0.0);
    for (int32_t k = 0; k < it->a; k++, list += 4) {
        const double *x = value_of(m, list[0]), *y = value_of(m, list[1]);
        for (int v = 0; v < V; v++) total[v] += LANES(list[0], x, v) * LANES(list[1], y, v);
    }
    for (int32_t k = 0; k < it->b; k++, list += 2) {
        const double *x = value_of(m, list[0]);
        for (int v = 0; v < V; v++) total[v] += LANES(list[0], x, v);
    }
    double *out = m->values + it->out * m->lanes + lane;
    for (int v = 0; v < V; v++) *(vector *)(out + v * WIDTH) = total[v];
#undef LANES
}

static void sum_forward(const instruction *it, const program *p, const memory *m) {
    ptrdiff_t lane = 0;
    if (m->lanes == 1)
        number_forward(it, p, m);
    else {
        for (; lane + 4 * WIDTH <= m->lanes; lane += 4 * WIDTH) vectors_of_sum(4, it, p, m, lane);
        for (; lane < m->lanes; lane += WIDTH) vectors_of_sum(1, it, p, m, lane);
    }
}

/* The gradient upstream * y (upstream alone where y is NULL) goes to operand x. */
static void product_backward(const memory *m, int32_t x, const double *y, int y_lane, int how, const double *upstream) {
    const ptrdiff_t L = m->lanes;
    if (how == NO_GRADIENT) return;
    double *restrict gradient = x >= 0 ? m->gradients + x * L : m->scratch;
    if (x >= 0 && how == ADD) {
        if (!y) for (ptrdiff_t i = 0; i < L; i++) gradient[i] += upstream[i];
        else if (y_lane) for (ptrdiff_t i = 0; i < L; i++) gradient[i] += upstream[i] * y[i];
        else for (ptrdiff_t i = 0; i < L; i++) gradient[i] += upstream[i] * *y;
    } else {
        if (!y) for (ptrdiff_t i = 0; i < L; i++) gradient[i] = upstream[i];
        else if (y_lane) for (ptrdiff_t i = 0; i < L; i++) gradient[i] = upstream[i] * y[i];
        else for (ptrdiff_t i = 0; i < L; i++) gradient[i] = upstream[i] * *y;
    }
    if (x < 0) m->totals[~x] += sum_over(gradient, m->rows);
}

static void sum_backward(const instruction *it, const program *p, const memory *m) {
    if (m->lanes == 1) {
        number_backward(it, p, m);
        return;
    }
    const double *upstream = m->gradients + it->out * m->lanes;
    const int32_t *list = p->lists + it->list;
    for (int32_t k = 0; k < it->a; k++, list += 4) {
        product_backward(m, list[0], value_of(m, list[1]), list[1] >= 0, list[2], upstream);
        product_backward(m, list[1], value_of(m, list[0]), list[0] >= 0, list[3], upstream);
    }
    for (int32_t k = 0; k < it->b; k++, list += 2) product_backward(m, list[0], NULL, 0, list[1], upstream);
}

#include "tile.h"

static void forward(const program *p, const memory *m) {
    for (const instruction *it = p->code, *end = it + p->length; it < end; it++) {
        if (it->opcode == TILE) tile_forward(it, p, m);
        else if (it->opcode == SUM) sum_forward(it, p, m);
        else elementwise_forward(it, m);
    }
}

static void backward(const program *p, const memory *m) {
    for (const instruction *it = p->code + p->length; it-- > p->code;) {
        if (it->opcode == TILE) tile_backward(it, p, m);
        else if (it->opcode == SUM) sum_backward(it, p, m);
        else operand_backward(it, m, 0), operand_backward(it, m, 1);
    }
}
