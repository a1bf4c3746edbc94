#include "batch_kernels.h"

#include <math.h>
#include <string.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

// Fused operations stand where they are meant, and nowhere else.
#pragma clang fp contract(off)

// Only unrolled do the loops over a block keep it in registers.
#define UNROLL _Pragma("clang loop unroll(full)")
#define INLINE static inline __attribute__((always_inline))

typedef uint8_t u8x16 __attribute__((vector_size(16), __may_alias__, aligned(1)));
typedef uint8_t u8x4 __attribute__((ext_vector_type(4), __may_alias__, aligned(1)));

// What the elements of lists are; linear bytes are those whose scale is, proportional ones where the blank one is 0 besides.
typedef enum { SCALARS, BYTES, LINEAR_BYTES, PROPORTIONAL_BYTES } element_kind;

// Four of a list's indices: loads are what there is least of, so they come in one.
INLINE uint64_t load_indices(const uint16_t *indices)
{
    uint64_t four;
    memcpy(&four, indices, sizeof four);
    return four;
}

// How many of the vectors that are left go through lists together.
INLINE size_t vectors_at_once(size_t left, size_t most) { return left >= most ? most : left >= 2 ? 2 : 1; }

// Where in a row of panels each of some vectors is, from a column on.
INLINE void find_places(size_t *places, size_t column, size_t vectors, size_t lanes, size_t width, size_t panel)
{
    for (size_t i = 0; i < vectors; i++) {
        size_t place = column + i * lanes;
        places[i] = place / width * panel + place % width;
    }
}

// The finalizer of SplitMix64: whole numbers one after the other become independent bits.
INLINE uint64_t mix(uint64_t bits)
{
    bits = (bits ^ (bits >> 30)) * 0xbf58476d1ce4e5b9;
    bits = (bits ^ (bits >> 27)) * 0x94d049bb133111eb;
    return bits ^ (bits >> 31);
}

// ROWS is the height of a block of the matrix product, two vectors wide: its sums, two vectors of the panel and one
// element of the other matrix fill the registers.
#define PLAIN_TARGET
#define AVX2_TARGET __attribute__((target("arch=x86-64-v3")))
// min_vector_width: without it the compiler splits the 512-bit vectors in two for this target.
#define AVX512_TARGET __attribute__((target("arch=x86-64-v4"), min_vector_width(512)))

#if defined(__aarch64__)
#define PLAIN_ROWS 8  // 32 registers
#define PLAIN_FUSED 1
#else
#define PLAIN_ROWS 4  // 16 registers
#define PLAIN_FUSED 0
#endif

#define REAL float
#define WORD int32_t
#define IS_FLOAT32 1
#define PRECISION f32
#include "batch_precision.inc"

#define REAL double
#define WORD int64_t
#define IS_FLOAT32 0
#define PRECISION f64
#include "batch_precision.inc"

const mnist_batch_kernels *mnist_batch_kernels_for(mnist_precision precision, mnist_instruction_set set)
{
    if (!mnist_has(set)) return NULL;
    bool is_float32 = precision == MNIST_FLOAT32;
    switch (set) {
#if defined(__x86_64__)
    case MNIST_AVX2: return is_float32 ? &batch_kernels_f32_avx2 : &batch_kernels_f64_avx2;
    case MNIST_AVX512: return is_float32 ? &batch_kernels_f32_avx512 : &batch_kernels_f64_avx512;
#endif
    default: return is_float32 ? &batch_kernels_f32_plain : &batch_kernels_f64_plain;
    }
}
