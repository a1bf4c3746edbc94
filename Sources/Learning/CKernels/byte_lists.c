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

#define LIST_ROWS(SET, TARGET, LIST_ROW) \
    TARGET static void list_##SET( \
        uint16_t *indices, uint8_t *listed, size_t *starts, uint32_t *counts, size_t start, const uint8_t *rows, \
        size_t row, size_t row_count, size_t count, uint8_t blank) \
    { \
        for (size_t r = 0; r < row_count; r++) { \
            size_t found = LIST_ROW(indices + start, listed + start, rows + r * row, count, blank); \
            starts[r] = start; \
            counts[r] = (uint32_t)found; \
            start += found; \
        } \
    }

// Which of 64 bytes, or of the fewer that are left, are not blank.
INLINE uint64_t mask_of(const uint8_t *bytes, size_t left, uint8_t blank)
{
    uint64_t mask = 0;
    if (left >= 64) {
        b64 differs = __builtin_convertvector(*(const u8x64 *)bytes != (u8x64)blank, b64);
        memcpy(&mask, &differs, sizeof mask);
    } else {
        for (size_t i = 0; i < left; i++) mask |= (uint64_t)(bytes[i] != blank) << i;
    }
    return mask;
}

// The following find bytes in the bits of masks, for whatever instructions the caller is compiled for.

INLINE size_t list_by_bits(uint16_t *indices, uint8_t *listed, const uint8_t *bytes, size_t count, uint8_t blank)
{
    size_t found = 0;
    for (size_t start = 0; start < count; start += 64)
        for (uint64_t mask = mask_of(bytes + start, count - start, blank); mask; mask &= mask - 1) {
            size_t place = start + (size_t)__builtin_ctzll(mask);
            indices[found] = (uint16_t)place;
            listed[found++] = bytes[place];
        }
    return fill_up(indices, listed, found, blank);
}

INLINE size_t pack_by_bits(uint64_t *masks, uint8_t *packed, const uint8_t *bytes, size_t count, uint8_t blank)
{
    size_t found = 0;
    for (size_t start = 0; start < count; start += 64) {
        uint64_t mask = mask_of(bytes + start, count - start, blank);
        masks[start / 64] = mask;
        for (; mask; mask &= mask - 1) packed[found++] = bytes[start + (size_t)__builtin_ctzll(mask)];
    }
    return found;
}

INLINE size_t list_packed_by_bits(
    uint16_t *indices, uint8_t *listed, const uint64_t *masks, size_t mask_count, const uint8_t *packed, uint8_t blank)
{
    size_t found = 0;
    for (size_t word = 0; word < mask_count; word++)
        for (uint64_t mask = masks[word]; mask; mask &= mask - 1)
            indices[found++] = (uint16_t)(64 * word + (size_t)__builtin_ctzll(mask));
    memcpy(listed, packed, found);
    return fill_up(indices, listed, found, blank);
}

INLINE void unpack_by_bits(
    uint8_t *bytes, const uint64_t *masks, size_t mask_count, const uint8_t *packed, uint8_t blank)
{
    memset(bytes, blank, 64 * mask_count);
    for (size_t word = 0; word < mask_count; word++)
        for (uint64_t mask = masks[word]; mask; mask &= mask - 1)
            bytes[64 * word + (size_t)__builtin_ctzll(mask)] = *packed++;
}

#define BY_BITS(SET, TARGET) \
    TARGET static size_t pack_##SET( \
        uint64_t *masks, uint8_t *packed, const uint8_t *bytes, size_t count, uint8_t blank) \
    { \
        return pack_by_bits(masks, packed, bytes, count, blank); \
    } \
    TARGET static size_t list_packed_##SET( \
        uint16_t *indices, uint8_t *listed, const uint64_t *masks, size_t mask_count, const uint8_t *packed, \
        uint8_t blank) \
    { \
        return list_packed_by_bits(indices, listed, masks, mask_count, packed, blank); \
    } \
    TARGET static void unpack_##SET( \
        uint8_t *bytes, const uint64_t *masks, size_t mask_count, const uint8_t *packed, uint8_t blank) \
    { \
        unpack_by_bits(bytes, masks, mask_count, packed, blank); \
    }

BY_BITS(plain, )
LIST_ROWS(plain, , list_by_bits)

#if defined(__x86_64__)

#define AVX2_TARGET __attribute__((target("arch=x86-64-v3")))
#define AVX512_TARGET __attribute__((target("arch=x86-64-v4")))
#define VBMI2_TARGET __attribute__((target("arch=x86-64-v4,avx512vbmi2"), min_vector_width(512)))

BY_BITS(avx2, AVX2_TARGET)

LIST_ROWS(avx2, AVX2_TARGET, list_by_bits)

// 16 bytes at once, as wide as the numbers that AVX-512 itself compresses.
AVX512_TARGET INLINE size_t list_row_avx512(
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

LIST_ROWS(avx512, AVX512_TARGET, list_row_avx512)

// Which of 64 bytes, or of the fewer that are left, are not blank; and the bytes.
VBMI2_TARGET INLINE __mmask64 load_vbmi2(__m512i *some, const uint8_t *bytes, size_t left, uint8_t blank)
{
    __mmask64 there = left < 64 ? ((__mmask64)1 << left) - 1 : (__mmask64)-1;
    *some = _mm512_maskz_loadu_epi8(there, bytes);
    return _mm512_mask_cmpneq_epi8_mask(there, *some, _mm512_set1_epi8((char)blank));
}

// 0, 1, 2 and so on.
VBMI2_TARGET INLINE __m512i numbers_vbmi2(void)
{
    uint8_t numbers[64];
    for (uint8_t i = 0; i < 64; i++) numbers[i] = i;
    return _mm512_loadu_si512(numbers);
}

// Writes the places of a mask's bits, counted from `start`. Returns how many.
VBMI2_TARGET INLINE size_t list_places_vbmi2(uint16_t *indices, __mmask64 mask, size_t start, __m512i numbers)
{
    const __m512i first = _mm512_set1_epi16((short)start);
    const size_t count = (size_t)__builtin_popcountll(mask);
    __m512i places = _mm512_maskz_compress_epi8(mask, numbers);
    __m512i low = _mm512_cvtepu8_epi16(_mm512_castsi512_si256(places));
    _mm512_storeu_si512(indices, _mm512_add_epi16(low, first));
    if (count > 32) {
        __m512i high = _mm512_cvtepu8_epi16(_mm512_extracti64x4_epi64(places, 1));
        _mm512_storeu_si512(indices + 32, _mm512_add_epi16(high, first));
    }
    return count;
}

VBMI2_TARGET INLINE size_t list_row_vbmi2(
    uint16_t *indices, uint8_t *listed, const uint8_t *bytes, size_t count, uint8_t blank)
{
    const __m512i numbers = numbers_vbmi2();
    size_t found = 0;
    // Blank stretches go the same way: where one begins is hard to predict.
    for (size_t start = 0; start < count; start += 64) {
        __m512i some;
        __mmask64 mask = load_vbmi2(&some, bytes + start, count - start, blank);
        _mm512_storeu_si512(listed + found, _mm512_maskz_compress_epi8(mask, some));
        found += list_places_vbmi2(indices + found, mask, start, numbers);
    }
    return fill_up(indices, listed, found, blank);
}

LIST_ROWS(vbmi2, VBMI2_TARGET, list_row_vbmi2)

VBMI2_TARGET static size_t pack_vbmi2(
    uint64_t *masks, uint8_t *packed, const uint8_t *bytes, size_t count, uint8_t blank)
{
    size_t found = 0;
    for (size_t start = 0; start < count; start += 64) {
        __m512i some;
        __mmask64 mask = load_vbmi2(&some, bytes + start, count - start, blank);
        masks[start / 64] = mask;
        _mm512_storeu_si512(packed + found, _mm512_maskz_compress_epi8(mask, some));
        found += (size_t)__builtin_popcountll(mask);
    }
    return found;
}

VBMI2_TARGET static size_t list_packed_vbmi2(
    uint16_t *indices, uint8_t *listed, const uint64_t *masks, size_t mask_count, const uint8_t *packed, uint8_t blank)
{
    const __m512i numbers = numbers_vbmi2();
    size_t found = 0;
    for (size_t word = 0; word < mask_count; word++)
        found += list_places_vbmi2(indices + found, masks[word], 64 * word, numbers);
    for (size_t k = 0; k < found; k += 64) _mm512_storeu_si512(listed + k, _mm512_loadu_si512(packed + k));
    return fill_up(indices, listed, found, blank);
}

VBMI2_TARGET static void unpack_vbmi2(
    uint8_t *bytes, const uint64_t *masks, size_t mask_count, const uint8_t *packed, uint8_t blank)
{
    const __m512i blanks = _mm512_set1_epi8((char)blank);
    for (size_t word = 0; word < mask_count; word++) {
        __mmask64 mask = masks[word];
        _mm512_storeu_si512(
            bytes + 64 * word, _mm512_mask_expand_epi8(blanks, mask, _mm512_loadu_si512(packed)));
        packed += __builtin_popcountll(mask);
    }
}

#endif

#define TABLE(LIST, PACK) \
    { \
        .list = list_##LIST, .pack = pack_##PACK, .list_packed = list_packed_##PACK, .unpack = unpack_##PACK \
    }

static const mnist_byte_kernels kernels_plain = TABLE(plain, plain);
#if defined(__x86_64__)
static const mnist_byte_kernels kernels_avx2 = TABLE(avx2, avx2);
static const mnist_byte_kernels kernels_avx512 = TABLE(avx512, avx2);
static const mnist_byte_kernels kernels_vbmi2 = TABLE(vbmi2, vbmi2);
#endif

const mnist_byte_kernels *mnist_byte_kernels_for(mnist_instruction_set set, bool compresses)
{
    if (!mnist_has(set) || (compresses && set != MNIST_AVX512)) return NULL;
    switch (set) {
#if defined(__x86_64__)
    case MNIST_AVX2: return &kernels_avx2;
    case MNIST_AVX512:
        if (compresses) return __builtin_cpu_supports("avx512vbmi2") ? &kernels_vbmi2 : NULL;
        return &kernels_avx512;
#endif
    default: return &kernels_plain;
    }
}
