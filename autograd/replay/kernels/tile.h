/* Tiles: dot products of uniform weights with the same slots, at so many places, are small matrix products.

   At each place, forward, out[j] = bias[j] + sum over k of w[j][k] * x[k]; backward, x's gradient is the same with w
   transposed, and w[j][k]'s is the sum of out[j]'s gradient times x[k], over lanes and places. With many rows, vectors
   are the lanes of a slot; with one row they are the slots of a place.

   Scratch, where K' is K in whole vectors, and planning/encoding.py says how much there must be:
   - forward: J biases, J * K packed weights; with one row then x T * K', results T * J, padded weights J * K'
   - backward: J * K packed weights or their gradients, in whole vectors; then
     with many rows x turned to rows L * K', sums J * K';
     with one row results' gradients T * J, x T * K', sums J * K' */

#pragma once
#include "operands.h"
#include "product.h"

typedef struct {
    ptrdiff_t T, J, K, step; /* at T places J results of K terms; w[j][k] is w[j * step + k] */
    int has_biases;
    const int32_t *xs, *outs, *ws, *bs;
    const int32_t *x_values, *out_values, *x_gradients, *out_gradients; /* their places, with many rows */
    const double *w;
} tile;

/* Scattered weights are packed before use, and their gradients unpacked after. */
INLINE tile tile_of(const instruction *it, const program *p, const memory *m, double *packed) {
    tile t = {it->count, it->b, it->a, it->b_step, .xs = p->lists + it->list};
    t.outs = t.xs + t.T * t.K, t.ws = t.outs + t.T * t.J, t.bs = t.ws + t.J * t.K;
    t.x_values = p->tile_places + it->a_step, t.out_values = t.x_values + t.T * t.K;
    t.x_gradients = t.out_values + t.T * t.J, t.out_gradients = t.x_gradients + t.T * t.K;
    for (ptrdiff_t j = 0; j < t.J; j++) t.has_biases |= t.bs[j] >= 0;
    t.w = it->out < 0 ? packed : m->uniforms + it->out;
    if (it->out < 0)
        for (ptrdiff_t i = 0; i < t.J * t.K; i++) packed[i] = m->uniforms[t.ws[i]];
    return t;
}

INLINE ptrdiff_t whole_vectors(ptrdiff_t n) { return (n + WIDTH - 1) / WIDTH * WIDTH; }

INLINE int are_consecutive(const int32_t *slots, ptrdiff_t n) {
    int32_t gaps = 0;
    for (ptrdiff_t i = 1; i < n; i++) gaps |= slots[i] - slots[0] - (int32_t)i;
    return !gaps;
}

/* totals[j * t_j + k] += sum over n of y[j * y_j + n * y_n] * rows[n * row + k], for k < K; a row is K numbers, and
   what is missing to whole vectors. `sums` has room for J rows. */
static void totals_of_rows(ptrdiff_t J, ptrdiff_t K, ptrdiff_t N, const double *y, ptrdiff_t y_j, ptrdiff_t y_n,
                           const double *rows, ptrdiff_t row, double *totals, ptrdiff_t t_j, double *sums) {
    if (K % WIDTH == 0) {
        product(J, N, y, y_j, y_n, NULL, rows, NULL, row, totals, NULL, t_j, K, ADD);
        return;
    }
    const ptrdiff_t whole = whole_vectors(K);
    product(J, N, y, y_j, y_n, NULL, rows, NULL, row, sums, NULL, whole, whole, STORE);
    for (ptrdiff_t j = 0; j < J; j++)
        for (ptrdiff_t k = 0; k < K; k++) totals[j * t_j + k] += sums[j * whole + k];
}

/* Many rows */

/* The sum over lanes of each result's gradient, to the totals of biases: `count` <= WIDTH results. */
static void totals_of_biases(const memory *m, ptrdiff_t count, const int32_t *outs, const int32_t *bs) {
    const ptrdiff_t L = m->lanes;
    vector sums[WIDTH];
    for (ptrdiff_t i = 0; i < WIDTH; i++) {
        sums[i] = SPLAT(0.0);
        if (i < count)
            for (const double *y = m->values + outs[i] * L, *end = y + L; y < end; y += WIDTH) sums[i] += LOAD(y);
    }
    double each[WIDTH];
    const vector total = sums_of(sums);
    memcpy(each, &total, sizeof total);
    for (ptrdiff_t i = 0; i < count; i++)
        if (bs[i] >= 0) m->totals[bs[i]] += each[i];
}

static void lanes_forward(const tile *t, const memory *m, const double *biases) {
    for (ptrdiff_t i = 0; i < t->T; i++)
        product(t->J, t->K, t->w, t->step, 1, biases, m->values, t->x_values + i * t->K, m->lanes, m->values,
                t->out_values + i * t->J, m->lanes, m->lanes, STORE);
}

static void lanes_backward(const tile *t, const memory *m, int how) {
    for (ptrdiff_t i = 0; i < t->T; i++)
        product(t->K, t->J, t->w, 1, t->step, NULL, m->values, t->out_gradients + i * t->J, m->lanes, m->values,
                t->x_gradients + i * t->K, m->lanes, m->lanes, how);
}

/* Gradients in lanes beyond the last row are 0, but nan where a derivative is infinite: they must not be added up. */
static void clear_other_lanes(const tile *t, const memory *m) {
    for (ptrdiff_t i = 0; m->rows < m->lanes && i < t->T * t->J; i++)
        for (ptrdiff_t lane = m->rows; lane < m->lanes; lane++) m->values[t->out_gradients[i] * m->lanes + lane] = 0;
}

#define BY_ROWS 16 /* with fewer lanes than this for each result, gradients of weights are products of rows */

/* Where sums over few lanes would cost more than the products, those of consecutive slots are taken from rows: the
   batch's, or x turned to rows. */
static void lanes_totals(const tile *t, const memory *m, double *totals, double *scratch) {
    const ptrdiff_t J = t->J, K = t->K, L = m->lanes, whole = whole_vectors(K);
    double *rows = scratch, *sums = rows + L * whole;
    for (ptrdiff_t i = 0; i < t->T; i++) {
        const int32_t *xs = t->x_values + i * K, *outs = t->out_gradients + i * J;
        const double *x = m->values + xs[0] * L, *y = m->values + outs[0] * L;
        const ptrdiff_t column = t->xs[i * K] - m->first_input;
        for (ptrdiff_t j = 0; t->has_biases && j < J; j += WIDTH)
            totals_of_biases(m, J - j < WIDTH ? J - j : WIDTH, outs + j, t->bs + j);
        if (J * BY_ROWS > L && K >= WIDTH && are_consecutive(xs, K) && are_consecutive(outs, J)) {
            if (K % WIDTH == 0 && column >= 0 && column + K <= m->inputs) {
                totals_of_rows(J, K, m->rows, y, L, 1, m->batch + column, m->row_length, totals, t->step, sums);
                continue;
            }
            for (ptrdiff_t k = 0; k < whole; k += WIDTH)
                for (ptrdiff_t lane = 0; lane < L; lane += WIDTH)
                    transpose(x + k * L + lane, L, rows + lane * whole + k, whole);
            totals_of_rows(J, K, m->rows, y, L, 1, rows, whole, totals, t->step, sums);
        } else if (K >= WIDTH || K >= J)
            totals_of_products(J, K, m->values, outs, L, m->values, xs, L, totals, t->step, 1, L);
        else
            totals_of_products(K, J, m->values, xs, L, m->values, outs, L, totals, 1, t->step, L);
    }
}

/* One row */

/* The numbers of K slots at each place as rows of `whole` numbers, with zeros at the end: where they are, or in
   `room`. */
static const double *rows_of(ptrdiff_t T, ptrdiff_t K, const double *numbers, const int32_t *slots, ptrdiff_t whole,
                             double *room) {
    if (K == whole && are_consecutive(slots, T * K)) return numbers + slots[0];
    for (double *to = room; T--; slots += K, to += whole) {
        for (ptrdiff_t k = 0; k < K; k++) to[k] = numbers[slots[k]];
        for (ptrdiff_t k = K; k < whole; k++) to[k] = 0;
    }
    return room;
}

static void row_forward(const tile *t, const memory *m, const double *biases, double *scratch) {
    const ptrdiff_t T = t->T, J = t->J, K = t->K, whole = whole_vectors(K);
    double *results = scratch + T * whole, *padded = results + T * J;
    const double *x = rows_of(T, K, m->values, t->xs, whole, scratch), *w = t->w;
    ptrdiff_t step = t->step;
    if (K < whole) {
        for (ptrdiff_t j = 0; j < J; j++)
            for (ptrdiff_t k = 0; k < whole; k++) padded[j * whole + k] = k < K ? w[j * step + k] : 0;
        w = padded, step = whole;
    }
    const int in_place = are_consecutive(t->outs, T * J);
    double *out = in_place ? m->values + t->outs[0] : results;
    for (ptrdiff_t i = 0; i < T; i++) memcpy(out + i * J, biases, J * sizeof *out);
    if (J >= T)
        totals_of_products(T, J, x, NULL, whole, w, NULL, step, out, J, 1, whole);
    else
        totals_of_products(J, T, w, NULL, step, x, NULL, whole, out, 1, J, whole);
    if (!in_place)
        for (ptrdiff_t i = 0; i < T * J; i++) m->values[t->outs[i]] = out[i];
}

static void row_backward(const tile *t, const memory *m, int how, double *scratch) {
    const ptrdiff_t T = t->T, J = t->J, K = t->K, whole = whole_vectors(K);
    const double *y = rows_of(T, J, m->gradients, t->outs, J, scratch);
    if (K == whole && are_consecutive(t->xs, T * K)) {
        product(T, J, y, J, 1, NULL, t->w, NULL, t->step, m->gradients + t->xs[0], NULL, whole, whole, how);
        return;
    }
    double *x = scratch + T * J;
    product(T, J, y, J, 1, NULL, t->w, NULL, t->step, x, NULL, whole, whole, STORE);
    for (ptrdiff_t i = 0; i < T; i++)
        for (ptrdiff_t k = 0; k < K; k++) number_gets(m, t->xs[i * K + k], how, x[i * whole + k]);
}

static void row_totals(const tile *t, const memory *m, double *totals, double *scratch) {
    const ptrdiff_t T = t->T, J = t->J, K = t->K, whole = whole_vectors(K);
    double *room = scratch + T * J, *sums = room + T * whole;
    const double *y = rows_of(T, J, m->gradients, t->outs, J, scratch);
    const double *x = rows_of(T, K, m->values, t->xs, whole, room);
    totals_of_rows(J, K, T, y, 1, J, x, whole, totals, t->step, sums);
    for (ptrdiff_t i = 0; i < T; i++)
        for (ptrdiff_t j = 0; j < J; j++)
            if (t->bs[j] >= 0) m->totals[t->bs[j]] += y[i * J + j];
}

static void tile_forward(const instruction *it, const program *p, const memory *m) {
    double *biases = m->scratch, *packed = biases + it->b;
    const tile t = tile_of(it, p, m, packed);
    for (ptrdiff_t j = 0; j < t.J; j++) biases[j] = t.bs[j] < 0 ? 0.0 : m->uniforms[t.bs[j]];
    if (m->lanes == 1) row_forward(&t, m, biases, packed + t.J * t.K);
    else lanes_forward(&t, m, biases);
}

static void tile_backward(const instruction *it, const program *p, const memory *m) {
    if (it->a_gradient == NO_GRADIENT && it->b_gradient == NO_GRADIENT) return;
    double *packed = m->scratch;
    const tile t = tile_of(it, p, m, packed);
    double *scratch = packed + whole_vectors(t.J * t.K);
    clear_other_lanes(&t, m);
    if (it->a_gradient != NO_GRADIENT) {
        if (m->lanes == 1) row_backward(&t, m, it->a_gradient, scratch);
        else lanes_backward(&t, m, it->a_gradient);
    }
    if (it->b_gradient == NO_GRADIENT) return;
    double *totals = it->out < 0 ? packed : m->totals + it->out;
    if (it->out < 0) memset(totals, 0, t.J * t.K * sizeof *totals);
    if (m->lanes == 1) row_totals(&t, m, totals, scratch);
    else lanes_totals(&t, m, totals, scratch);
    if (it->out < 0)
        for (ptrdiff_t i = 0; i < t.J * t.K; i++) m->totals[t.ws[i]] += totals[i];
}

/* The numbers of `rows_here` rows into consecutive lane slots, one for each of `columns`; lanes beyond repeat the last
   row. */
static void load(double *slots, ptrdiff_t L, const double *rows, ptrdiff_t row_length, ptrdiff_t columns,
                 ptrdiff_t rows_here) {
    const ptrdiff_t in_blocks = columns < WIDTH ? 0 : rows_here / WIDTH * WIDTH;
    for (ptrdiff_t row = 0; row < in_blocks; row += WIDTH)
        for (ptrdiff_t c = 0; c < columns; c += WIDTH) { /* the last block may overlap the one before */
            const ptrdiff_t first = c + WIDTH <= columns ? c : columns - WIDTH;
            transpose(rows + row * row_length + first, row_length, slots + first * L + row, L);
        }
    if (row_length == 1)
        memcpy(slots, rows, rows_here * sizeof *slots);
    else if (in_blocks < rows_here)
        for (ptrdiff_t c = 0; c < columns; c++)
            for (ptrdiff_t i = in_blocks; i < rows_here; i++) slots[c * L + i] = rows[i * row_length + c];
    if (rows_here < L)
        for (double *slot = slots; slot < slots + columns * L; slot += L)
            for (ptrdiff_t i = rows_here; i < L; i++) slot[i] = slot[rows_here - 1];
}
