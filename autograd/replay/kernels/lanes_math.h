/* exp, log and their kin without branches or calls, so that a loop over lanes becomes SIMD code.

   Right at zeros, infinities, nan and subnormals; sin and cos up to NEAR. The reductions, and the polynomials of log,
   sin and cos, are those of Sun's fdlibm (e_exp.c, e_log.c, e_rem_pio2.c, k_sin.c, k_cos.c); exp's polynomial is
   Taylor's, which |r| <= log(2) / 2 makes short. */

#include <math.h>
#include <stdint.h>
#include <string.h>

#define LN2_HIGH 6.93147180369123816490e-01 /* its last 20 bits are 0, so that k * LN2_HIGH is exact */
#define LN2_LOW 1.90821492927058770002e-10
#define LOG2_E 1.44269504088896338700e+00
#define SHIFT 0x1.8p52 /* added to a small double, it leaves the nearest integer in the low bits */

static inline uint64_t bits_of(double x) {
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

static inline double from_bits(uint64_t bits) {
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

/* 2^k for an integer k from -1022 to 1023 */
static inline double power_of_2(double k) { return from_bits((bits_of(k + SHIFT) + 1023) << 52); }

static inline double nearest_integer(double x) { return (x + SHIFT) - SHIFT; }

static inline double clamped(double x, double low, double high) {
    x = x < low ? low : x; /* nan stays */
    return x > high ? high : x;
}

/* exp(r) - 1 for |r| <= log(2) / 2 */
static inline double small_expm1(double r) {
    double q = 1.0 / 6227020800;
    q = q * r + 1.0 / 479001600;
    q = q * r + 1.0 / 39916800;
    q = q * r + 1.0 / 3628800;
    q = q * r + 1.0 / 362880;
    q = q * r + 1.0 / 40320;
    q = q * r + 1.0 / 5040;
    q = q * r + 1.0 / 720;
    q = q * r + 1.0 / 120;
    q = q * r + 1.0 / 24;
    q = q * r + 1.0 / 6;
    q = q * r + 0.5;
    return q * r * r + r;
}

static inline double lane_exp(double x) {
    x = clamped(x, -746.0, 710.0);
    double k = nearest_integer(x * LOG2_E);
    double r = (x - k * LN2_HIGH) - k * LN2_LOW;
    double half = nearest_integer(0.5 * k); /* 2^k may be subnormal, or overflow: two factors may not */
    return (1.0 + small_expm1(r)) * power_of_2(half) * power_of_2(k - half);
}

static inline double lane_expm1(double x) {
    x = clamped(x, -40.0, 710.0);
    double k = nearest_integer(x * LOG2_E);
    double r = (x - k * LN2_HIGH) - k * LN2_LOW;
    double half = power_of_2(k - 1.0); /* of 2^k, which may overflow */
    double result = 2.0 * (half * small_expm1(r) + (half - 0.5));
    return x == 0.0 ? x : result;
}

/* log(x) + correction, where the correction is small beside x - 1 */
static inline double log_plus(double x, double correction) {
    double scaled = x < 0x1p-1022 ? x * 0x1p54 : x;
    uint64_t bits = bits_of(scaled);
    uint64_t exponent = (bits + (0x3ff0000000000000u - 0x3fe6a09e667f3bcdu)) >> 52; /* of scaled * sqrt(2) */
    double k = from_bits(exponent | 0x4330000000000000u) - (0x1p52 + 1023) - (x < 0x1p-1022 ? 54.0 : 0.0);
    double f = from_bits(bits - ((exponent - 1023) << 52)) - 1.0; /* from sqrt(1/2) - 1 to sqrt(2) - 1 */
    double s = f / (2.0 + f), z = s * s, h = 0.5 * f * f;
    double R = 1.479819860511658591e-01;
    R = R * z + 1.531383769920937332e-01;
    R = R * z + 1.818357216161805012e-01;
    R = R * z + 2.222219843214978396e-01;
    R = R * z + 2.857142874366239149e-01;
    R = R * z + 3.999999999940941908e-01;
    R = R * z + 6.666666666666735130e-01;
    double result = k * LN2_HIGH - ((h - (s * (h + R * z) + (k * LN2_LOW + correction))) - f);
    result = x == (double)INFINITY ? x : result;
    result = x == 0.0 ? -(double)INFINITY : result;
    return x >= 0.0 ? result : (double)NAN;
}

static inline double lane_log(double x) { return log_plus(x, 0.0); }

static inline double lane_log1p(double x) {
    double u = 1.0 + x;
    double lost = fabs(x) < 1.0 ? x - (u - 1.0) : 1.0 - (u - x); /* what rounding 1 + x lost */
    double result = log_plus(u, lost == 0.0 ? 0.0 : lost / u);
    result = x == (double)INFINITY ? x : result;
    return x == 0.0 ? x : result;
}

static inline double lane_tanh(double x) {
    double t = lane_expm1(clamped(2.0 * fabs(x), 0.0, 40.0));
    return copysign(t / (t + 2.0), x);
}

static inline double lane_cosh(double x) {
    double y = fabs(x), e = lane_exp(y > 709.0 ? y - 1.0 : y);
    double result = 0.5 * e + 0.5 / e;
    return y > 709.0 ? result * 2.718281828459045 : result;
}

/* Polynomials through Chebyshev's nodes, both to 1e-17: erf(x) / x in x^2 below 1; erfc(y) exp(y^2) in t from 1 to 6 */
static inline double lane_erf(double x) {
    double y = clamped(fabs(x), 0.0, 6.0), u = y * y, t = (y - 3.0) / (y + 3.0);
    double p = -7.795898827002142e-10;
    p = p * u + 1.3720064546777686e-08;
    p = p * u - 1.6208483801871705e-07;
    p = p * u + 1.6447424703317362e-06;
    p = p * u - 1.492473690741966e-05;
    p = p * u + 0.00012055294904839707;
    p = p * u - 0.0008548325975389692;
    p = p * u + 0.0052239776071164225;
    p = p * u - 0.02686617064323777;
    p = p * u + 0.11283791670945006;
    p = p * u - 0.3761263890318354;
    p = p * u + 1.1283791670955126;
    double q = 1.2801900862962662e-06;
    q = q * t + 2.0236031796417564e-06;
    q = q * t - 8.008021319412685e-06;
    q = q * t - 1.284889451252353e-05;
    q = q * t + 6.406182073530546e-05;
    q = q * t + 4.525472635483354e-05;
    q = q * t - 0.0005970623517093284;
    q = q * t + 0.0007077464443901538;
    q = q * t + 0.004269136347508256;
    q = q * t - 0.024392499318273194;
    q = q * t + 0.07166583719774874;
    q = q * t - 0.15011593650078744;
    q = q * t + 0.24560380171233193;
    q = q * t - 0.32623356004303716;
    q = q * t + 0.17900115118138996;
    return y < 1.0 ? x * p : copysign(1.0 - lane_exp(-u) * q, x);
}

#define NEAR 1e6 /* k * (the first parts of pi / 2) is exact for |x| <= 2^20 pi / 2 */

/* sin(x + quarter pi / 2): +-sin(r) or +-cos(r), where x = k pi / 2 + r + lost and |r| <= pi / 4 */
static inline double lane_circle(double x, uint64_t quarter) {
    double k = nearest_integer(x * 6.36619772367581382433e-01);
    double high = x - k * 1.57079632673412561417e+00, low = k * 6.07710050630396597660e-11, first = high - low;
    double rest = high - first - low - k * 2.02226624879595063154e-21;
    double r = first + rest, lost = first - r + rest;
    double z = r * r, half = 0.5 * z, most = 1.0 - half;
    double s = 1.58969099521155010221e-10;
    s = s * z - 2.50507602534068634195e-08;
    s = s * z + 2.75573137070700676789e-06;
    s = s * z - 1.98412698298579493134e-04;
    s = s * z + 8.33333333332248946124e-03;
    s = s * z - 1.66666666666666324348e-01;
    double c = -1.13596475577881948265e-11;
    c = c * z + 2.08757232129817482790e-09;
    c = c * z - 2.75573143513906633035e-07;
    c = c * z + 2.48015872894767294178e-05;
    c = c * z - 1.38888888888741095749e-03;
    c = c * z + 4.16666666666666019037e-02;
    quarter += bits_of(k + SHIFT);
    double result = quarter & 1 ? most + ((1.0 - most) - half + (z * z * c - r * lost)) : r + (r * z * s + lost);
    return quarter & 2 ? -result : result;
}

static inline double lane_sin(double x) {
    double result = lane_circle(x, 0);
    return x == 0.0 ? x : result;
}

static inline double lane_cos(double x) { return lane_circle(x, 1); }
