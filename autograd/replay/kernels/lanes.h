/* Lanes in loops and vectors: WIDTH doubles to a vector. */

#pragma once

#if defined(__GNUC__)
#define INLINE static inline __attribute__((always_inline))
#define NOINLINE __attribute__((noinline))
#else
#define INLINE static inline
#define NOINLINE
#endif

#if defined(__clang__)
#define INDEPENDENT _Pragma("clang loop vectorize(assume_safety)")
#elif defined(__GNUC__)
#define INDEPENDENT _Pragma("GCC ivdep")
#else
#define INDEPENDENT
#endif

/* What is added to `total` may be added in any order. */
#define SUMMED _Pragma("omp simd reduction(+ : total)")

#if WIDTH > 1
typedef double vector __attribute__((vector_size(8 * WIDTH)));
typedef double unaligned __attribute__((vector_size(8 * WIDTH), aligned(8)));
#define SPLAT(x) ((x) - (vector){0})
#else
typedef double vector, unaligned;
#define SPLAT(x) (x)
#endif

#define LOAD(pointer) (*(const unaligned *)(pointer))
