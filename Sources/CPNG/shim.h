#pragma once
#include <png.h>

// A function-like macro, which Swift cannot call: the most bytes that this picture can take as a PNG.
static inline size_t CPNG_maximum_size(png_image image) { return PNG_IMAGE_PNG_SIZE_MAX(image); }
