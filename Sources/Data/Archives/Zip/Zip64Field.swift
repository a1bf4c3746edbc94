/// The extra field that holds an entry's large numbers.
struct Zip64Field {
  static let identifier: UInt16 = 1

  private let bytes: [UInt8]
  private var position = 0

  /// The field among an entry's extra fields; nil if there is none or the extra fields do not have their lengths.
  init?(among extra: [UInt8]) {
    guard let fields = Self.fields(extra), let field = fields.first(where: { $0.identifier == Self.identifier }) else {
      return nil
    }
    bytes = Array(extra[field.content])
  }

  /// The next number; nil if the field is at its end.
  mutating func next<Number: FixedWidthInteger & BitwiseCopyable>(_ type: Number.Type) -> Number? {
    guard position <= bytes.count - MemoryLayout<Number>.size else { return nil }
    defer { position += MemoryLayout<Number>.size }
    return bytes.littleEndian(type, at: position)
  }

  /// Whether the extra fields have the lengths that they say. Up to three bytes too few for a field may end them, as
  /// some programs pad them.
  static func isSound(_ extra: [UInt8]) -> Bool { fields(extra) != nil }

  private static func fields(_ extra: [UInt8]) -> [(identifier: UInt16, content: Range<Int>)]? {
    var fields: [(identifier: UInt16, content: Range<Int>)] = []
    var position = 0
    while extra.count - position >= 4 {
      let count = Int(extra.littleEndian(UInt16.self, at: position + 2))
      guard count <= extra.count - position - 4 else { return nil }
      fields.append((extra.littleEndian(UInt16.self, at: position), (position + 4)..<(position + 4 + count)))
      position += 4 + count
    }
    return fields
  }

  /// A field with numbers of 64 bits.
  static func encoded(_ numbers: [UInt64]) -> [UInt8] {
    guard !numbers.isEmpty else { return [] }
    var bytes: [UInt8] = []
    bytes.append(littleEndian: identifier)
    bytes.append(littleEndian: UInt16(8 * numbers.count))
    for number in numbers { bytes.append(littleEndian: number) }
    return bytes
  }
}
