/* Tiles: dot products of uniform weights with the same slots are a small matrix product, blocked for the registers.

   Forward, out[j] = bias[j] + sum over k of w[j][k] * x[k]; backward, x's gradient is the same with w transposed, and
   w[j][k]'s is the sum over lanes of out[j]'s gradient times x[k]. */

#if WIDTH > 1
typedef double vector __attribute__((vector_size(8 * WIDTH)));
typedef double unaligned __attribute__((vector_size(8 * WIDTH), aligned(8)));
#define SPLAT(x) ((x) - (vector){0})
#else
typedef double vector, unaligned;
#define SPLAT(x) (x)
#endif

#define LOAD(pointer) (*(const vector *)(pointer))

/* J results of V vectors of lanes each, added up in registers over K terms. The result j is at out + (outs ? outs[j] : j) * out_step,
   the term k at in + (ins ? ins[k] : k) * in_step; its weight is w[j * w_j + k * w_k]. `how` STORE: results start from `start` (if
   not NULL); ADD: from what stands there. */
INLINE void block_of_product(const int J, const int V, ptrdiff_t K, const double *w, ptrdiff_t w_j, ptrdiff_t w_k,
                             const double *start, const double *in, const int32_t *ins, ptrdiff_t in_step, double *out,
                             const int32_t *outs, ptrdiff_t out_step, int how) {
#define RESULT(j, v) ((unaligned *)(out + (outs ? outs[j] : j) * out_step + v * WIDTH))
    vector sums[8][8];
    for (int j = 0; j < J; j++)
        for (int v = 0; v < V; v++)
            sums[j][v] = how == ADD ? *RESULT(j, v) : SPLAT(start ? start[j] : 0.0);
    for (ptrdiff_t k = 0; k < K; k++) {
        const double *x = in + (ins ? ins[k] : k) * in_step, *weights = w + k * w_k;
        vector lanes[8];
        for (int v = 0; v < V; v++) lanes[v] = *(const unaligned *)(x + v * WIDTH);
        for (int j = 0; j < J; j++) {
            const vector weight = SPLAT(weights[j * w_j]);
            for (int v = 0; v < V; v++) sums[j][v] += weight * lanes[v];
        }
    }
    for (int j = 0; j < J; j++)
        for (int v = 0; v < V; v++) *RESULT(j, v) = sums[j][v];
#undef RESULT
}

/* All L lanes of J results: V vectors at a time, then one at a time. */
INLINE void rows_of_product(const int J, const int V, ptrdiff_t K, const double *w, ptrdiff_t w_j, ptrdiff_t w_k,
                            const double *start, const double *in, const int32_t *ins, ptrdiff_t in_step, double *out,
                            const int32_t *outs, ptrdiff_t out_step, ptrdiff_t L, int how) {
    ptrdiff_t lane = 0;
    for (; lane + V * WIDTH <= L; lane += V * WIDTH)
        block_of_product(J, V, K, w, w_j, w_k, start, in + lane, ins, in_step, out + lane, outs, out_step, how);
    for (; lane < L; lane += WIDTH)
        block_of_product(J, 1, K, w, w_j, w_k, start, in + lane, ins, in_step, out + lane, outs, out_step, how);
}

#if WIDTH == 8
#define MOST 8 /* results at a time: MOST * 2 sums fit in the registers */
#else
#define MOST 4
#endif

static void product(ptrdiff_t J, ptrdiff_t K, const double *w, ptrdiff_t w_j, ptrdiff_t w_k, const double *start,
                    const double *in, const int32_t *ins, ptrdiff_t in_step, double *out, const int32_t *outs,
                    ptrdiff_t out_step, ptrdiff_t L, int how) {
#define ROWS(N, V)                                                                                  \
    for (; J - j >= (N); j += (N))                                                                  \
        rows_of_product(N, V, K, w + j * w_j, w_j, w_k, start ? start + j : NULL, in, ins, in_step, \
                        outs ? out : out + j * out_step, outs ? outs + j : NULL, out_step, L, how)
    ptrdiff_t j = 0;
    ROWS(MOST, 2);
    ROWS(4, MOST / 2);
    ROWS(2, MOST / 2);
    ROWS(1, MOST / 2);
#undef ROWS
}

/* Three steps take WIDTH vectors apart and put them together as columns: pairs, then fours, then eights. */
#if defined(__clang__)
#define SHUFFLED __builtin_shufflevector
#elif defined(__GNUC__) /* which has the same only from version 12 on */
typedef int64_t order __attribute__((vector_size(8 * WIDTH)));
#define SHUFFLED(a, b, ...) __builtin_shuffle(a, b, (order){__VA_ARGS__})
#endif
#if WIDTH == 8
#define PAIRS(a, b, o) SHUFFLED(a, b, 0 + o, 8 + o, 2 + o, 10 + o, 4 + o, 12 + o, 6 + o, 14 + o)
#define FOURS(a, b, o) SHUFFLED(a, b, 0 + o, 1 + o, 8 + o, 9 + o, 4 + o, 5 + o, 12 + o, 13 + o)
#define EIGHTS(a, b, o) SHUFFLED(a, b, 0 + o, 1 + o, 2 + o, 3 + o, 8 + o, 9 + o, 10 + o, 11 + o)
#elif WIDTH == 4
#define PAIRS(a, b, o) SHUFFLED(a, b, 0 + o, 4 + o, 2 + o, 6 + o)
#define FOURS(a, b, o) SHUFFLED(a, b, 0 + o, 1 + o, 4 + o, 5 + o)
#elif WIDTH == 2
#define PAIRS(a, b, o) ((vector){a[o], b[o]})
#endif

/* The sum of each of WIDTH vectors, as one vector. */
INLINE vector sums_of(const vector *x) {
#if WIDTH == 1
    return x[0];
#else
    vector pairs[WIDTH / 2];
    for (int i = 0; i < WIDTH / 2; i++) pairs[i] = PAIRS(x[2 * i], x[2 * i + 1], 0) + PAIRS(x[2 * i], x[2 * i + 1], 1);
#if WIDTH == 2
    return pairs[0];
#else
    vector fours[WIDTH / 4];
    for (int i = 0; i < WIDTH / 4; i++)
        fours[i] = FOURS(pairs[2 * i], pairs[2 * i + 1], 0) + FOURS(pairs[2 * i], pairs[2 * i + 1], 2);
#if WIDTH == 4
    return fours[0];
#else
    return EIGHTS(fours[0], fours[1], 0) + EIGHTS(fours[0], fours[1], 4);
#endif
#endif
#endif
}

/* WIDTH rows of WIDTH numbers become columns. */
#if WIDTH == 8
INLINE void transpose(const double *from, ptrdiff_t from_row, double *to, ptrdiff_t to_row) {
    vector x[8], y[8];
    for (int i = 0; i < 8; i++) x[i] = *(const unaligned *)(from + i * from_row);
    for (int i = 0; i < 8; i += 2) y[i] = PAIRS(x[i], x[i + 1], 0), y[i + 1] = PAIRS(x[i], x[i + 1], 1);
    for (int i = 0; i < 8; i += 4)
        for (int k = 0; k < 2; k++)
            x[i + k] = FOURS(y[i + k], y[i + k + 2], 0), x[i + k + 2] = FOURS(y[i + k], y[i + k + 2], 2);
    for (int i = 0; i < 4; i++) {
        *(vector *)(to + i * to_row) = EIGHTS(x[i], x[i + 4], 0);
        *(vector *)(to + (i + 4) * to_row) = EIGHTS(x[i], x[i + 4], 4);
    }
}
#elif WIDTH == 4
INLINE void transpose(const double *from, ptrdiff_t from_row, double *to, ptrdiff_t to_row) {
    vector x[4], y[4];
    for (int i = 0; i < 4; i++) x[i] = *(const unaligned *)(from + i * from_row);
    for (int i = 0; i < 4; i += 2) y[i] = PAIRS(x[i], x[i + 1], 0), y[i + 1] = PAIRS(x[i], x[i + 1], 1);
    for (int i = 0; i < 2; i++) {
        *(vector *)(to + i * to_row) = FOURS(y[i], y[i + 2], 0);
        *(vector *)(to + (i + 2) * to_row) = FOURS(y[i], y[i + 2], 2);
    }
}
#else
INLINE void transpose(const double *from, ptrdiff_t from_row, double *to, ptrdiff_t to_row) {
    for (int i = 0; i < WIDTH; i++)
        for (int k = 0; k < WIDTH; k++) to[k * to_row + i] = from[i * from_row + k];
}
#endif

/* totals[p * t_p + q * t_q] += sum over lanes of y[p] * x[q], for P results and Q <= WIDTH. */
INLINE void block_of_totals(const int P, ptrdiff_t Q, const double *y, const int32_t *ys, const double *x,
                            const int32_t *xs, double *totals, ptrdiff_t t_p, ptrdiff_t t_q, ptrdiff_t L) {
    const double *rows[WIDTH];
    for (int q = 0; q < WIDTH; q++) rows[q] = x + xs[q < Q ? q : Q - 1] * L;
    vector sums[3][WIDTH] = {0};
    for (ptrdiff_t lane = 0; lane < L; lane += WIDTH) {
        vector left[3];
        for (int p = 0; p < P; p++) left[p] = LOAD(y + ys[p] * L + lane);
        for (int q = 0; q < WIDTH; q++) {
            const vector right = LOAD(rows[q] + lane);
            for (int p = 0; p < P; p++) sums[p][q] += left[p] * right;
        }
    }
    for (int p = 0; p < P; p++) {
        const vector total = sums_of(sums[p]);
        double *to = totals + p * t_p;
        if (t_q == 1 && Q == WIDTH) {
            *(unaligned *)to += total;
            continue;
        }
        double each[WIDTH];
        memcpy(each, &total, sizeof each);
        for (ptrdiff_t q = 0; q < Q; q++) to[q * t_q] += each[q];
    }
}

static void totals_of_products(ptrdiff_t P, ptrdiff_t Q, const double *y, const int32_t *ys, const double *x,
                               const int32_t *xs, double *totals, ptrdiff_t t_p, ptrdiff_t t_q, ptrdiff_t L) {
    for (ptrdiff_t q = 0; q < Q; q += WIDTH) {
        const ptrdiff_t some = Q - q < WIDTH ? Q - q : WIDTH;
        ptrdiff_t p = 0;
#define BLOCKS(N)           \
    for (; p + N <= P; p += N) \
        block_of_totals(N, some, y, ys + p, x, xs + q, totals + p * t_p + q * t_q, t_p, t_q, L)
#if WIDTH == 8
        BLOCKS(3);
#endif
        BLOCKS(2);
        BLOCKS(1);
#undef BLOCKS
    }
}

#define BY_ROWS 16 /* lanes for each result, from which on sums over lanes are better */

INLINE int are_consecutive(const int32_t *slots, ptrdiff_t n) {
    int32_t gaps = 0;
    for (ptrdiff_t i = 1; i < n; i++) gaps |= slots[i] - slots[0] - (int32_t)i;
    return !gaps;
}

/* The same for consecutive slots, where sums over few lanes would cost more than the products: with x turned to rows they
   are those of a product. `scratch` has room for (L + J) * (K rounded up to vectors) numbers. */
static void totals_by_rows(ptrdiff_t J, ptrdiff_t K, const double *y, const double *x, double *totals, ptrdiff_t t_j,
                           ptrdiff_t L, double *scratch) {
    const ptrdiff_t row = (K + WIDTH - 1) / WIDTH * WIDTH;
    double *rows = scratch, *sums = scratch + L * row;
    for (ptrdiff_t k = 0; k < row; k += WIDTH)
        for (ptrdiff_t lane = 0; lane < L; lane += WIDTH) transpose(x + k * L + lane, L, rows + lane * row + k, row);
    if (row == K) {
        product(J, L, y, L, 1, NULL, rows, NULL, row, totals, NULL, t_j, row, ADD);
        return;
    }
    product(J, L, y, L, 1, NULL, rows, NULL, row, sums, NULL, row, row, STORE);
    for (ptrdiff_t j = 0; j < J; j++)
        for (ptrdiff_t k = 0; k < K; k++) totals[j * t_j + k] += sums[j * row + k];
}

/* The sum over lanes of each result's gradient, to the totals of biases: `count` <= WIDTH results. */
static void totals_of_biases(const memory *m, ptrdiff_t count, const int32_t *outs, const int32_t *bs) {
    const ptrdiff_t L = m->lanes;
    vector sums[WIDTH] = {0};
    for (ptrdiff_t i = 0; i < count; i++)
        for (const double *y = m->gradients + outs[i] * L, *end = y + L; y < end; y += WIDTH) sums[i] += LOAD(y);
    double each[WIDTH];
    const vector total = sums_of(sums);
    memcpy(each, &total, sizeof total);
    for (ptrdiff_t i = 0; i < count; i++)
        if (bs[i] >= 0) m->totals[bs[i]] += each[i];
}

/* Scattered weights are packed before use, and their gradients unpacked after. */
static void tile_forward(const instruction *it, const program *p, const memory *m) {
    const ptrdiff_t K = it->a, J = it->b;
    const int32_t *xs = p->lists + it->list, *outs = xs + K, *ws = outs + J, *bs = ws + J * K;
    double *biases = m->scratch + 2 * m->lanes, *packed = biases + J;
    for (ptrdiff_t j = 0; j < J; j++) biases[j] = bs[j] < 0 ? 0.0 : m->uniforms[bs[j]];
    if (it->out < 0)
        for (ptrdiff_t i = 0; i < J * K; i++) packed[i] = m->uniforms[ws[i]];
    const double *w = it->out < 0 ? packed : m->uniforms + it->out;
    product(J, K, w, it->b_step, 1, biases, m->values, xs, m->lanes, m->values, outs, m->lanes, m->lanes, STORE);
}

static void tile_backward(const instruction *it, const program *p, const memory *m) {
    const ptrdiff_t K = it->a, J = it->b, L = m->lanes, row = (K + WIDTH - 1) / WIDTH * WIDTH;
    const int32_t *xs = p->lists + it->list, *outs = xs + K, *ws = outs + J, *bs = ws + J * K;
    double *scratch = m->scratch + 2 * L, *packed = scratch + (L + J) * row;
    if (it->a_gradient != NO_GRADIENT) {
        if (it->out < 0)
            for (ptrdiff_t i = 0; i < J * K; i++) packed[i] = m->uniforms[ws[i]];
        const double *w = it->out < 0 ? packed : m->uniforms + it->out;
        product(K, J, w, 1, it->b_step, NULL, m->gradients, outs, L, m->gradients, xs, L, L, it->a_gradient);
    }
    if (it->b_gradient == NO_GRADIENT) return;
    double *totals = m->totals + it->out;
    if (it->out < 0) {
        totals = packed;
        memset(totals, 0, J * K * sizeof *totals);
    }
    const double *y = m->gradients + outs[0] * L;
    if (J * BY_ROWS > L && K >= WIDTH && are_consecutive(xs, K) && are_consecutive(outs, J)) {
        const ptrdiff_t column = xs[0] - m->first_input;
        if (K % WIDTH == 0 && column >= 0 && column + K <= m->inputs) /* the batch has the rows */
            product(J, m->rows, y, L, 1, NULL, m->batch + column, NULL, m->row_length, totals, NULL, it->b_step, K, ADD);
        else
            totals_by_rows(J, K, y, m->values + xs[0] * L, totals, it->b_step, L, scratch);
    } else if (K >= WIDTH || K >= J)
        totals_of_products(J, K, m->gradients, outs, m->values, xs, totals, it->b_step, 1, L);
    else
        totals_of_products(K, J, m->values, xs, m->gradients, outs, totals, 1, it->b_step, L);
    if (it->out < 0)
        for (ptrdiff_t i = 0; i < J * K; i++) m->totals[ws[i]] += totals[i];
    for (ptrdiff_t j = 0; j < J; j += WIDTH) totals_of_biases(m, J - j < WIDTH ? J - j : WIDTH, outs + j, bs + j);
}

/* The numbers of `rows_here` rows into consecutive lane slots, one for each of `columns`; lanes beyond repeat the last row. */
static void load(double *slots, ptrdiff_t L, const double *rows, ptrdiff_t row_length, ptrdiff_t columns, ptrdiff_t rows_here) {
    const ptrdiff_t in_blocks = columns < WIDTH ? 0 : rows_here / WIDTH * WIDTH;
    for (ptrdiff_t c = 0; in_blocks && c < columns; c += WIDTH) {
        const ptrdiff_t first = c + WIDTH <= columns ? c : columns - WIDTH; /* the last block may overlap the one before */
        for (ptrdiff_t row = 0; row < in_blocks; row += WIDTH)
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
