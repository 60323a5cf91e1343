/* The kernels for processors with AVX-512: x86-64-v4. */

#include "target.h"

#ifdef HAS_X86_64_LEVELS
#ifdef __clang__
TARGET("arch=x86-64-v4")
#else
TARGET("arch=x86-64-v4,prefer-vector-width=512")
#endif
#define WIDTH 8
#include "kernels.h"
const kernels kernels_avx512 = {"avx512", forward, backward, is_finite, sum_over, load};
END_OF_TARGET
#endif
