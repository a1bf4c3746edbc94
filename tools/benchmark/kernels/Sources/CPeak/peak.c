#include "CPeak.h"

// Here a product and a sum are meant to become one operation, where the processor has one for both.
#pragma clang fp contract(fast)

// A multiply-add takes about 4 cycles and a core begins up to 4 of them in each: that many must be independent for
// none to wait. More accumulators than registers would be moved to memory and back.
#define DEFINE_LOOP(NAME, TARGET, BYTES, ACCUMULATORS)                                                                 \
    typedef float NAME##_vector __attribute__((vector_size(BYTES)));                                                   \
    enum { NAME##_lanes = BYTES / sizeof(float), NAME##_operations = 2 * NAME##_lanes * ACCUMULATORS };                \
    TARGET static float NAME(size_t rounds, float factor, float summand)                                               \
    {                                                                                                                  \
        NAME##_vector factors = factor - (NAME##_vector){0}, summands = summand - (NAME##_vector){0};                  \
        NAME##_vector accumulators[ACCUMULATORS];                                                                      \
        _Pragma("clang loop unroll(full)") for (int i = 0; i < ACCUMULATORS; i++)                                      \
            accumulators[i] = summands * (float)i;                                                                     \
        for (size_t round = 0; round < rounds; round++) {                                                              \
            _Pragma("clang loop unroll(full)") for (int i = 0; i < ACCUMULATORS; i++)                                  \
                accumulators[i] = accumulators[i] * factors + summands;                                                \
        }                                                                                                              \
        float sum = 0;                                                                                                 \
        _Pragma("clang loop unroll(full)") for (int i = 0; i < ACCUMULATORS; i++)                                      \
            for (int lane = 0; lane < NAME##_lanes; lane++)                                                            \
                sum += accumulators[i][lane];                                                                          \
        return sum;                                                                                                    \
    }

#if defined(__x86_64__)

// Without fused operations, and with 16 registers, as in the next.
DEFINE_LOOP(run_plain, , 16, 12)
DEFINE_LOOP(run_avx2, __attribute__((target("arch=x86-64-v3"))), 32, 12)
// min_vector_width: without it the compiler splits the 512-bit vectors in two for this target.
DEFINE_LOOP(run_avx512, __attribute__((target("arch=x86-64-v4"), min_vector_width(512))), 64, 24)

peak_loop peak_loop_widest(void)
{
    __builtin_cpu_init();
    if (__builtin_cpu_supports("x86-64-v4"))
        return (peak_loop){"avx512", run_avx512_operations, run_avx512};
    if (__builtin_cpu_supports("x86-64-v3"))
        return (peak_loop){"avx2", run_avx2_operations, run_avx2};
    return (peak_loop){"plain", run_plain_operations, run_plain};
}

#else

DEFINE_LOOP(run_plain, , 16, 24)

peak_loop peak_loop_widest(void)
{
    return (peak_loop){"plain", run_plain_operations, run_plain};
}

#endif
