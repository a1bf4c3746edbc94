#include "instruction_set.h"

bool mnist_has(mnist_instruction_set set)
{
    switch (set) {
    case MNIST_PLAIN: return true;
#if defined(__x86_64__)
    case MNIST_AVX2: __builtin_cpu_init(); return __builtin_cpu_supports("x86-64-v3") != 0;
    case MNIST_AVX512: __builtin_cpu_init(); return __builtin_cpu_supports("x86-64-v4") != 0;
#endif
    default: return false;
    }
}
