private import CZlib

/// An encoder that writes many pictures as PNG files with a single compressor.
///
/// ```swift
/// let encoder = PNGEncoder(compressionLevel: 6)
/// for image in images { files.append(try encoder.encode(image)) }
/// ```
///
/// Starting a compressor takes longer than compressing a digit, so the encoder reuses one compressor. The compressor's
/// tables are as small as the size of the picture allows. The bytes of a file do not depend on earlier pictures. Only
/// one thread at a time may use an encoder.
///
/// The files have 8-bit greys and are not interlaced. Their chunks are IHDR, sRGB, IDAT and IEND. Rows are not
/// filtered, except for the repeated rows of an enlarged picture. The filter Up turns a repeated row into zeros, which
/// zlib compresses several times as fast.
///
/// Sources: Portable Network Graphics (PNG) Specification, W3C; compression by zlib.
public final class PNGEncoder {
  /// The compression level of zlib: 0 stores the bytes uncompressed, 1 is fastest, 9 gives the smallest files.
  public let compressionLevel: Int

  /// The sizes of zlib's tables.
  private struct Tables: Equatable {
    var windowBits: Int32
    var memoryLevel: Int32

    /// Chooses the smallest tables that compress `byteCount` bytes well.
    ///
    /// With a smaller hash table, zlib finds fewer of the earlier positions that match. The files of MNIST become less
    /// than 0.1 % larger.
    init(for byteCount: Int) {
      // zlib cannot use 262 bytes of its window (longest match and lookahead). The window must therefore be 262 bytes
      // larger than the data.
      //
      // A block ends after 2^(memoryLevel + 6) - 1 symbols. Each symbol stands for at least one byte. The chosen level
      // therefore puts all data into one block.
      windowBits = Int32((9..<15).first { 1 << $0 >= byteCount + 262 } ?? 15)
      memoryLevel = Int32((1..<8).first { 1 << ($0 + 6) > byteCount + 1 } ?? 8)
    }
  }

  private var tables: Tables?
  // The state of zlib points back to the stream, so the stream must keep its address.
  private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
  /// A buffer for the rows that are compressed next. The first byte of each row gives the filter of the row.
  private var rows = UnsafeMutableRawBufferPointer.allocate(byteCount: 0, alignment: 1)
  /// The signature and the chunks before IDAT for the size of the latest picture.
  private var header: (width: Int, height: Int, bytes: [UInt8]) = (0, 0, [])
  /// A buffer for the file. The first `fileByteCount` bytes are written.
  private var file = UnsafeMutableRawBufferPointer.allocate(byteCount: 0, alignment: 1)
  private var fileByteCount = 0

  private static let usualPieceByteCount = 1 << 16
  private static let usualFileByteCount = 1 << 20

  /// Creates an encoder for a compression level.
  ///
  /// - Precondition: `compressionLevel` is in `0...9`.
  public init(compressionLevel: Int) {
    precondition((0...9).contains(compressionLevel), "a compression level is from 0 to 9")
    self.compressionLevel = compressionLevel
    stream.initialize(to: z_stream())
  }

  deinit {
    if tables != nil { deflateEnd(stream) }
    stream.deallocate()
    rows.deallocate()
    file.deallocate()
  }

  /// Returns a picture as the bytes of a PNG file.
  ///
  /// - Throws: ``PNGError/emptyImage(width:height:)`` if the picture has no pixels.
  ///   ``PNGError/tooLarge(width:height:maximumSide:maximumPixelCount:)`` if the picture exceeds ``PNG/maximumSide`` or
  ///   ``PNG/maximumPixelCount``.
  /// - Complexity: O(width * height).
  public func encode(_ image: GreyscaleImage) throws(PNGError) -> [UInt8] {
    try image.pixels.withUnsafeBufferPointer { (pixels) throws(PNGError) in
      try withEncodedBytes(width: image.width, height: image.height, pixels: pixels) { Array($0) }
    }
  }

  /// Encodes a picture as a PNG file, and calls `body` with the bytes of the file.
  ///
  /// The bytes are in the encoder's own memory and are valid only until `body` returns.
  ///
  /// - Parameters:
  ///   - width: The number of columns.
  ///   - height: The number of rows.
  ///   - pixels: The greys, `[height, width]`, top row first.
  ///   - scale: The whole factor by which the picture is enlarged. Every pixel becomes a square of this side, as in
  ///     ``GreyscaleImage/scaled(by:)``.
  ///   - body: The function that uses the bytes.
  /// - Returns: The result of `body`.
  /// - Throws: ``PNGError`` if the enlarged picture is empty or too large.
  /// - Precondition: `pixels.count == width * height`, and `scale` is at least 1.
  /// - Complexity: O(width * height * scale²).
  public func withEncodedBytes<Result>(
    width: Int, height: Int, pixels: UnsafeBufferPointer<UInt8>, scale: Int = 1,
    _ body: (UnsafeRawBufferPointer) -> Result
  ) throws(PNGError) -> Result {
    precondition(pixels.count == width * height, "a picture needs width * height pixels")
    precondition(scale >= 1, "the scale of a picture is at least 1")
    let size = (width: Self.enlarged(width, by: scale), height: Self.enlarged(height, by: scale))
    try PNG.checkSize(width: size.width, height: size.height, maximumPixelCount: PNG.maximumPixelCount)
    prepare(forByteCount: (size.width + 1) * size.height)
    if header.width != size.width || header.height != size.height {
      header = (size.width, size.height, Self.header(width: size.width, height: size.height))
    }
    append(header.bytes)
    let start = fileByteCount
    append(Self.dataStart)
    appendDeflated(pixels, width: width, height: height, scale: scale)
    file.storeBytes(of: UInt32(fileByteCount - start - 8).bigEndian, toByteOffset: start, as: UInt32.self)
    appendChecksum(from: start + 4)
    append(Self.end)
    return body(UnsafeRawBufferPointer(rebasing: file[..<fileByteCount]))
  }

  /// Prepares the compressor and the file buffer for a picture.
  ///
  /// - Parameter byteCount: The number of bytes in all rows, including the filter byte of each row.
  private func prepare(forByteCount byteCount: Int) {
    let needed = Tables(for: byteCount)
    let status: Int32
    if tables == needed {
      status = deflateReset(stream)
    } else {
      if tables != nil { deflateEnd(stream) }
      status = CZlib_deflateInit2(stream, Int32(compressionLevel), needed.windowBits, needed.memoryLevel)
      tables = needed
    }
    precondition(status == Z_OK, "zlib could not start, probably because there is not enough memory")
    fileByteCount = 0
    // This size is enough for most pictures. For a large picture, the buffer grows during compression.
    reserve(min(Int(deflateBound(stream, UInt(byteCount))) + 128, Self.usualFileByteCount))
  }

  private func appendDeflated(_ pixels: UnsafeBufferPointer<UInt8>, width: Int, height: Int, scale: Int) {
    let rowByteCount = width * scale + 1
    let rowCount = height * scale
    let rowsPerPiece = min(max(Self.usualPieceByteCount / rowByteCount, 1), rowCount)
    if rows.count < rowsPerPiece * rowByteCount {
      rows.deallocate()
      rows = .allocate(byteCount: rowsPerPiece * rowByteCount, alignment: 1)
    }
    var row = 0
    while row < rowCount {
      let end = min(row + rowsPerPiece, rowCount)
      var place = rows.baseAddress!.assumingMemoryBound(to: UInt8.self)
      for row in row..<end {
        let (sourceRow, repetition) = row.quotientAndRemainder(dividingBy: scale)
        if repetition > 0 {
          place.update(repeating: 0, count: rowByteCount)
          place.pointee = Self.upFilter
        } else {
          place.pointee = 0
          Self.layOut(pixels.baseAddress! + sourceRow * width, count: width, scale: scale, to: place + 1)
        }
        place += rowByteCount
      }
      deflate(byteCount: (end - row) * rowByteCount, isLast: end == rowCount)
      row = end
    }
  }

  /// Writes a row to `target`, with each byte repeated `scale` times.
  private static func layOut(
    _ source: UnsafePointer<UInt8>, count: Int, scale: Int, to target: UnsafeMutablePointer<UInt8>
  ) {
    guard scale > 1 else { return target.update(from: source, count: count) }
    var target = target
    for column in 0..<count {
      target.update(repeating: source[column], count: scale)
      target += scale
    }
  }

  /// Returns the length of an enlarged side. If the length overflows, the result is `Int.max`, which is too long for
  /// any picture.
  private static func enlarged(_ side: Int, by scale: Int) -> Int {
    let (product, overflow) = side.multipliedReportingOverflow(by: scale)
    return overflow ? Int.max : product
  }

  /// The filter Up, which stores the differences from the row above.
  private static let upFilter: UInt8 = 2

  /// Compresses the first bytes of `rows` and appends them to the file.
  private func deflate(byteCount: Int, isLast: Bool) {
    stream.pointee.next_in = rows.assumingMemoryBound(to: UInt8.self).baseAddress
    stream.pointee.avail_in = UInt32(byteCount)
    var status = Z_OK
    repeat {
      if fileByteCount == file.count { reserve(file.count + 1) }
      let room = min(file.count - fileByteCount, 1 << 30)
      stream.pointee.next_out = file.assumingMemoryBound(to: UInt8.self).baseAddress! + fileByteCount
      stream.pointee.avail_out = UInt32(room)
      status = CZlib.deflate(stream, isLast ? Z_FINISH : Z_NO_FLUSH)
      precondition(status == Z_OK || status == Z_STREAM_END, "zlib could not continue")
      fileByteCount += room - Int(stream.pointee.avail_out)
    } while stream.pointee.avail_in > 0 || (isLast && status != Z_STREAM_END)
  }

  /// Appends the CRC-32 of the file's bytes, starting at `offset`.
  private func appendChecksum(from offset: Int) {
    let checksum = CZlib_crc32(0, file.baseAddress! + offset, fileByteCount - offset)
    append(Self.bigEndianBytes(Int(checksum)))
  }

  private func append(_ bytes: [UInt8]) {
    reserve(fileByteCount + bytes.count)
    UnsafeMutableRawBufferPointer(rebasing: file[fileByteCount...]).copyBytes(from: bytes)
    fileByteCount += bytes.count
  }

  private func reserve(_ byteCount: Int) {
    guard file.count < byteCount else { return }
    let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: max(byteCount, file.count * 2), alignment: 1)
    larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: file[..<fileByteCount]))
    file.deallocate()
    file = larger
  }
}

extension PNGEncoder {
  /// Returns whether the first bytes of a file are those that this encoder writes.
  ///
  /// With this check, a caller can distinguish its own exported pictures from other pictures with the same name.
  ///
  /// - Parameter bytes: The first ``startByteCount`` bytes of a file.
  package static func isStart(_ bytes: [UInt8]) -> Bool {
    guard bytes.count == startByteCount else { return false }
    let width = bytes[16..<20].reduce(0) { $0 << 8 | Int($1) }
    let height = bytes[20..<24].reduce(0) { $0 << 8 | Int($1) }
    return bytes.starts(with: header(width: width, height: height)) && bytes[50...].elementsEqual("IDAT".utf8)
  }

  /// The number of bytes that ``isStart(_:)`` needs.
  package static var startByteCount: Int { 54 }

  /// Returns the beginning of a file: the signature and the chunks IHDR and sRGB.
  private static func header(width: Int, height: Int) -> [UInt8] {
    // The bytes after the size mean 8 bits, grey, deflate, standard filters and not interlaced. The byte in sRGB is the
    // rendering intent; 0 means perceptual.
    PNG.signature + chunk("IHDR", bigEndianBytes(width) + bigEndianBytes(height) + [8, 0, 0, 0, 0]) + chunk("sRGB", [0])
  }

  /// The length and the type of the chunk IDAT. The length is filled in after compression.
  private static let dataStart: [UInt8] = [0, 0, 0, 0] + "IDAT".utf8

  /// The end of every file: the chunk IEND.
  private static let end = chunk("IEND", [])

  private static func bigEndianBytes(_ number: Int) -> [UInt8] {
    [UInt8(number >> 24 & 255), UInt8(number >> 16 & 255), UInt8(number >> 8 & 255), UInt8(number & 255)]
  }

  private static func chunk(_ type: String, _ content: [UInt8]) -> [UInt8] {
    let checked = Array(type.utf8) + content
    return bigEndianBytes(content.count) + checked + bigEndianBytes(Int(PNG.checksum(of: checked[...])))
  }
}
