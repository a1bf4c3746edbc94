#include <stddef.h>
#include <stdint.h>
#include <zlib.h>

// zlib's initialisers are C macros with arguments, which Swift cannot call. The functions below call these macros. A
// negative `windowBits` means raw deflate data, without the header and the trailer of zlib or gzip.

static inline int CZlib_inflateInit2(z_stream *stream, int windowBits) {
  return inflateInit2(stream, windowBits);
}

static inline int CZlib_deflateInit2(z_stream *stream, int level, int windowBits, int memoryLevel) {
  return deflateInit2(stream, level, Z_DEFLATED, windowBits, memoryLevel, Z_DEFAULT_STRATEGY);
}

// Continues a CRC-32 as used in gzip, zip and PNG files. `checksum` is the CRC-32 of the earlier bytes. The result is
// the CRC-32 of all bytes so far. If `bytes` is NULL, the result is `checksum`. zlib's own function would then return
// 0.
static inline uint32_t CZlib_crc32(uint32_t checksum, const void *bytes, size_t byteCount) {
  return bytes == NULL ? checksum : (uint32_t)crc32_z(checksum, (const unsigned char *)bytes, byteCount);
}
