#include "byte_lists.h"

#include <string.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

#define INLINE static inline __attribute__((always_inline))

typedef uint8_t u8x64 __attribute__((ext_vector_type(64), __may_alias__, aligned(1)));
typedef _Bool b64 __attribute__((ext_vector_type(64)));

// The blank byte up to a multiple of four. Returns the list's count.
INLINE size_t fill_up(uint16_t *indices, uint8_t *listed, size_t found, uint8_t blank)
{
    memset(indices + found, 0, 3 * sizeof *indices);
    memset(listed + found, blank, 3);
    return (found + 3) / 4 * 4;
}

// Finds 64 bytes' places in the bits of a mask, for whatever instructions the caller is compiled for.
INLINE size_t list_by_bits(uint16_t *indices, uint8_t *listed, const uint8_t *bytes, size_t count, uint8_t blank)
{
    size_t found = 0, start = 0;
    for (; start + 64 <= count; start += 64) {
        b64 differs = __builtin_convertvector(*(const u8x64 *)(bytes + start) != (u8x64)blank, b64);
        uint64_t mask;
        memcpy(&mask, &differs, sizeof mask);
        for (; mask; mask &= mask - 1) {
            size_t place = start + (size_t)__builtin_ctzll(mask);
            indices[found] = (uint16_t)place;
            listed[found++] = bytes[place];
        }
    }
    for (; start < count; start++) {
        indices[found] = (uint16_t)start;
        listed[found] = bytes[start];
        found += bytes[start] != blank;
    }
    return fill_up(indices, listed, found, blank);
}

static size_t list_plain(uint16_t *indices, uint8_t *listed, const uint8_t *bytes, size_t count, uint8_t blank)
{
    return list_by_bits(indices, listed, bytes, count, blank);
}

#if defined(__x86_64__)

__attribute__((target("arch=x86-64-v3"))) static size_t list_avx2(
    uint16_t *indices, uint8_t *listed, const uint8_t *bytes, size_t count, uint8_t blank)
{
    return list_by_bits(indices, listed, bytes, count, blank);
}

// 16 bytes at once, as wide as the numbers that AVX-512 itself compresses.
__attribute__((target("arch=x86-64-v4"))) static size_t list_avx512(
    uint16_t *indices, uint8_t *listed, const uint8_t *bytes, size_t count, uint8_t blank)
{
    __m512i places = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    size_t found = 0;
    for (size_t start = 0; start < count; start += 16) {
        __mmask16 there = count - start < 16 ? (__mmask16)((1 << (count - start)) - 1) : (__mmask16)-1;
        __m128i some = _mm_maskz_loadu_epi8(there, bytes + start);
        __mmask16 mask = _mm_mask_cmpneq_epi8_mask(there, some, _mm_set1_epi8((char)blank));
        __m512i wide = _mm512_maskz_compress_epi32(mask, _mm512_cvtepu8_epi32(some));
        _mm_storeu_si128((__m128i *)(listed + found), _mm512_cvtepi32_epi8(wide));
        __m512i where = _mm512_maskz_compress_epi32(mask, places);
        _mm256_storeu_si256((__m256i *)(indices + found), _mm512_cvtepi32_epi16(where));
        places = _mm512_add_epi32(places, _mm512_set1_epi32(16));
        found += (size_t)__builtin_popcount(mask);
    }
    return fill_up(indices, listed, found, blank);
}

__attribute__((target("arch=x86-64-v4,avx512vbmi2"), min_vector_width(512))) static size_t list_vbmi2(
    uint16_t *indices, uint8_t *listed, const uint8_t *bytes, size_t count, uint8_t blank)
{
    uint16_t numbers[32];
    for (uint16_t i = 0; i < 32; i++) numbers[i] = i;
    const __m512i first = _mm512_loadu_si512(numbers);
    size_t found = 0;
    for (size_t start = 0; start < count; start += 64) {
        __mmask64 there = count - start < 64 ? ((__mmask64)1 << (count - start)) - 1 : (__mmask64)-1;
        __m512i some = _mm512_maskz_loadu_epi8(there, bytes + start);
        __mmask64 mask = _mm512_mask_cmpneq_epi8_mask(there, some, _mm512_set1_epi8((char)blank));
        if (mask == 0) continue;
        _mm512_storeu_si512(listed + found, _mm512_maskz_compress_epi8(mask, some));
        for (size_t half = 0; half < 64; half += 32) {
            __mmask32 part = (__mmask32)(mask >> half);
            __m512i places = _mm512_add_epi16(first, _mm512_set1_epi16((short)(start + half)));
            _mm512_storeu_si512(indices + found, _mm512_maskz_compress_epi16(part, places));
            found += (size_t)__builtin_popcount(part);
        }
    }
    return fill_up(indices, listed, found, blank);
}

#endif

mnist_list_bytes mnist_list_bytes_for(mnist_instruction_set set, bool compresses)
{
    if (!mnist_has(set) || (compresses && set != MNIST_AVX512)) return NULL;
    switch (set) {
#if defined(__x86_64__)
    case MNIST_AVX2: return list_avx2;
    case MNIST_AVX512:
        if (compresses) return __builtin_cpu_supports("avx512vbmi2") ? list_vbmi2 : NULL;
        return list_avx512;
#endif
    default: return list_plain;
    }
}
