#include "CKernels.h"

// A product and a sum are rounded one after the other in every variant, so that all give the same bits.
#pragma clang fp contract(off)

// may_alias: these are views onto buffers of double.
typedef double f64x8 __attribute__((vector_size(64), __may_alias__));
typedef double f64x8_unaligned __attribute__((vector_size(64), __may_alias__, aligned(8)));
typedef double f64x4 __attribute__((vector_size(32)));
typedef double f64x2 __attribute__((vector_size(16)));
typedef int64_t i64x8 __attribute__((vector_size(64)));

// Lane by lane: a where the comparison held, b elsewhere.
#define SELECT(comparison, a, b) ((f64x8)(((comparison) & (i64x8)(a)) | (~(comparison) & (i64x8)(b))))

#define SUFFIX plain
#define TARGET
#include "kernels.inc"

#if defined(__x86_64__)

#define SUFFIX avx2
#define TARGET __attribute__((target("arch=x86-64-v3")))
#include "kernels.inc"

#define SUFFIX avx512
// min_vector_width: without it the compiler splits the 512-bit vectors in two for this target.
#define TARGET __attribute__((target("arch=x86-64-v4"), min_vector_width(512)))
#include "kernels.inc"

#endif

const mnist_kernels *mnist_kernels_for(mnist_instruction_set set)
{
    if (!mnist_has(set)) return NULL;
    switch (set) {
#if defined(__x86_64__)
    case MNIST_AVX2: return &kernels_avx2;
    case MNIST_AVX512: return &kernels_avx512;
#endif
    default: return &kernels_plain;
    }
}
