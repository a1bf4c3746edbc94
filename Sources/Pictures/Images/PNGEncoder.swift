private import CZlib

/// Writes many pictures as PNG files' bytes, one after the other, with one compressor.
///
/// ```swift
/// let encoder = PNGEncoder(compressionLevel: 6)
/// for image in images { files.append(try encoder.encode(image)) }
/// ```
///
/// To start a compressor costs more than to compress a digit with it, so one is kept, with tables as small as the pictures
/// allow. The files are in 8-bit grey, their rows unfiltered, and not interlaced; each has the chunks IHDR, sRGB, IDAT and
/// IEND. Where a picture is enlarged, the rows that repeat the one above say so by the filter Up, as rows of zeros, which
/// zlib compresses several times as fast. What came before has no part in a picture's bytes. An encoder serves one thread
/// at a time.
///
/// Source: Portable Network Graphics (PNG) Specification, W3C; deflated by zlib.
public final class PNGEncoder {
  /// How hard zlib tries: from 0, stored as it is, over 1, fastest, to 9, smallest.
  public let compressionLevel: Int

  /// What zlib's tables are made for.
  private struct Tables: Equatable {
    var windowBits: Int32
    var memoryLevel: Int32

    /// The smallest tables that keep zlib from nothing when it compresses so many bytes. (Fewer hash values put more
    /// strings into one chain, of which it looks at some: on MNIST that makes files less than 0.1 % larger.)
    init(for byteCount: Int) {
      // Bytes nearer to the window's end than zlib's longest match and its lookahead, 262, cannot be pointed back to; a
      // block ends when there are 2^(level + 6) - 1 symbols in it, of which each stands for a byte or more.
      windowBits = Int32((9..<15).first { 1 << $0 >= byteCount + 262 } ?? 15)
      memoryLevel = Int32((1..<8).first { 1 << ($0 + 6) > byteCount + 1 } ?? 8)
    }
  }

  private var tables: Tables?
  // zlib's state points back at the stream, so that it has to stay where it is.
  private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
  /// Some rows, each after the byte that names its filter.
  private var rows = UnsafeMutableRawBufferPointer.allocate(byteCount: 0, alignment: 1)
  /// What a file begins with, for the latest size.
  private var header: (width: Int, height: Int, bytes: [UInt8]) = (0, 0, [])
  /// The file as far as it is written.
  private var file = UnsafeMutableRawBufferPointer.allocate(byteCount: 0, alignment: 1)
  private var fileByteCount = 0

  private static let usualPieceByteCount = 1 << 16
  private static let usualFileByteCount = 1 << 20

  /// An encoder of a compression level.
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

  /// A picture as the bytes of a PNG file.
  ///
  /// - Throws: ``PNGError/emptyImage(width:height:)`` for a picture without pixels, and
  ///   ``PNGError/tooLarge(width:height:maximumSide:maximumPixelCount:)`` above ``PNG/maximumSide`` or
  ///   ``PNG/maximumPixelCount``.
  /// - Complexity: O(width * height).
  public func encode(_ image: GreyscaleImage) throws(PNGError) -> [UInt8] {
    try image.pixels.withUnsafeBufferPointer { (pixels) throws(PNGError) in
      try withEncodedBytes(width: image.width, height: image.height, pixels: pixels) { Array($0) }
    }
  }

  /// Calls `body` with the bytes of a PNG file, which lie in the encoder's own memory until `body` returns.
  ///
  /// - Parameters:
  ///   - width: the number of columns.
  ///   - height: the number of rows.
  ///   - pixels: the greys, `[height, width]`, top row first.
  ///   - scale: how many times the picture is enlarged: every pixel becomes a square of this side, as by
  ///     ``GreyscaleImage/scaled(by:)``.
  /// - Returns: what `body` returns.
  /// - Throws: ``PNGError`` as ``encode(_:)``, of the enlarged picture.
  /// - Precondition: `pixels.count == width * height`, and `scale` is at least 1.
  /// - Complexity: O(width * height * scale²).
  public func withEncodedBytes<Result>(
    width: Int, height: Int, pixels: UnsafeBufferPointer<UInt8>, scale: Int = 1,
    _ body: (UnsafeRawBufferPointer) -> Result
  ) throws(PNGError) -> Result {
    precondition(pixels.count == width * height, "a picture needs width * height pixels")
    precondition(scale >= 1, "a picture is enlarged by 1 or more")
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

  /// Readies the compressor and the memory for a picture of so many bytes, the rows' filter bytes counted.
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
    precondition(status == Z_OK, "zlib could not start, most likely for want of memory")
    fileByteCount = 0
    // Mostly all that will be needed; a large picture's file grows as it comes.
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

  /// A row's bytes, each of them repeated.
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

  /// A side's length; one that no number holds is too large for any picture.
  private static func enlarged(_ side: Int, by scale: Int) -> Int {
    let (product, overflow) = side.multipliedReportingOverflow(by: scale)
    return overflow ? Int.max : product
  }

  /// The filter that stores the differences from the row above.
  private static let upFilter: UInt8 = 2

  /// Compresses what lies in `rows`, onto the file.
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
      precondition(status == Z_OK || status == Z_STREAM_END, "zlib could not go on")
      fileByteCount += room - Int(stream.pointee.avail_out)
    } while stream.pointee.avail_in > 0 || (isLast && status != Z_STREAM_END)
  }

  /// Appends the CRC-32 of what the file holds from an offset on.
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
  /// Whether a file of which these are the first bytes begins as this type writes one: to tell an export of one's own from
  /// other pictures of the same name.
  ///
  /// - Parameter bytes: the first ``startByteCount`` bytes of a file.
  package static func isStart(_ bytes: [UInt8]) -> Bool {
    guard bytes.count == startByteCount else { return false }
    let width = bytes[16..<20].reduce(0) { $0 << 8 | Int($1) }
    let height = bytes[20..<24].reduce(0) { $0 << 8 | Int($1) }
    return bytes.starts(with: header(width: width, height: height)) && bytes[50...].elementsEqual("IDAT".utf8)
  }

  /// How many bytes ``isStart(_:)`` looks at.
  package static var startByteCount: Int { 54 }

  /// What a file begins with: the signature, IHDR and sRGB.
  private static func header(width: Int, height: Int) -> [UInt8] {
    // 8 bits, grey, deflate, the standard filters, not interlaced; then sRGB's rendering intent: perceptual.
    PNG.signature + chunk("IHDR", bigEndianBytes(width) + bigEndianBytes(height) + [8, 0, 0, 0, 0]) + chunk("sRGB", [0])
  }

  /// The length, to be filled in, and the type of the chunk that holds the picture.
  private static let dataStart: [UInt8] = [0, 0, 0, 0] + "IDAT".utf8

  /// What a file ends with.
  private static let end = chunk("IEND", [])

  private static func bigEndianBytes(_ number: Int) -> [UInt8] {
    [UInt8(number >> 24 & 255), UInt8(number >> 16 & 255), UInt8(number >> 8 & 255), UInt8(number & 255)]
  }

  private static func chunk(_ type: String, _ content: [UInt8]) -> [UInt8] {
    let checked = Array(type.utf8) + content
    return bigEndianBytes(content.count) + checked + bigEndianBytes(Int(PNG.checksum(of: checked[...])))
  }
}
