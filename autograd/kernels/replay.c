/* Which kernels, and the rows of a batch, block by block. */

#include "replay.h"
#include "target.h"

#include <math.h>
#include <string.h>

#ifdef HAS_X86_64_LEVELS
#define HAS_AVX2 (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi2"))
#define HAS_AVX512                                                                                              \
    (HAS_AVX2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&                     \
     __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512cd"))
#endif

const kernels *kernels_for(const char *name) {
#ifdef HAS_AVX2
    __builtin_cpu_init();
    if (HAS_AVX512 && (!*name || !strcmp(name, kernels_avx512.name))) return &kernels_avx512;
    if (HAS_AVX2 && (!*name || !strcmp(name, kernels_avx2.name))) return &kernels_avx2;
#endif
    return !*name || !strcmp(name, kernels_baseline.name) ? &kernels_baseline : NULL;
}

int is_finite(const double *numbers, ptrdiff_t count) {
    double zeros[8] = {0}, total = 0;
    ptrdiff_t i = 0;
    for (; i + 8 <= count; i += 8)
        for (int k = 0; k < 8; k++) zeros[k] += 0.0 * numbers[i + k];
    for (; i < count; i++) total += 0.0 * numbers[i];
    for (int k = 0; k < 8; k++) total += zeros[k];
    return total == 0;
}

static void seed_output(const tape *t, const memory *m, ptrdiff_t rows, double seed) {
    const int32_t output = t->outputs[0];
    if (output < 0) {
        m->totals[~output] += seed * (double)rows;
        return;
    }
    double *gradient = m->gradients + output * m->lanes;
    for (ptrdiff_t i = 0; i < m->lanes; i++) gradient[i] = i < rows ? seed : 0.0;
}

double replay_rows(const tape *t, const kernels *k, memory *m, const table *inputs, ptrdiff_t first, ptrdiff_t last,
                   double *outputs, double seed, double *input_gradients, ptrdiff_t input_count) {
    double total = 0;
    const ptrdiff_t blocks = (last - first + m->lanes - 1) / m->lanes, most = m->lanes;
    for (ptrdiff_t row = first, block = blocks; row < last; block--) {
        const ptrdiff_t rows = (last - row + block - 1) / block;
        m->lanes = (rows + 7) / 8 * 8;
        for (const int32_t *run = t->inputs, *end = run + 4 * t->input_runs; run < end; run += 4) {
            const table *from = inputs + run[1];
            k->load(m->values + run[0] * m->lanes, m->lanes, from->rows + row * from->length + run[2], from->length, run[3], rows);
        }
        k->forward(&t->code, m);
        for (ptrdiff_t o = 0; o < t->output_count; o++) {
            const int32_t slot = t->outputs[o];
            const double *value = slot < 0 ? m->uniforms + ~slot : m->values + slot * m->lanes;
            const ptrdiff_t step = slot >= 0;
            if (outputs && step && t->output_count == 1)
                memcpy(outputs + row, value, rows * sizeof *outputs);
            else if (outputs)
                for (ptrdiff_t i = 0; i < rows; i++) outputs[(row + i) * t->output_count + o] = value[i * step];
            else
                for (ptrdiff_t i = 0; i < rows; i++) total += value[i * step];
        }
        if (seed != 0) {
            for (ptrdiff_t i = 0; i < t->cleared_count; i++)
                memset(m->gradients + t->cleared[i] * m->lanes, 0, m->lanes * sizeof(double));
            seed_output(t, m, rows, seed);
            k->backward(&t->code, m);
        }
        if (input_gradients)
            for (const int32_t *run = t->inputs, *end = run + 4 * t->input_runs; run < end; run += 4)
                for (ptrdiff_t c = 0; c < run[3]; c++)
                    for (ptrdiff_t i = 0; i < rows; i++)
                        input_gradients[(row + i) * input_count + inputs[run[1]].first + run[2] + c] =
                            m->gradients[(run[0] + c) * m->lanes + i];
        row += rows;
    }
    m->lanes = most;
    return total;
}
