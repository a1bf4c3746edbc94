#ifndef INSTRUCTION_SET_H
#define INSTRUCTION_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum mnist_instruction_set {
    MNIST_PLAIN = 0,   // what the compiler targets by default: SSE2 on x86-64, NEON on arm64
    MNIST_AVX2 = 1,    // x86-64-v3
    MNIST_AVX512 = 2,  // x86-64-v4
} mnist_instruction_set;

// Whether this processor has the instructions and this build has kernels for them.
bool mnist_has(mnist_instruction_set set);

#endif
