/* Tiles: dot products of uniform weights with the same slots are a small matrix product, blocked for the registers.

   Forward, out[j] = bias[j] + sum over k of w[j][k] * x[k]; backward, x's gradient is the same with w transposed, and
   w[j][k]'s is the sum over lanes of out[j]'s gradient times x[k]. */

#if WIDTH > 1
typedef double vector __attribute__((vector_size(8 * WIDTH)));
#define SPLAT(x) ((x) - (vector){0})
#else
typedef double vector;
#define SPLAT(x) (x)
#endif

#define LOAD(pointer) (*(const vector *)(pointer))

/* J results of V vectors of lanes each, added up in registers over K terms. The result j is at out + outs[j] * L, the term
   k at in + ins[k] * L; its weight is w[j * w_j + k * w_k]. `how` STORE: results start from `start` (if not NULL); ADD: from
   what stands there. */
INLINE void block_of_product(const int J, const int V, ptrdiff_t K, const double *w, ptrdiff_t w_j, ptrdiff_t w_k,
                             const double *start, const double *in, const int32_t *ins, double *out,
                             const int32_t *outs, ptrdiff_t L, int how) {
    vector sums[8][8];
    for (int j = 0; j < J; j++)
        for (int v = 0; v < V; v++)
            sums[j][v] = how == ADD ? LOAD(out + outs[j] * L + v * WIDTH) : SPLAT(start ? start[j] : 0.0);
    for (ptrdiff_t k = 0; k < K; k++) {
        const double *x = in + ins[k] * L, *weights = w + k * w_k;
        vector lanes[8];
        for (int v = 0; v < V; v++) lanes[v] = LOAD(x + v * WIDTH);
        for (int j = 0; j < J; j++) {
            const vector weight = SPLAT(weights[j * w_j]);
            for (int v = 0; v < V; v++) sums[j][v] += weight * lanes[v];
        }
    }
    for (int j = 0; j < J; j++)
        for (int v = 0; v < V; v++) *(vector *)(out + outs[j] * L + v * WIDTH) = sums[j][v];
}

/* All lanes of J results: V vectors at a time, then one at a time. */
INLINE void rows_of_product(const int J, const int V, ptrdiff_t K, const double *w, ptrdiff_t w_j, ptrdiff_t w_k,
                            const double *start, const double *in, const int32_t *ins, double *out,
                            const int32_t *outs, ptrdiff_t L, int how) {
    ptrdiff_t lane = 0;
    for (; lane + V * WIDTH <= L; lane += V * WIDTH)
        block_of_product(J, V, K, w, w_j, w_k, start, in + lane, ins, out + lane, outs, L, how);
    for (; lane < L; lane += WIDTH)
        block_of_product(J, 1, K, w, w_j, w_k, start, in + lane, ins, out + lane, outs, L, how);
}

#if WIDTH == 8
#define MOST 8 /* results at a time: MOST * 2 sums fit in the registers */
#else
#define MOST 4
#endif

static void product(ptrdiff_t J, ptrdiff_t K, const double *w, ptrdiff_t w_j, ptrdiff_t w_k, const double *start,
                    const double *in, const int32_t *ins, double *out, const int32_t *outs, ptrdiff_t L, int how) {
#define ROWS(N, V)                                                                          \
    for (; J - j >= (N); j += (N))                                                          \
        rows_of_product(N, V, K, w + j * w_j, w_j, w_k, start ? start + j : NULL, in, ins, out, outs + j, L, how)
    ptrdiff_t j = 0;
    ROWS(MOST, 2);
    ROWS(4, MOST / 2);
    ROWS(2, MOST / 2);
    ROWS(1, MOST / 2);
#undef ROWS
}

/* The sums of WIDTH vectors, as one vector. */
INLINE vector sums_of(const vector *x) {
#if WIDTH == 8
#define FOLD(a, b, ...) (__builtin_shufflevector(a, b, __VA_ARGS__))
    vector pairs[4], fours[2];
    for (int i = 0; i < 4; i++)
        pairs[i] = FOLD(x[2 * i], x[2 * i + 1], 0, 8, 2, 10, 4, 12, 6, 14) + FOLD(x[2 * i], x[2 * i + 1], 1, 9, 3, 11, 5, 13, 7, 15);
    for (int i = 0; i < 2; i++)
        fours[i] = FOLD(pairs[2 * i], pairs[2 * i + 1], 0, 1, 8, 9, 4, 5, 12, 13) + FOLD(pairs[2 * i], pairs[2 * i + 1], 2, 3, 10, 11, 6, 7, 14, 15);
    return FOLD(fours[0], fours[1], 0, 1, 2, 3, 8, 9, 10, 11) + FOLD(fours[0], fours[1], 4, 5, 6, 7, 12, 13, 14, 15);
#elif WIDTH == 4
#define FOLD(a, b, ...) (__builtin_shufflevector(a, b, __VA_ARGS__))
    vector pairs[2];
    for (int i = 0; i < 2; i++)
        pairs[i] = FOLD(x[2 * i], x[2 * i + 1], 0, 4, 2, 6) + FOLD(x[2 * i], x[2 * i + 1], 1, 5, 3, 7);
    return FOLD(pairs[0], pairs[1], 0, 1, 4, 5) + FOLD(pairs[0], pairs[1], 2, 3, 6, 7);
#elif WIDTH == 2
    return (vector){x[0][0] + x[0][1], x[1][0] + x[1][1]};
#else
    return x[0];
#endif
}

/* totals[p * t_p + q * t_q] += sum over lanes of y[p] * x[q], for P results and Q <= WIDTH; x = NULL stands for ones. */
INLINE void block_of_totals(const int P, ptrdiff_t Q, const double *y, const int32_t *ys, const double *x,
                            const int32_t *xs, double *totals, ptrdiff_t t_p, ptrdiff_t t_q, ptrdiff_t L) {
    const double *rows[WIDTH];
    for (int q = 0; q < WIDTH; q++) rows[q] = x + xs[q < Q ? q : Q - 1] * L;
    vector sums[2][WIDTH] = {0};
    for (ptrdiff_t lane = 0; lane < L; lane += WIDTH) {
        vector left[2];
        for (int p = 0; p < P; p++) left[p] = LOAD(y + ys[p] * L + lane);
        for (int q = 0; q < WIDTH; q++) {
            const vector right = LOAD(rows[q] + lane);
            for (int p = 0; p < P; p++) sums[p][q] += left[p] * right;
        }
    }
    for (int p = 0; p < P; p++) {
        const vector total = sums_of(sums[p]);
        double each[WIDTH];
        memcpy(each, &total, sizeof each);
        for (ptrdiff_t q = 0; q < Q; q++) totals[p * t_p + q * t_q] += each[q];
    }
}

static void totals_of_products(ptrdiff_t P, ptrdiff_t Q, const double *y, const int32_t *ys, const double *x,
                               const int32_t *xs, double *totals, ptrdiff_t t_p, ptrdiff_t t_q, ptrdiff_t L) {
    for (ptrdiff_t q = 0; q < Q; q += WIDTH) {
        const ptrdiff_t some = Q - q < WIDTH ? Q - q : WIDTH;
        ptrdiff_t p = 0;
        for (; p + 2 <= P; p += 2)
            block_of_totals(2, some, y, ys + p, x, xs + q, totals + p * t_p + q * t_q, t_p, t_q, L);
        if (p < P) block_of_totals(1, some, y, ys + p, x, xs + q, totals + p * t_p + q * t_q, t_p, t_q, L);
    }
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
    product(J, K, w, K, 1, biases, m->values, xs, m->values, outs, m->lanes, STORE);
}

static void tile_backward(const instruction *it, const program *p, const memory *m) {
    const ptrdiff_t K = it->a, J = it->b, L = m->lanes;
    const int32_t *xs = p->lists + it->list, *outs = xs + K, *ws = outs + J, *bs = ws + J * K;
    double *packed = m->scratch + 2 * L;
    if (it->a_gradient != NO_GRADIENT) {
        if (it->out < 0)
            for (ptrdiff_t i = 0; i < J * K; i++) packed[i] = m->uniforms[ws[i]];
        const double *w = it->out < 0 ? packed : m->uniforms + it->out;
        product(K, J, w, 1, K, NULL, m->gradients, outs, m->gradients, xs, L, it->a_gradient);
    }
    if (it->b_gradient == NO_GRADIENT) return;
    double *totals = m->totals + it->out;
    if (it->out < 0) {
        totals = packed;
        memset(totals, 0, J * K * sizeof *totals);
    }
    if (K >= WIDTH || K >= J)
        totals_of_products(J, K, m->gradients, outs, m->values, xs, totals, K, 1, L);
    else
        totals_of_products(K, J, m->values, xs, m->gradients, outs, totals, 1, K, L);
    if (it->out < 0)
        for (ptrdiff_t i = 0; i < J * K; i++) m->totals[ws[i]] += totals[i];
    for (ptrdiff_t j = 0; j < J; j++)
        if (bs[j] >= 0) m->totals[bs[j]] += sum_over(m->gradients + outs[j] * L, L);
}
