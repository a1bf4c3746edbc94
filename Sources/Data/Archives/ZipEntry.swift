/// One file, or folder, of a ``ZipArchive``, as the archive's directory describes it. All of it has been checked.
public struct ZipEntry: Equatable, Sendable {
  /// How contents are packed.
  public enum Method: UInt16, Sendable {
    /// As they are.
    case stored = 0
    /// With deflate.
    case deflated = 8
  }

  /// The path in the archive, with `/` between folders. It stays inside the folder into which the archive is unpacked.
  public let name: String
  /// How it is packed.
  public let method: Method
  /// The size of the contents.
  public let byteCount: Int
  /// The size of the packed contents.
  public internal(set) var compressedByteCount: Int
  /// The contents' CRC-32.
  public internal(set) var checksum: UInt32
  /// The name's bytes, which the local header has to repeat.
  let nameBytes: [UInt8]
  let flags: UInt16
  /// The offset of the local header.
  let headerOffset: Int
  /// The offset of what follows the entry: the next entry's local header, or the directory.
  var limit: Int

  /// The checksum and the sizes, as they follow the data of an entry whose local header does not know them; nil if the
  /// sizes need 64 bits and shall not have them.
  func descriptor(isLarge: Bool) -> [UInt8]? {
    if isLarge { return littleEndian(checksum, UInt64(compressedByteCount), UInt64(byteCount)) }
    guard let compressed = UInt32(exactly: compressedByteCount), let full = UInt32(exactly: byteCount) else {
      return nil
    }
    return littleEndian(checksum, compressed, full)
  }

  /// Returns the text of a name's bytes; nil where they claim to be UTF-8 and are not.
  ///
  /// Without the flag for UTF-8, names are in the code page of the first PC, 437.
  static func name(_ bytes: [UInt8], isUTF8: Bool) -> String? {
    if isUTF8 { return String(validating: bytes, as: UTF8.self) }
    var text = ""
    for byte in bytes {
      text.unicodeScalars.append(byte < 128 ? Unicode.Scalar(byte) : codePage437[Int(byte) - 128])
    }
    return text
  }

  /// Returns what is wrong with a name, as the end of a sentence; nil if it is a path that stays inside a folder.
  static func fault(inName name: String) -> String? {
    let scalars = name.unicodeScalars
    if scalars.isEmpty { return "is empty" }
    if scalars.contains("\0") { return "has a zero character" }
    if scalars.contains("\\") { return "has a backslash" }
    if scalars.first == "/" { return "begins with /" }
    // "C:", which on some systems leads to another disk.
    if scalars.dropFirst().first == ":", scalars.first?.properties.isAlphabetic == true {
      return "begins with a drive letter"
    }
    if scalars.split(separator: "/").contains(where: { $0.elementsEqual("..".unicodeScalars) }) {
      return "leads out by .."
    }
    return nil
  }

  /// The characters 128 to 255 of code page 437.
  private static let codePage437 = Array(
    ("ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐"
      + "└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{A0}").unicodeScalars)
}

/// The bits of an entry's flags that matter here.
enum EntryFlags {
  static let encrypted: UInt16 = 1 << 0
  static let dataDescriptor: UInt16 = 1 << 3
  static let utf8: UInt16 = 1 << 11
  /// Hints on how the packing was done, which reading does not need.
  static let compressionHints: UInt16 = 1 << 1 | 1 << 2
  /// Strong encryption and masked headers.
  static let otherEncryption: UInt16 = 1 << 6 | 1 << 13
  static let known = compressionHints | dataDescriptor | utf8
}

/// The extra field that holds an entry's large numbers.
struct Zip64Field {
  private static let identifier: UInt16 = 1

  private let bytes: [UInt8]
  private var position = 0

  /// Finds the field among an entry's extra fields; nil if there is none.
  ///
  /// - Throws: `failure` where the extra fields do not have the lengths that they say. Up to three bytes too few for a
  ///   field may end them, as some programs pad them.
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

  /// Returns the next number; nil at the end of the field.
  mutating func next<Number: FixedWidthInteger & BitwiseCopyable>(_ type: Number.Type) -> Number? {
    guard position <= bytes.count - MemoryLayout<Number>.size else { return nil }
    defer { position += MemoryLayout<Number>.size }
    return bytes.littleEndian(type, at: position)
  }

  /// The bytes of a field with some numbers; none if there are no numbers.
  static func encoded(_ numbers: [Int]) -> [UInt8] {
    numbers.isEmpty
      ? [] : littleEndian(identifier, UInt16(8 * numbers.count)) + numbers.flatMap { littleEndian(UInt64($0)) }
  }
}
