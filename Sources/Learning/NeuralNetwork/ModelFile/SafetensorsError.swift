internal import DisplayText

/// Why bytes are no safetensors file. Offsets of tensors are counted from behind the header, as the format counts them.
public enum SafetensorsError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The file ends before its header does; `declared` is nil where even the length is cut.
  case headerCut(declared: UInt64?, available: Int)
  /// The header is declared longer than any header that is read.
  case headerTooLong(declared: UInt64, maximum: Int)
  /// The file ends before a part that was there when its size was looked up.
  case fileCut(expected: Int, found: Int)
  /// The header is not the JSON that the format asks for.
  case headerNotJSON(String)
  /// A tensor has an element type that the format does not know.
  case unknownElementType(tensor: String, found: String)
  /// A tensor's bytes lie outside the file, or its offsets are not a pair in order.
  case offsetsOutOfRange(tensor: String, found: [Int], available: Int)
  /// A tensor's shape has a negative size, or more elements than can be counted.
  case shapeImpossible(tensor: String, shape: [Int])
  /// A tensor's shape needs another number of bytes than its offsets give it.
  case sizeDiffers(tensor: String, shape: [Int], expected: Int, found: Int)
  /// A tensor does not begin where the one before it ends.
  case misplaced(tensor: String, expected: Int, found: Int)
  /// The file goes on behind the last tensor.
  case trailingBytes(offset: Int, count: Int)

  /// One sentence.
  public var description: String {
    switch self {
    case .headerCut(nil, let available):
      "the file has \(available) bytes, expected at least 8 for the length of a safetensors header"
    case .headerCut(let declared?, _) where declared > 1 << 40,
      .headerTooLong(let declared, _) where declared > 1 << 40:
      "at byte 0: expected the length of a safetensors header, found \(declared); it is another kind of file"
    case .headerCut(let declared?, let available):
      "at byte 0: the header is declared \(declared) bytes long, but only \(available) follow"
    case .headerTooLong(let declared, let maximum):
      "at byte 0: the header is declared \(declared) bytes long, expected at most \(maximum)"
    case .fileCut(let expected, let found):
      "the file should reach to byte \(expected), found its end at byte \(found)"
    case .headerNotJSON(let reason):
      "at byte 8: the header is not that of a safetensors file: \(reason)"
    case .unknownElementType(let tensor, let found):
      "the tensor \(tensor.shortenedForDisplay()) has the unknown element type \(found.shortenedForDisplay())"
    case .offsetsOutOfRange(let tensor, let found, let available):
      "the tensor \(tensor.shortenedForDisplay()) has the data offsets \(text(found)), expected a pair within 0...\(available)"
    case .shapeImpossible(let tensor, let shape):
      "the tensor \(tensor.shortenedForDisplay()) has the impossible shape \(text(shape))"
    case .sizeDiffers(let tensor, let shape, let expected, let found):
      "the tensor \(tensor.shortenedForDisplay()) of shape \(text(shape)) has \(found) bytes, expected \(expected)"
    case .misplaced(let tensor, let expected, let found):
      "the tensor \(tensor.shortenedForDisplay()) begins at data offset \(found), expected \(expected)"
    case .trailingBytes(let offset, let count):
      "at byte \(offset): \(count) bytes follow the last tensor"
    }
  }
}

/// Returns a list of numbers as a sentence shows it, without its end if it is long.
private func text(_ numbers: [Int]) -> String {
  "[" + numbers.prefix(8).map(String.init).joined(separator: ", ") + (numbers.count > 8 ? ", ..." : "") + "]"
}
