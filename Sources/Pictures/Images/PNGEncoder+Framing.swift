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
  static func header(width: Int, height: Int) -> [UInt8] {
    // 8 bits, grey, deflate, the standard filters, not interlaced; then sRGB's rendering intent: perceptual.
    PNG.signature + chunk("IHDR", bigEndianBytes(width) + bigEndianBytes(height) + [8, 0, 0, 0, 0]) + chunk("sRGB", [0])
  }

  /// The length, to be filled in, and the type of the chunk that holds the picture.
  static let dataStart: [UInt8] = [0, 0, 0, 0] + "IDAT".utf8

  /// What a file ends with.
  static let end = chunk("IEND", [])

  static func bigEndianBytes(_ number: Int) -> [UInt8] {
    [UInt8(number >> 24 & 255), UInt8(number >> 16 & 255), UInt8(number >> 8 & 255), UInt8(number & 255)]
  }

  private static func chunk(_ type: String, _ content: [UInt8]) -> [UInt8] {
    let checked = Array(type.utf8) + content
    return bigEndianBytes(content.count) + checked + bigEndianBytes(Int(PNG.checksum(of: checked[...])))
  }
}
