/* Compile what follows TARGET(t), up to END_OF_TARGET, for the processors `t`.

   Not all compilers know the processors x86-64-v3 and x86-64-v4 by name: GCC from 11 on, clang from 13 on. */

#if defined(__x86_64__) && (__clang_major__ >= 13 || (!defined(__clang__) && __GNUC__ >= 11))
#define HAS_X86_64_LEVELS
#endif

#define PRAGMA(...) _Pragma(#__VA_ARGS__)
#if defined(__clang__)
#define TARGET(t) PRAGMA(clang attribute push(__attribute__((target(t))), apply_to = function))
#define END_OF_TARGET PRAGMA(clang attribute pop)
#else
#define TARGET(t) PRAGMA(GCC target(t))
#define END_OF_TARGET
#endif
