private import CZlib
private import Memory

extension PNG {
  /// The most bytes in all chunks without pixels together: 16 MiB, several times what a profile of colours, a preview and a
  /// camera's notes take. libpng copies every text twice.
  static let maximumOtherByteCount = 1 << 24

  /// Walks a file's chunks from the signature to IEND before libpng sees it, so that damage is known by its place, and
  /// nothing is allocated by a size that the header only claims.
  static func checkStructure(of bytes: [UInt8], maximumPixelCount: Int) throws(PNGError) {
    guard bytes.starts(with: signature) else {
      guard !bytes.isEmpty, signature.starts(with: bytes) else { throw .notPNG(found: Array(bytes.prefix(8))) }
      throw .endsEarly(expectedByteCount: signature.count, foundByteCount: bytes.count)
    }
    var offset = signature.count
    var header: Header?
    var compressedByteCount = 0
    var otherByteCount = 0
    while true {
      let chunk = try Chunk(in: bytes, at: offset)
      if header == nil {
        guard chunk.type == "IHDR", chunk.length == 13 else {
          throw .unexpectedChunk(
            offset: offset, expected: "the chunk IHDR of 13 bytes", found: "\(chunk.type) of \(chunk.length)")
        }
        let found = Header(in: bytes, at: chunk.contentOffset)
        try checkSize(width: found.width, height: found.height, maximumPixelCount: maximumPixelCount)
        header = found
      }
      if chunk.type == "IDAT" { compressedByteCount += chunk.length } else { otherByteCount += chunk.length }
      guard otherByteCount <= maximumOtherByteCount else {
        throw .unexpectedChunk(
          offset: offset, expected: "at most \(maximumOtherByteCount) bytes in all chunks without pixels",
          found: "\(otherByteCount) up to the end of \(chunk.type)")
      }
      offset = chunk.end
      if chunk.type == "IEND" { break }
    }
    guard let header else { return }
    if let error = AvailableMemory.shortage(of: header.width * header.height) { throw .memory(error) }
    // Deflate turns one byte into 1,032 at most.
    if header.uncompressedByteCount > compressedByteCount * 1032 {
      throw .tooLittleData(width: header.width, height: header.height, compressedByteCount: compressedByteCount)
    }
  }

  /// What the check needs of IHDR; the rest of it is libpng's to judge.
  private struct Header {
    var width: Int
    var height: Int
    var uncompressedByteCount: Int

    init(in bytes: [UInt8], at offset: Int) {
      width = Int(bigEndian(bytes, at: offset))
      height = Int(bigEndian(bytes, at: offset + 4))
      let channelCount = [2: 3, 4: 2, 6: 4][bytes[offset + 9]] ?? 1
      let bitsPerPixel = UInt64(bytes[offset + 8]) * UInt64(channelCount)
      // Called before the size is checked: sides of 32 bits could overflow here, and then the size is refused anyway.
      let bits = UInt64(width).multipliedReportingOverflow(by: UInt64(height)).partialValue
        .multipliedReportingOverflow(by: bitsPerPixel).partialValue
      uncompressedByteCount = Int(bits / 8)
    }
  }

  private struct Chunk {
    var type: String
    var length: Int
    var contentOffset: Int
    var end: Int

    init(in bytes: [UInt8], at offset: Int) throws(PNGError) {
      guard bytes.count - offset >= 12 else {
        throw .endsEarly(expectedByteCount: offset + 12, foundByteCount: bytes.count)
      }
      length = Int(bigEndian(bytes, at: offset))
      let typeBytes = bytes[offset + 4..<offset + 8]
      guard typeBytes.allSatisfy({ (65...90).contains($0) || (97...122).contains($0) }) else {
        let found = typeBytes.map { String($0, radix: 16) }.joined(separator: " ")
        throw .unexpectedChunk(offset: offset, expected: "a chunk named by four letters", found: "the bytes \(found)")
      }
      type = String(decoding: typeBytes, as: UTF8.self)
      contentOffset = offset + 8
      end = contentOffset + length + 4
      guard bytes.count >= end else {
        throw .endsEarly(expectedByteCount: end, foundByteCount: bytes.count)
      }
      let stored = bigEndian(bytes, at: end - 4)
      let computed = checksum(of: bytes[offset + 4..<end - 4])
      guard stored == computed else {
        throw .checksumMismatch(chunk: type, offset: offset, expected: stored, found: computed)
      }
    }
  }

  private static func bigEndian(_ bytes: [UInt8], at offset: Int) -> UInt32 {
    bytes[offset..<offset + 4].reduce(0) { $0 << 8 | UInt32($1) }
  }

  /// CRC-32 as PNG's specification has it (annex D), the same as zlib's.
  package static func checksum(of bytes: ArraySlice<UInt8>) -> UInt32 {
    bytes.withUnsafeBytes { CZlib_crc32(0, $0.baseAddress, $0.count) }
  }
}
