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

/* The sum over rows of weights times numbers, which are `step` apart. */
static double weighted(const double *weights, const double *numbers, ptrdiff_t step, ptrdiff_t rows) {
    double total = 0;
    for (ptrdiff_t r = 0; r < rows; r++) total += weights[r] * numbers[r * step];
    return total;
}

static void seed_output(const tape *t, const memory *m, ptrdiff_t rows, double seed, const double *weights) {
    const int32_t output = t->outputs[0];
    if (output < 0) {
        m->totals[~output] += weights ? weighted(weights, &seed, 0, rows) : seed * (double)rows;
        return;
    }
    double *gradient = gradients_of(&t->code, m, output);
    for (ptrdiff_t i = 0; i < m->lanes; i++) gradient[i] = i >= rows ? 0.0 : weights ? seed * weights[i] : seed;
}

static double *place_for(const places *p, ptrdiff_t row, ptrdiff_t i) {
    return p->to + row * p->row_step + i * p->step;
}

static void give(const places *p, ptrdiff_t row, ptrdiff_t i, const double *numbers, ptrdiff_t lane_step,
                 ptrdiff_t rows) {
    double *to = place_for(p, row, i);
    if (to == numbers) return;
    if (p->row_step == 1 && lane_step == 1)
        memcpy(to, numbers, rows * sizeof *to);
    else
        for (ptrdiff_t r = 0; r < rows; r++) to[r * p->row_step] = numbers[r * lane_step];
}

/* Where a lane slot that may be the caller's is for this block: there, if so and in whole vectors, or in its place. */
static void settle(const program *p, memory *m, int32_t slot, double *callers, int is_callers) {
    if (m->lanes > 1 && p->alone[slot])
        m->at[slot] = is_callers && m->rows == m->lanes ? callers : m->values + p->value_at[slot] * m->lanes;
}

/* Put the inputs of m->rows rows where the code reads them. */
static void load_rows(const task *what, memory *m, ptrdiff_t row) {
    const tape *t = what->t;
    for (const int32_t *run = t->inputs, *end = run + 4 * t->input_runs; run < end; run += 4) {
        const table *from = what->inputs + run[1];
        const double *batch = from->rows + row * from->length + run[2];
        for (ptrdiff_t c = 0; c < run[3]; c++)
            settle(&t->code, m, run[0] + (int32_t)c, (double *)batch, from->length == 1);
        double *slots = values_of(m, run[0]);
        if (slots != batch) what->k->load(slots, m->lanes, batch, from->length, run[3], m->rows);
        if (run == t->inputs || run[3] > m->inputs) {
            m->batch = batch, m->row_length = from->length;
            m->first_input = run[0], m->inputs = run[3];
        }
    }
}

static double replay_rows(const task *what, memory *m, ptrdiff_t first, ptrdiff_t last) {
    const tape *t = what->t;
    const kernels *k = what->k;
    const double *weights = what->weights;
    double total = 0;
    const ptrdiff_t blocks = (last - first + m->lanes - 1) / m->lanes, most = m->lanes;
    ptrdiff_t placed = 0; /* for so many lanes are slots at their places */
    for (ptrdiff_t row = first, block = blocks; row < last; block--) {
        const ptrdiff_t vectors = (last - row + 8 * block - 1) / (8 * block) * 8;
        const ptrdiff_t rows = m->rows = last - row < vectors ? last - row : vectors;
        const ptrdiff_t L = m->lanes = rows == 1 ? 1 : vectors;
        for (ptrdiff_t s = 0; L > 1 && L != placed && s < m->slots; s++) m->at[s] = m->values + t->code.value_at[s] * L;
        placed = L;
        load_rows(what, m, row);
        for (ptrdiff_t o = 0; what->outputs.to && o < t->output_count; o++)
            if (t->outputs[o] >= t->input_slots)
                settle(&t->code, m, t->outputs[o], place_for(&what->outputs, row, o), what->outputs.row_step == 1);
        k->forward(&t->code, m);
        for (ptrdiff_t o = 0; o < t->output_count; o++) {
            const int32_t slot = t->outputs[o];
            const double *value = slot < 0 ? m->uniforms + ~slot : values_of(m, slot);
            const ptrdiff_t lane_step = slot >= 0;
            if (what->outputs.to)
                give(&what->outputs, row, o, value, lane_step, rows);
            else if (weights)
                total += weighted(weights + row, value, lane_step, rows);
            else
                total += lane_step ? k->sum(value, rows) : *value * (double)rows;
        }
        if (what->seed != 0) {
            for (ptrdiff_t i = 0; i < t->cleared_count; i++)
                memset(gradients_of(&t->code, m, t->cleared[i]), 0, L * sizeof(double));
            seed_output(t, m, rows, what->seed, weights ? weights + row : NULL);
            k->backward(&t->code, m);
        }
        if (what->input_gradients.to)
            for (const int32_t *run = t->inputs, *end = run + 4 * t->input_runs; run < end; run += 4)
                for (ptrdiff_t c = 0; c < run[3]; c++)
                    give(&what->input_gradients, row, what->inputs[run[1]].first + run[2] + c,
                         gradients_of(&t->code, m, run[0] + c), 1, rows);
        row += rows;
    }
    m->lanes = most;
    return total;
}

typedef struct {
    const task *what;
    memory *memories;
    int pieces;
} division;

/* Where piece i begins: all but the last have whole vectors of rows. */
static ptrdiff_t beginning(const division *d, int i) {
    return i < d->pieces ? d->what->rows / 8 * i / d->pieces * 8 : d->what->rows;
}

static void replay_piece(void *of, int i) {
    const division *d = of;
    memory *m = d->memories + i;
    memset(m->totals, 0, d->what->t->uniforms * sizeof(double));
    m->sum = replay_rows(d->what, m, beginning(d, i), beginning(d, i + 1));
}

double replay_all(const task *what, memory *memories, int pieces, worker *crew) {
    memory *m = memories;
    const memory uniform = {
        .values = m->uniforms, .gradients = m->totals, .scratch = m->scratch, .lanes = 1, .rows = 1};
    if (what->t->uniform_code.length) what->k->forward(&what->t->uniform_code, &uniform);
    division d = {what, memories, pieces};
    together(crew, replay_piece, &d, pieces);
    for (int i = 1; i < pieces; i++) {
        m->sum += memories[i].sum;
        for (ptrdiff_t u = 0; what->seed != 0 && u < what->t->uniforms; u++) m->totals[u] += memories[i].totals[u];
    }
    if (what->seed != 0 && what->t->uniform_code.length) what->k->backward(&what->t->uniform_code, &uniform);
    return m->sum;
}
