/// What the first bytes of a file tell it to be. The raw values are for sentences.
enum FileContent: String {
  case zip = "a zip archive"
  case gzip = "a gzip file"
  case idx = "one IDX file"
  case npy = "one NumPy array (.npy)"
  case png = "one PNG picture"
  case html = "an HTML page"
  case text = "text"
  case empty = "an empty file"
  case unknown = "a file of an unknown kind"

  /// How many bytes it takes to tell.
  static let neededByteCount = 512

  private static let signatures: [(bytes: [UInt8], content: FileContent)] = [
    // The second one is that of an archive without entries.
    (Array("PK\u{3}\u{4}".utf8), .zip), (Array("PK\u{5}\u{6}".utf8), .zip), ([0x1F, 0x8B], .gzip), ([0, 0], .idx),
    ([0x93] + "NUMPY".utf8, .npy), ([0x89] + "PNG".utf8, .png),
  ]

  /// - Parameter bytes: the first ``neededByteCount`` bytes, or all where there are fewer.
  init(beginning bytes: [UInt8]) {
    if bytes.isEmpty {
      self = .empty
    } else if let known = Self.signatures.first(where: { bytes.starts(with: $0.bytes) }) {
      self = known.content
    } else {
      let text = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
      let isText = text.allSatisfy { $0 >= 0x20 && $0 != 0x7F || (0x09...0x0D).contains($0) }
      let first = text.first { $0 > 0x20 }
      self = !isText ? .unknown : first == UInt8(ascii: "<") ? .html : .text
    }
  }
}
