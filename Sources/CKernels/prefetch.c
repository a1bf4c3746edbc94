#include "batch_kernels.h"

void mnist_prefetch(const uint8_t *bytes, size_t count)
{
    for (size_t i = 0; i < count; i += 64) __builtin_prefetch(bytes + i);
}
