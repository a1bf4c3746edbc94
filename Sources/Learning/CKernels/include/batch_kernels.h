// The inner loops of training in batches, in float32 and in float64; `void *` stands for either. Each exists once in
// source (batch_*.inc) and is compiled once per precision and instruction set.
//
// Sums are taken in one fixed order in every variant. Where the processor has a fused multiply-add (AVX2, AVX-512,
// arm64) it is used, and those variants give the same bits; plain x86-64 rounds a product and a sum apart.
//
// A matrix that is multiplied by lies in panels: strips of MNIST_PANEL_BYTES of columns, or of half as much, row after
// row without gaps. `width` is a panel's width in scalars; everything vectors touch but lists, bytes and
// what is transposed is 64-byte aligned.
#ifndef BATCH_KERNELS_H
#define BATCH_KERNELS_H

#include "byte_lists.h"
#include "instruction_set.h"

enum { MNIST_PANEL_BYTES = 128 };

typedef enum mnist_precision { MNIST_FLOAT32, MNIST_FLOAT64 } mnist_precision;
typedef enum mnist_activation { MNIST_NO_ACTIVATION, MNIST_SIGMOID, MNIST_TANH, MNIST_RELU } mnist_activation;
typedef enum mnist_loss {
    MNIST_LOSS_ARTICLE,
    MNIST_LOSS_SQUARED_ERROR,
    MNIST_LOSS_BINARY_CROSS_ENTROPY,
    MNIST_LOSS_CATEGORICAL_CROSS_ENTROPY,
} mnist_loss;
typedef enum mnist_optimizer { MNIST_SGD, MNIST_MOMENTUM, MNIST_NESTEROV, MNIST_ADAM, MNIST_ADAMW } mnist_optimizer;

// How one update changes the weights. The corrections are 1 - beta^step, for Adam.
typedef struct mnist_update {
    mnist_optimizer optimizer;
    double rate, decay, momentum, beta1, beta2, epsilon, correction1, correction2;
} mnist_update;

// What bytes stand for: byte b for the scalar table[b], and `blank` for 0. Where `is_linear`, float32's table[b] is also the
// fused sum of d * slope and the product d * slope_rest, d = b - blank; sums are then taken of d, and multiplied by the slope.
typedef struct mnist_byte_scale {
    const void *table;
    uint8_t blank;
    bool is_linear;
    float slope, slope_rest;
} mnist_byte_scale;

// Lists of elements that are not 0 and of where they stood, whole groups of four: scalars, or where there is a scale the
// bytes that stand for them. List l begins at starts[l].
typedef struct mnist_lists {
    const uint16_t *indices;
    const void *elements;
    const size_t *starts;
    const uint32_t *counts;
    const mnist_byte_scale *scale;
} mnist_lists;

// Weights in panels that lie `stride` apart, and the moments of their optimizer, if it has them, in the same places.
typedef struct mnist_panels {
    void *weights, *first, *second;
    size_t stride, width;
} mnist_panels;

// What deltas are multiplied by on their way back through a layer of units: what dropout multiplied the units by, `kept`, which
// is 0 or `scale`, or 1 everywhere where it is NULL; and the activation's slope, by way of its results, which were multiplied by
// kept since. Rows lie so many scalars apart.
typedef struct mnist_way_back {
    mnist_activation activation;
    const void *results, *kept;
    size_t results_row, kept_row;
    double scale;
} mnist_way_back;

// What is wanted of the outputs, row by row: numbers for all of them, rows `row` apart, or where there are classes 1 for the
// row's class, and 0 for the others.
typedef struct mnist_targets {
    const void *rows;
    size_t row;
    const uint16_t *classes;
} mnist_targets;

typedef struct mnist_batch_kernels {
    // Lists the scalars that are not 0, from at most 65,536; zeros fill the last group of four. Returns the list's count, a
    // multiple of four; there must be room for MNIST_LIST_ROOM more than `count`.
    size_t (*list_scalars)(uint16_t *indices, void *values, const void *scalars, size_t count);

    // For each of `count` lists from the one with the number `first` on:
    // out[list, 0..<columns] = start[0..<columns] + sum over the list of value * matrix[index, 0..<columns],
    // with what is in `out` already for `start` where `is_onto`, and with 0 where that is NULL.
    // In `out`, panels of `width` columns lie `out_panel` apart.
    void (*combine)(
        void *out, size_t out_row, size_t out_panel, size_t width, bool is_onto, const void *start, const void *matrix,
        size_t matrix_row, size_t columns, const mnist_lists *lists, size_t first, size_t count);

    // Changes the rows of weights with the numbers of some lists by their gradients, which are, for each of `count` lists from
    // the one with the number `first` on: the sum over the list of value * matrix[index, 0..<columns].
    void (*combine_and_update)(
        const mnist_update *how, const mnist_panels *panels, const void *matrix, size_t matrix_row, size_t columns,
        const mnist_lists *lists, size_t first, size_t count);

    // For each of `count` lists of scalars from the one with the number `first` on, combine without a start; and in the same
    // pass, for each element of the list, the dot product of its row of the matrix and a row of weights, the first list's
    // `weights`, each next one's `width` further on: it is added to what is in `dots` at the element's place if
    // `is_dots_onto`, and put there otherwise. In `out` and in `weights`, panels of `width` columns lie `out_panel` and
    // `weights_panel` apart; columns and width are multiples of 64 bytes.
    void (*combine_and_dot)(
        void *out, size_t out_row, size_t out_panel, bool is_onto, void *dots, bool is_dots_onto, const void *weights,
        size_t weights_panel, size_t width, const void *matrix, size_t matrix_row, size_t columns,
        const mnist_lists *lists, size_t first, size_t count);

    // Writes what belongs to the elements of `count` lists of scalars, such as their dot products, to the lists' columns:
    // out[0..<rows, 0..<count] = 0, but out[index, c] = numbers[the element's place] for the elements of list `first` + c.
    void (*scatter)(
        void *out, size_t out_row, size_t rows, const void *numbers, const mnist_lists *lists, size_t first, size_t count);

    // out[column, row] = in[row, column] for bytes; both counts are multiples of 16
    void (*transpose_bytes)(
        uint8_t *out, size_t out_row, const uint8_t *in, size_t in_row, size_t row_count, size_t column_count);

    // c[0..<rows, 0..<width] = a[0..<rows, 0..<depth] * panel[0..<depth, 0..<width], where a's element (i, k) is
    // a[i * a_row + k * a_column]; the panel's rows lie `panel_row` apart.
    void (*multiply)(
        void *c, size_t c_row, const void *a, size_t a_row, size_t a_column, const void *panel, size_t panel_row,
        size_t width, size_t rows, size_t depth);

    // The way back through a layer of units: deltas[0..<rows, 0..<width] = (a[0..<rows, 0..<depth] * panel[0..<depth, 0..<width])
    // times what `way` says for each place.
    void (*multiply_back)(
        const mnist_way_back *way, void *deltas, size_t deltas_row, const void *a, size_t a_row, const void *panel,
        size_t width, size_t rows, size_t depth);

    // out[row, 0..<columns] = the activation of the sum over the panels, one after the other, of
    // in[row, panel * in_panel + 0..<columns]; columns and in_panel are multiples of the vectors' lanes
    void (*sum_panels)(
        mnist_activation activation, void *out, size_t out_row, const void *in, size_t in_row, size_t in_panel,
        size_t panels, size_t rows, size_t columns);

    // out[column, row] = in[row, column]
    void (*transpose)(void *out, size_t out_row, const void *in, size_t in_row, size_t rows, size_t columns);

    // For each row: from the sums that enter the outputs, sums[row, 0..<outputs], to the outputs in their place; to
    // deltas, the loss's gradient by the sums times `scale` (0 behind the outputs, up to deltas_row); the row's cost;
    // and whether the largest output is where the largest target is. Targets are smoothed first. Rows are padded to whole
    // 64 bytes, of which what stands behind the outputs in `sums` may be written too.
    void (*finish)(
        mnist_loss loss, void *sums, size_t sums_row, const mnist_targets *targets, void *deltas, size_t deltas_row,
        double scale, double smoothing, size_t rows, size_t outputs, double *costs, uint8_t *right);

    // weights[0..<count] changed by their gradients; `first` and `second` are the optimizer's moments, if it has them;
    // count is a multiple of the vectors' lanes
    void (*update)(const mnist_update *how, void *weights, void *first, void *second, const void *gradients, size_t count);

    // kept[row, 0..<columns] = 0 for a share `dropped` of the places, otherwise 1 / (1 - dropped), and values *= kept.
    // What is dropped follows from the key, and from a place's row and column, counted from `first_row` and `first_column`.
    void (*drop)(
        void *values, size_t values_row, void *kept, size_t kept_row, double dropped, uint64_t key, size_t first_row,
        size_t first_column, size_t rows, size_t columns);

    // a[row, 0..<columns] *= b[row, 0..<columns]; columns is a multiple of the vectors' lanes
    void (*multiply_elements)(void *a, size_t a_row, const void *b, size_t b_row, size_t rows, size_t columns);
} mnist_batch_kernels;

// The kernels for a precision and an instruction set, or NULL where this processor lacks it or the build does not have it.
const mnist_batch_kernels *mnist_batch_kernels_for(mnist_precision precision, mnist_instruction_set set);

// Asks for the cache lines of some bytes, one at least, that will be read soon.
void mnist_prefetch(const uint8_t *bytes, size_t count);

#endif
