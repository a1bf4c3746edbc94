#include "batch_kernels.h"

typedef uint8_t u8x16 __attribute__((vector_size(16), __may_alias__, aligned(1)));

// Four rounds of interleaving rows with those eight further on turn 16 rows of 16 into 16 columns.
static inline void interleave(u8x16 to[16], const u8x16 from[16])
{
    for (int i = 0; i < 8; i++) {
        to[2 * i] = __builtin_shufflevector(
            from[i], from[i + 8], 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
        to[2 * i + 1] = __builtin_shufflevector(
            from[i], from[i + 8], 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
    }
}

void mnist_transpose_bytes(
    uint8_t *out, size_t out_row, const uint8_t *const *rows, size_t row_count, size_t first_column, size_t column_count)
{
    for (size_t column = 0; column < column_count; column += 16)
        for (size_t row = 0; row < row_count; row += 16) {
            u8x16 a[16], b[16];
            for (int i = 0; i < 16; i++) a[i] = *(const u8x16 *)(rows[row + i] + first_column + column);
            interleave(b, a);
            interleave(a, b);
            interleave(b, a);
            interleave(a, b);
            for (int i = 0; i < 16; i++) *(u8x16 *)(out + (column + i) * out_row + row) = a[i];
        }
}

void mnist_prefetch(const uint8_t *bytes, size_t count)
{
    for (size_t i = 0; i < count; i += 64) __builtin_prefetch(bytes + i);
}
