#include "batch_kernels.h"

void mnist_prefetch(const uint8_t *bytes, size_t count)
{
    // Up to four lines without a branch: how many a packed image has cannot be foreseen.
    const uint8_t *last = bytes + count - 1;
    for (size_t i = 0; i < 192; i += 64) __builtin_prefetch(bytes + i < last ? bytes + i : last);
    for (size_t i = 192; i < count; i += 64) __builtin_prefetch(bytes + i);
    __builtin_prefetch(last);
}
