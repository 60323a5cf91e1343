/* Compile what follows TARGET(t), up to END_OF_TARGET, for the processors `t`. */

#define PRAGMA(...) _Pragma(#__VA_ARGS__)
#if defined(__clang__)
#define TARGET(t) PRAGMA(clang attribute push(__attribute__((target(t))), apply_to = function))
#define END_OF_TARGET PRAGMA(clang attribute pop)
#else
#define TARGET(t) PRAGMA(GCC target(t))
#define END_OF_TARGET
#endif
