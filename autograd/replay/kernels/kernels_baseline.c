/* The kernels for every processor that the compiler was told to compile for. */

#if defined(__GNUC__)
#define WIDTH 2
#else
#define WIDTH 1
#endif
#include "kernels.h"
const kernels kernels_baseline = {"baseline", forward, backward, is_finite, sum_over, load};
