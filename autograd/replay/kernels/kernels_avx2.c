/* The kernels for processors with AVX2 and fused multiply-add: x86-64-v3. */

#include "target.h"

#ifdef HAS_X86_64_LEVELS
TARGET("arch=x86-64-v3")
#define WIDTH 4
#include "kernels.h"
const kernels kernels_avx2 = {"avx2", forward, backward, is_finite, sum_over, load};
END_OF_TARGET
#endif
