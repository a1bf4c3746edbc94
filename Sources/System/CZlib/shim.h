#include <zlib.h>

// zlib's initialisers are macros with arguments, which Swift cannot call. A negative `windowBits` means raw deflate
// data, without a zlib or gzip frame around it.

static inline int CZlib_inflateInit2(z_stream *stream, int windowBits) {
  return inflateInit2(stream, windowBits);
}

static inline int CZlib_deflateInit2(z_stream *stream, int level, int windowBits, int memoryLevel) {
  return deflateInit2(stream, level, Z_DEFLATED, windowBits, memoryLevel, Z_DEFAULT_STRATEGY);
}
