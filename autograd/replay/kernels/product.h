/* Products of small matrices, blocked for the registers, and what they need: sums of vectors, and transposition. */

#pragma once
#include "lanes.h"
#include "program.h"

#if WIDTH == 8
#define MOST 8 /* results at a time: MOST * WIDE sums fit in the registers */
#else
#define MOST 4
#endif
#define WIDE (WIDTH >= 4 ? 3 : 2)

/* J results of V vectors of lanes each, added up in registers over K terms. Result j is at
   out + (outs ? outs[j] : j) * out_step, term k at in + (ins ? ins[k] : k) * in_step; its weight is
   w[j * w_j + k * w_k]. `how` STORE: results start from `start` (0 if NULL); ADD: from what stands there. */
INLINE void block_of_product(const int J, const int V, ptrdiff_t K, const double *w, ptrdiff_t w_j, ptrdiff_t w_k,
                             const double *start, const double *in, const int32_t *ins, ptrdiff_t in_step, double *out,
                             const int32_t *outs, ptrdiff_t out_step, int how) {
#define RESULT(j, v) ((unaligned *)(out + (outs ? outs[j] : j) * out_step + v * WIDTH))
    vector sums[MOST][4];
    for (int j = 0; j < J; j++)
        for (int v = 0; v < V; v++)
            sums[j][v] = how == ADD ? *RESULT(j, v) : SPLAT(start ? start[j] : 0.0);
    for (ptrdiff_t k = 0; k < K; k++) {
        const double *x = in + (ins ? ins[k] : k) * in_step, *weights = w + k * w_k;
        vector lanes[4];
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

/* All L lanes of J results: V vectors at a time, then two (3 + 1 would be slower than 2 + 2), then one. */
INLINE void rows_of_product(const int J, const int V, ptrdiff_t K, const double *w, ptrdiff_t w_j, ptrdiff_t w_k,
                            const double *start, const double *in, const int32_t *ins, ptrdiff_t in_step, double *out,
                            const int32_t *outs, ptrdiff_t out_step, ptrdiff_t L, int how) {
    ptrdiff_t lane = 0;
    for (; lane + V * WIDTH <= L && (V != 3 || L - lane != 4 * WIDTH); lane += V * WIDTH)
        block_of_product(J, V, K, w, w_j, w_k, start, in + lane, ins, in_step, out + lane, outs, out_step, how);
    for (; V == 3 && lane + 2 * WIDTH <= L; lane += 2 * WIDTH)
        block_of_product(J, 2, K, w, w_j, w_k, start, in + lane, ins, in_step, out + lane, outs, out_step, how);
    for (; lane < L; lane += WIDTH)
        block_of_product(J, 1, K, w, w_j, w_k, start, in + lane, ins, in_step, out + lane, outs, out_step, how);
}

enum { LARGE = 8 * 1024 }; /* so many weights are no longer in the first-level cache */

/* rows_of_product for MOST results with scattered weights, which are first put side by side, in pieces that fit the
   first-level cache (Goto and van de Geijn, Anatomy of high-performance matrix multiplication, 2008, section 4). */
static void rows_of_packed(ptrdiff_t K, const double *w, ptrdiff_t w_j, ptrdiff_t w_k, const double *start,
                           const double *in, const int32_t *ins, ptrdiff_t in_step, double *out, const int32_t *outs,
                           ptrdiff_t out_step, ptrdiff_t L, int how) {
    enum { TERMS = 256 };
    double packed[TERMS * MOST];
    for (ptrdiff_t first = 0; first < K; first += TERMS, how = ADD) {
        const ptrdiff_t terms = K - first < TERMS ? K - first : TERMS;
        for (ptrdiff_t k = 0; k < terms; k++)
            for (int j = 0; j < MOST; j++) packed[k * MOST + j] = w[(first + k) * w_k + j * w_j];
        rows_of_product(MOST, WIDE, terms, packed, 1, MOST, start, ins ? in : in + first * in_step,
                        ins ? ins + first : NULL, in_step, out, outs, out_step, L, how);
    }
}

static void product(ptrdiff_t J, ptrdiff_t K, const double *w, ptrdiff_t w_j, ptrdiff_t w_k, const double *start,
                    const double *in, const int32_t *ins, ptrdiff_t in_step, double *out, const int32_t *outs,
                    ptrdiff_t out_step, ptrdiff_t L, int how) {
#define ROWS(FUNCTION, N, ...)                                                                                     \
    for (; J - j >= (N); j += (N))                                                                                 \
        FUNCTION(__VA_ARGS__ K, w + j * w_j, w_j, w_k, start ? start + j : NULL, in, ins, in_step,                 \
                 outs ? out : out + j * out_step, outs ? outs + j : NULL, out_step, L, how)
    const int is_large = J * K >= LARGE;
    ptrdiff_t j = 0;
    if (is_large && w_k > 1 && L >= 4 * WIDTH) ROWS(rows_of_packed, MOST, );
    if (is_large) ROWS(rows_of_product, MOST, MOST, WIDE, );
    ROWS(rows_of_product, MOST, MOST, 2, );
    ROWS(rows_of_product, 4, 4, MOST / 2, );
    ROWS(rows_of_product, 2, 2, MOST / 2, );
    ROWS(rows_of_product, 1, 1, MOST / 2, );
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

/* totals[p * t_p + q * t_q] += sum over lanes of y[p] * x[q], for P results and Q <= W. The lanes of y[p] start at
   y + (ys ? ys[p] : p) * y_step, and x's likewise. */
INLINE void block_of_totals(const int P, const int W, ptrdiff_t Q, const double *y, const int32_t *ys, ptrdiff_t y_step,
                            const double *x, const int32_t *xs, ptrdiff_t x_step, double *totals, ptrdiff_t t_p,
                            ptrdiff_t t_q, ptrdiff_t L) {
    const double *rows[WIDTH];
    for (ptrdiff_t q = 0; q < W; q++) {
        const ptrdiff_t some = q < Q ? q : Q - 1;
        rows[q] = x + (xs ? xs[some] : some) * x_step;
    }
    vector sums[3][WIDTH];
    for (int p = 0; p < P; p++)
        for (int q = 0; q < WIDTH; q++) sums[p][q] = SPLAT(0.0);
    for (ptrdiff_t lane = 0; lane < L; lane += WIDTH) {
        vector left[3];
        for (int p = 0; p < P; p++) left[p] = LOAD(y + (ys ? ys[p] : p) * y_step + lane);
        for (int q = 0; q < W; q++) {
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

static void totals_of_products(ptrdiff_t P, ptrdiff_t Q, const double *y, const int32_t *ys, ptrdiff_t y_step,
                               const double *x, const int32_t *xs, ptrdiff_t x_step, double *totals, ptrdiff_t t_p,
                               ptrdiff_t t_q, ptrdiff_t L) {
    for (ptrdiff_t q = 0; q < Q; q += WIDTH) {
        const ptrdiff_t some = Q - q < WIDTH ? Q - q : WIDTH;
        ptrdiff_t p = 0;
#define BLOCKS(N, W)                                                                                                \
    for (; p + N <= P; p += N)                                                                                      \
        block_of_totals(N, W, some, ys ? y : y + p * y_step, ys ? ys + p : NULL, y_step, xs ? x : x + q * x_step,   \
                        xs ? xs + q : NULL, x_step, totals + p * t_p + q * t_q, t_p, t_q, L)
        if (some <= WIDTH / 4) BLOCKS(1, (WIDTH + 3) / 4);
#if WIDTH == 8
        BLOCKS(3, WIDTH);
#endif
        BLOCKS(2, WIDTH);
        BLOCKS(1, WIDTH);
#undef BLOCKS
    }
}
