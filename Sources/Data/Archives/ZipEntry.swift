/// A file or folder in a ``ZipArchive``. The values come from the archive's directory and have been checked.
public struct ZipEntry: Equatable, Sendable {
  /// The compression method of an entry.
  public enum Method: UInt16, Sendable {
    /// No compression.
    case stored = 0
    /// Compression with deflate.
    case deflated = 8
  }

  /// The path of the entry in the archive, with `/` between folders.
  ///
  /// The path always stays inside the folder into which the archive is unpacked.
  public let name: String
  /// The compression method of the contents.
  public let method: Method
  /// The size of the unpacked contents in bytes.
  public let byteCount: Int
  /// The size of the packed contents in bytes.
  public internal(set) var compressedByteCount: Int
  /// The CRC-32 of the unpacked contents.
  public internal(set) var checksum: UInt32
  /// The bytes of the name. The local header must contain the same bytes.
  let nameBytes: [UInt8]
  let flags: UInt16
  /// The offset of the entry's local header in the archive.
  let headerOffset: Int
  /// The largest offset at which the entry may end. The limit is the start of the next entry's local header. For the
  /// last entry, the limit is the start of the directory.
  var limit: Int

  /// Returns the CRC-32, the packed size and the unpacked size of the entry as bytes.
  ///
  /// These bytes are the entry's data descriptor without its signature.
  ///
  /// - Parameter isLarge: Whether the sizes have 64 bits instead of 32.
  /// - Returns: The bytes; nil if a size does not fit in 32 bits and `isLarge` is false.
  func descriptor(isLarge: Bool) -> [UInt8]? {
    if isLarge { return littleEndian(checksum, UInt64(compressedByteCount), UInt64(byteCount)) }
    guard let compressed = UInt32(exactly: compressedByteCount), let full = UInt32(exactly: byteCount) else {
      return nil
    }
    return littleEndian(checksum, compressed, full)
  }

  /// Decodes the bytes of a name; returns nil if `isUTF8` is true and the bytes are not valid UTF-8.
  ///
  /// If `isUTF8` is false, the bytes are text in code page 437, the character set of the first IBM PC.
  static func name(_ bytes: [UInt8], isUTF8: Bool) -> String? {
    if isUTF8 { return String(validating: bytes, as: UTF8.self) }
    var text = ""
    for byte in bytes {
      text.unicodeScalars.append(byte < 128 ? Unicode.Scalar(byte) : codePage437[Int(byte) - 128])
    }
    return text
  }

  /// Returns the reason why a name is invalid, such as `is empty`; nil if the name is a path that stays inside a
  /// folder.
  static func fault(inName name: String) -> String? {
    let scalars = name.unicodeScalars
    if scalars.isEmpty { return "is empty" }
    if scalars.contains("\0") { return "contains a zero character" }
    if scalars.contains("\\") { return "contains a backslash" }
    if scalars.first == "/" { return "begins with /" }
    // On some systems, a path such as "C:a" refers to another disk.
    if scalars.dropFirst().first == ":", scalars.first?.properties.isAlphabetic == true {
      return "begins with a drive letter"
    }
    if scalars.split(separator: "/").contains(where: { $0.elementsEqual("..".unicodeScalars) }) {
      return "leaves the folder through .."
    }
    return nil
  }

  /// The characters that have the numbers 128 to 255 in code page 437.
  private static let codePage437 = Array(
    ("ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐"
      + "└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{A0}").unicodeScalars)
}

/// Masks for the bits of an entry's flags.
enum EntryFlags {
  static let encrypted: UInt16 = 1 << 0
  static let dataDescriptor: UInt16 = 1 << 3
  static let utf8: UInt16 = 1 << 11
  /// The bits for hints about the compression settings. Unpacking does not need the hints.
  static let compressionHints: UInt16 = 1 << 1 | 1 << 2
  /// The bits for strong encryption and for masked headers.
  static let otherEncryption: UInt16 = 1 << 6 | 1 << 13
  static let known = compressionHints | dataDescriptor | utf8
}

/// The zip64 extra field of an entry, which holds the numbers that are too large for the ordinary fields.
struct Zip64Field {
  private static let identifier: UInt16 = 1

  private let bytes: [UInt8]
  private var position = 0

  /// Finds the zip64 field among an entry's extra fields; returns nil if the entry has no zip64 field.
  ///
  /// Up to three bytes after the last field are ignored, because some programs add padding.
  ///
  /// - Throws: `failure` if an extra field is shorter than its stated length.
  init?(among extra: ArraySlice<UInt8>, orThrow failure: ZipError) throws {
    var rest = Array(extra)[...]
    var found: [UInt8]?
    while rest.count >= 4 {
      let start = rest.startIndex
      let end = start + 4 + Int(rest[start + 2]) + Int(rest[start + 3]) << 8
      guard end <= rest.endIndex else { throw failure }
      if found == nil, rest.starts(with: littleEndian(Self.identifier)) { found = Array(rest[(start + 4)..<end]) }
      rest = rest[end...]
    }
    guard let found else { return nil }
    bytes = found
  }

  /// Reads the next number of the field; returns nil at the end of the field.
  mutating func next<Number: FixedWidthInteger & BitwiseCopyable>(_ type: Number.Type) -> Number? {
    guard position <= bytes.count - MemoryLayout<Number>.size else { return nil }
    defer { position += MemoryLayout<Number>.size }
    return bytes.littleEndian(type, at: position)
  }

  /// Returns the bytes of a zip64 field with the given numbers; an empty array if there are no numbers.
  static func encoded(_ numbers: [Int]) -> [UInt8] {
    numbers.isEmpty
      ? [] : littleEndian(identifier, UInt16(8 * numbers.count)) + numbers.flatMap { littleEndian(UInt64($0)) }
  }
}
