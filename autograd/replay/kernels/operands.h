/* Where an operand's number is, where its gradient goes, and sums over lanes. */

#pragma once
#include "lanes.h"
#include "program.h"

INLINE double *value_of(const memory *m, int32_t operand) {
    return operand >= 0 ? values_of(m, operand) : m->uniforms + ~operand;
}

INLINE double *number_of(const memory *m, int32_t operand) {
    return operand >= 0 ? m->values + operand : m->uniforms + ~operand;
}

INLINE void number_gets(const memory *m, int32_t operand, int how, double gradient) {
    double *to = operand >= 0 ? m->gradients + operand : m->totals + ~operand;
    if (how != NO_GRADIENT) *to = how == ADD ? *to + gradient : gradient;
}

static NOINLINE double sum_over(const double *x, ptrdiff_t n) {
    double partial[8] = {0}, total = 0;
    ptrdiff_t i = 0;
    for (; i + 8 <= n; i += 8)
        for (int k = 0; k < 8; k++) partial[k] += x[i + k];
    for (; i < n; i++) total += x[i];
    for (int half = 4; half; half /= 2)
        for (int k = 0; k < half; k++) partial[k] += partial[k + half];
    return total + partial[0];
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
