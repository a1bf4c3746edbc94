// Lists of the bytes that are not blank: of those of an image, or of one pixel in many images.
#ifndef BYTE_LISTS_H
#define BYTE_LISTS_H

#include "instruction_set.h"

// What may be written behind the last of as many elements as there are bytes, and read behind the last of a list.
enum { MNIST_LIST_ROOM = 67 };

// Writes where those bytes stand that are not blank, and which they are, `count` being 65,536 at most; the blank byte fills
// the last group of four. Returns the list's count, a multiple of four.
typedef size_t (*mnist_list_bytes)(
    uint16_t *indices, uint8_t *listed, const uint8_t *bytes, size_t count, uint8_t blank);

// The function for an instruction set, or NULL where this processor lacks it or the build does not have it. Some processors
// with AVX-512 also compress bytes (VBMI2), which is faster; `compresses` says whether to use that, and gives NULL where it
// is not there.
mnist_list_bytes mnist_list_bytes_for(mnist_instruction_set set, bool compresses);

#endif
