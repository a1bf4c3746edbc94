// Lists of the bytes that are not blank: of those of an image, or of one pixel in many images.
#ifndef BYTE_LISTS_H
#define BYTE_LISTS_H

#include "instruction_set.h"

// What may be written behind the last of as many elements as there are bytes, and read behind the last of a list.
enum { MNIST_LIST_ROOM = 67 };

typedef struct mnist_byte_kernels {
    // Writes where those bytes of each row stand that are not blank, and which they are, `count` being 65,536 at most; the
    // blank byte fills the last group of four. The rows' lists lie one behind the other from `start` on: where each one
    // begins and how many it has, a multiple of four, is written to `starts` and `counts`.
    void (*list)(
        uint16_t *indices, uint8_t *listed, size_t *starts, uint32_t *counts, size_t start, const uint8_t *rows, size_t row,
        size_t row_count, size_t count, uint8_t blank);

    // Leaves blank bytes out: writes those that are not blank one after the other, and for each 64 bytes a mask of where they
    // stood, the first one in the lowest bit. Returns how many there are.
    size_t (*pack)(uint64_t *masks, uint8_t *packed, const uint8_t *bytes, size_t count, uint8_t blank);

    // Lists a row of packed bytes, of which as many may be read as there is room for behind a list. Returns the list's count.
    size_t (*list_packed)(
        uint16_t *indices, uint8_t *listed, const uint64_t *masks, size_t mask_count, const uint8_t *packed, uint8_t blank);

    // Writes 64 bytes for each mask.
    void (*unpack)(uint8_t *bytes, const uint64_t *masks, size_t mask_count, const uint8_t *packed, uint8_t blank);
} mnist_byte_kernels;

// The functions for an instruction set, or NULL where this processor lacks it or the build does not have it. Some processors
// with AVX-512 also compress bytes (VBMI2), which is faster; `compresses` says whether to use that, and gives NULL where it
// is not there.
const mnist_byte_kernels *mnist_byte_kernels_for(mnist_instruction_set set, bool compresses);

#endif
