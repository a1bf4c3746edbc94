// The inner loops of the article's training, sample by sample in float64. Each exists once in source (kernels.inc) and is
// compiled once per instruction set; `mnist_kernels_for` hands out the table for one of them.
//
// They give the same bits in every variant: no fused multiply-add, and every sum in one fixed order.
#ifndef CKERNELS_H
#define CKERNELS_H

#include "batch_kernels.h"
#include "byte_lists.h"
#include "instruction_set.h"

// Row widths and counts are in float64s; a width is a multiple of MNIST_LANES and not 0. Matrices, and the vectors that
// go with their rows, are 64-byte aligned; lists of indices and values need not be.
enum { MNIST_LANES = 8 };

// Numbers and the rows that they belong to, each row once.
typedef struct mnist_list {
    const uint32_t *indices;
    const double *values;
    size_t count;
} mnist_list;

typedef struct mnist_kernels {
    // out[0..<width] = sum over k in 0..<count of values[k] * matrix[indices[k], 0..<width]
    void (*combine_rows)(
        double *out, const double *matrix, size_t width, const uint32_t *indices, const double *values, size_t count);

    // matrix[indices[k], 0..<width] -= values[k] * vector[0..<width], for k in 0..<subtracted.count; then
    // out[0..<width] = sum over k in 0..<combined.count of values[k] * matrix[indices[k], 0..<width]
    void (*subtract_and_combine)(
        double *matrix, size_t width, mnist_list subtracted, const double *vector, mnist_list combined, double *out);

    // out[row] = matrix[row, 0..<width] . vector[0..<width], and then
    // matrix[row, 0..<width] -= values[row] * subtracted[0..<width], for row in 0..<rows
    void (*dot_rows_and_subtract)(
        double *out, double *matrix, size_t width, size_t rows, const double *vector, const double *values,
        const double *subtracted);

    // Writes where the elements of values[0..<count] that are not 0 stand, and what they are; returns how many. May write
    // up to `count` of each, whatever it returns.
    size_t (*compress)(uint32_t *indices, double *nonzero, const double *values, size_t count);

    // values[i] = 1 / (1 + exp(-values[i])), for i in 0..<count; count is a multiple of MNIST_LANES
    void (*sigmoid)(double *values, size_t count);
} mnist_kernels;

// The kernels for one instruction set, or NULL where this processor lacks it or the build does not have it.
const mnist_kernels *mnist_kernels_for(mnist_instruction_set set);

#endif
