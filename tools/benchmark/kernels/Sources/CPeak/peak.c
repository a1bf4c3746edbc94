#include "CPeak.h"

// Allows the compiler to fuse a multiplication and an addition into one instruction.
#pragma clang fp contract(fast)

// Defines a loop of independent multiply-adds.
//
// A multiply-add takes about 4 cycles, and a core can start up to 4 of them in each cycle. The loop therefore needs
// enough independent accumulators, so that no operation waits for an earlier one. It must not have more accumulators
// than there are registers, because the compiler would then store some of them in memory.
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

// Plain x86-64 and AVX2 both have 16 vector registers. Plain x86-64 has no fused operations.
DEFINE_LOOP(run_plain, , 16, 12)
DEFINE_LOOP(run_avx2, __attribute__((target("arch=x86-64-v3"))), 32, 12)
// Without min_vector_width, the compiler splits each 512-bit vector into two for this target.
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
