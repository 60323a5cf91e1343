/* Sums of products: lanes that fit in registers at a time, or single numbers. */

#pragma once
#include "elementwise.h"

static void number_forward(const instruction *it, const program *p, const memory *m) {
    const int32_t *list = p->lists + it->list;
    double total = 0;
    for (int32_t k = 0; k < it->a; k++, list += 4) total += *number_of(m, list[0]) * *number_of(m, list[1]);
    for (int32_t k = 0; k < it->b; k++, list += 2) total += *number_of(m, list[0]);
    m->values[it->out] = total;
}

static void number_backward(const instruction *it, const program *p, const memory *m) {
    const double upstream = m->gradients[it->out];
    const int32_t *list = p->lists + it->list;
    for (int32_t k = 0; k < it->a; k++, list += 4) {
        number_gets(m, list[0], list[2], upstream * *number_of(m, list[1]));
        number_gets(m, list[1], list[3], upstream * *number_of(m, list[0]));
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
    double *out = values_of(m, it->out) + lane;
    for (int v = 0; v < V; v++) *(unaligned *)(out + v * WIDTH) = total[v];
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

static void sum_backward(const instruction *it, const program *p, const memory *m) {
    if (m->lanes == 1) {
        number_backward(it, p, m);
        return;
    }
    const double *upstream = gradients_of(p, m, it->out);
    const int32_t *list = p->lists + it->list;
    for (int32_t k = 0; k < it->a; k++, list += 4) {
        const double *x = value_of(m, list[0]), *y = value_of(m, list[1]);
        const int x_lane = list[0] >= 0, y_lane = list[1] >= 0;
        hand_on(p, m, share_a_of_mul, x, x_lane, y, y_lane, NULL, upstream, list[0], list[2]);
        hand_on(p, m, share_b_of_mul, x, x_lane, y, y_lane, NULL, upstream, list[1], list[3]);
    }
    for (int32_t k = 0; k < it->b; k++, list += 2)
        hand_on(p, m, share_a_of_add, upstream, 1, upstream, 1, NULL, upstream, list[0], list[1]);
}
