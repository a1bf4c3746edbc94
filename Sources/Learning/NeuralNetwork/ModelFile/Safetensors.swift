internal import DisplayText

#if canImport(FoundationEssentials)
  private import FoundationEssentials
#else
  private import Foundation
#endif

/// A safetensors file: named tensors and a dictionary of texts.
///
/// Layout (https://huggingface.co/docs/safetensors): the header's length as a little-endian UInt64; the header, a JSON
/// object of `{"name": {"dtype": "F64", "shape": [65, 17], "data_offsets": [begin, end]}}` and `"__metadata__"`; the
/// tensors' bytes, little-endian, without gaps.
public struct Safetensors: Equatable, Sendable {
  /// One tensor as it stands in the file.
  public struct Tensor: Equatable, Sendable {
    /// The element type's name in the format, such as `F64`.
    public let elementType: String
    /// The size of each dimension.
    public let shape: [Int]
    /// The elements in row-major order, little-endian.
    public let bytes: [UInt8]

    /// A tensor of elements in row-major order, float64 or rounded to float32.
    public init(shape: [Int], elements: some Collection<Double>, precision: Precision = .float64) {
      precondition(shape.reduce(1, *) == elements.count, "a tensor has as many elements as its shape says")
      self.shape = shape
      var bytes: [UInt8] = []
      switch precision {
      case .float64:
        elementType = "F64"
        bytes.reserveCapacity(elements.count * 8)
        for element in elements {
          withUnsafeBytes(of: element.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
        }
      case .float32:
        elementType = "F32"
        bytes.reserveCapacity(elements.count * 4)
        for element in elements {
          withUnsafeBytes(of: Float(element).bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
        }
      }
      self.bytes = bytes
    }

    /// Creates a tensor from an entry of a header and the bytes at the entry's place.
    init(_ entry: Header.Entry, bytes: [UInt8]) {
      elementType = entry.elementType
      shape = entry.shape
      self.bytes = bytes
    }

    /// The elements of a tensor of float64 or float32 numbers; nil for another type.
    public var elements: [Double]? {
      bytes.withUnsafeBytes { raw in
        switch elementType {
        case "F64":
          (0..<bytes.count / 8).map {
            Double(bitPattern: UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: $0 * 8, as: UInt64.self)))
          }
        case "F32":
          (0..<bytes.count / 4).map {
            Double(Float(bitPattern: UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: $0 * 4, as: UInt32.self))))
          }
        default: nil
        }
      }
    }
  }

  /// The texts that go with the tensors.
  public var metadata: [String: String]

  /// The tensors by their names.
  public var tensors: [String: Tensor]

  /// A file's content.
  public init(metadata: [String: String], tensors: [String: Tensor]) {
    self.metadata = metadata
    self.tensors = tensors
  }

  /// Reads a file.
  ///
  /// - Throws: ``SafetensorsError`` unless everything is consistent: the header's length, its JSON, each tensor's type,
  ///   shape and place, and that the tensors fill the file without gaps or overlaps.
  /// - Complexity: O(bytes.count). The tensors are copied once, after all of them are known to fit into the file.
  public init(parsing bytes: [UInt8]) throws(SafetensorsError) {
    let headerByteCount = try Header.byteCount(Array(bytes.prefix(8)), fileByteCount: bytes.count)
    let header = try Header(parsing: Array(bytes[8..<8 + headerByteCount]), fileByteCount: bytes.count)
    metadata = header.metadata
    tensors = header.entries.mapValues { Tensor($0, bytes: Array(bytes[$0.place])) }
  }

  /// The file's bytes: tensors in the order of their names, the same bytes for the same content.
  ///
  /// - Complexity: O(size of the tensors).
  public func encoded() -> [UInt8] {
    var header: [String: HeaderEntry] = [:]
    if !metadata.isEmpty { header[Header.metadataKey] = .metadata(metadata) }
    var data: [UInt8] = []
    for (name, tensor) in tensors.sorted(by: { $0.key < $1.key }) {
      let offsets = [data.count, data.count + tensor.bytes.count]
      header[name] = .tensor(type: tensor.elementType, shape: tensor.shape, offsets: offsets)
      data += tensor.bytes
    }
    // Dictionaries of texts and whole numbers always encode.
    var json = Array(((try? sortedJSON(header)) ?? "").utf8)
    // Spaces behind the JSON align the tensors to 8 bytes, as the format recommends.
    json += [UInt8](repeating: 0x20, count: (8 - json.count % 8) % 8)
    return withUnsafeBytes(of: UInt64(json.count).littleEndian) { Array($0) } + json + data
  }
}

extension Safetensors {
  /// A file's header: the metadata, and where each tensor lies.
  ///
  /// A header is checked completely before any tensor is read, so that a file costs no more memory than its content needs.
  struct Header {
    /// The longest header that is read, the limit of the safetensors library.
    static let maximumByteCount = 100_000_000

    /// The most JSON values in a header, enough for 30,000 tensors. Each value costs the JSON decoder far more memory than
    /// the two bytes that it can take in the text.
    static let maximumValueCount = 1 << 18

    /// The deepest nesting of a header: the list of a tensor's sizes, in the tensor's entry, in the header.
    private static let maximumDepth = 3

    /// The longest name of a tensor, in bytes, so that messages that name it stay short.
    private static let maximumNameByteCount = 1024

    static let metadataKey = "__metadata__"

    /// One tensor's type, shape and place.
    struct Entry {
      let elementType: String
      let shape: [Int]
      /// The offsets of the tensor's bytes, counted from the beginning of the file.
      let place: Range<Int>
    }

    private(set) var metadata: [String: String] = [:]
    private(set) var entries: [String: Entry] = [:]

    /// Returns the header's length, which a file's first 8 bytes tell.
    static func byteCount(_ beginning: [UInt8], fileByteCount: Int) throws(SafetensorsError) -> Int {
      guard fileByteCount >= 8, beginning.count == 8 else {
        throw .headerCut(declared: nil, available: min(fileByteCount, beginning.count))
      }
      let declared = beginning.reversed().reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
      guard declared <= UInt64(fileByteCount - 8) else {
        throw .headerCut(declared: declared, available: fileByteCount - 8)
      }
      guard declared <= UInt64(maximumByteCount) else {
        throw .headerTooLong(declared: declared, maximum: maximumByteCount)
      }
      return Int(declared)
    }

    /// Reads a header, and checks that its tensors fill the rest of the file without gaps or overlaps.
    init(parsing bytes: [UInt8], fileByteCount: Int) throws(SafetensorsError) {
      let extent = JSONExtent(of: bytes)
      guard extent.depth <= Self.maximumDepth, extent.valueCount <= Self.maximumValueCount else {
        throw .headerNotJSON(
          "expected at most \(Self.maximumValueCount) values nested at most \(Self.maximumDepth) deep, found "
            + "\(extent.valueCount) values nested \(extent.depth) deep")
      }
      let start = 8 + bytes.count
      for (name, entry) in try HeaderEntry.decoded(bytes) {
        guard name.utf8.count <= Self.maximumNameByteCount else {
          throw .headerNotJSON(
            "a name has \(name.utf8.count) bytes, expected at most \(Self.maximumNameByteCount)")
        }
        switch entry {
        case .metadata(let texts):
          guard name == Self.metadataKey else { throw .headerNotJSON("\(name) is not a tensor's entry") }
          metadata = texts
        case .tensor(let type, let shape, let offsets):
          guard name != Self.metadataKey else { throw .headerNotJSON("\(name) is not a dictionary of texts") }
          let range = try Self.place(name, type, shape, offsets, available: fileByteCount - start)
          entries[name] = Entry(
            elementType: type, shape: shape, place: start + range.lowerBound..<start + range.upperBound)
        }
      }
      let places = entries.map { (name: $0.key, range: $0.value.place) }
        .sorted { ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound) }
      var end = start
      for (name, range) in places {
        guard range.lowerBound == end else {
          throw .misplaced(tensor: name, expected: end - start, found: range.lowerBound - start)
        }
        end = range.upperBound
      }
      guard end == fileByteCount else { throw .trailingBytes(offset: end, count: fileByteCount - end) }
    }

    /// The bytes of each element type that the format knows.
    private static let elementByteCounts = [
      "BOOL": 1, "U8": 1, "I8": 1, "F8_E5M2": 1, "F8_E4M3": 1, "U16": 2, "I16": 2, "F16": 2, "BF16": 2,
      "U32": 4, "I32": 4, "F32": 4, "U64": 8, "I64": 8, "F64": 8,
    ]

    /// Checks one tensor's entry, and returns the place of its bytes after the header.
    private static func place(
      _ name: String, _ type: String, _ shape: [Int], _ offsets: [Int], available: Int
    ) throws(SafetensorsError) -> Range<Int> {
      guard let elementByteCount = elementByteCounts[type] else {
        throw .unknownElementType(tensor: name, found: type.beginning)
      }
      guard offsets.count == 2, offsets[0] >= 0, offsets[0] <= offsets[1], offsets[1] <= available else {
        throw .offsetsOutOfRange(tensor: name, found: offsets, available: available)
      }
      var byteCount = elementByteCount
      for dimension in shape {
        let (product, overflow) = byteCount.multipliedReportingOverflow(by: dimension)
        guard dimension >= 0, !overflow else { throw .shapeImpossible(tensor: name, shape: shape) }
        byteCount = product
      }
      guard byteCount == offsets[1] - offsets[0] else {
        throw .sizeDiffers(tensor: name, shape: shape, expected: byteCount, found: offsets[1] - offsets[0])
      }
      return offsets[0]..<offsets[1]
    }
  }
}

/// An upper bound of what a JSON text holds, counted without decoding it.
///
/// A decoder's memory grows with the number of values, not with the text's length. Counting first makes it possible to
/// refuse a text that could not be what is expected.
struct JSONExtent: Equatable {
  /// At least as many values as the text has.
  private(set) var valueCount = 1
  /// The deepest nesting of lists and objects.
  private(set) var depth = 0

  /// Counts brackets and commas outside of strings.
  ///
  /// - Complexity: O(bytes.count), without memory of its own.
  init(of bytes: [UInt8]) {
    bytes.withUnsafeBufferPointer { bytes in
      var (level, index) = (0, 0)
      var isInString = false
      while index < bytes.count {
        switch bytes[index] {
        case UInt8(ascii: "\\") where isInString: index += 1
        case UInt8(ascii: "\""): isInString.toggle()
        case _ where isInString: break
        case UInt8(ascii: ","): valueCount += 1
        case UInt8(ascii: "["), UInt8(ascii: "{"):
          valueCount += 1
          level += 1
          depth = max(depth, level)
        case UInt8(ascii: "]"), UInt8(ascii: "}"): level -= 1
        default: break
        }
        index += 1
      }
    }
  }
}

/// An entry of the header: a tensor's, or the dictionary of texts.
private enum HeaderEntry: Codable {
  case metadata([String: String])
  case tensor(type: String, shape: [Int], offsets: [Int])

  enum Key: String, CodingKey {
    case type = "dtype"
    case shape
    case offsets = "data_offsets"
  }

  init(from decoder: any Decoder) throws {
    // The texts could have such keys too, but their values are no arrays.
    let container = try decoder.container(keyedBy: Key.self)
    if container.contains(.shape), container.contains(.offsets) {
      self = try .tensor(
        type: container.decode(String.self, forKey: .type), shape: container.decode([Int].self, forKey: .shape),
        offsets: container.decode([Int].self, forKey: .offsets))
    } else {
      self = try .metadata([String: String](from: decoder))
    }
  }

  func encode(to encoder: any Encoder) throws {
    switch self {
    case .metadata(let texts):
      try texts.encode(to: encoder)
    case .tensor(let type, let shape, let offsets):
      var container = encoder.container(keyedBy: Key.self)
      try container.encode(type, forKey: .type)
      try container.encode(shape, forKey: .shape)
      try container.encode(offsets, forKey: .offsets)
    }
  }

  /// Decodes a header without copying it.
  static func decoded(_ bytes: [UInt8]) throws(SafetensorsError) -> [String: HeaderEntry] {
    do {
      var bytes = bytes
      return try bytes.withUnsafeMutableBytes { memory in
        guard let start = memory.baseAddress else { return try JSONDecoder().decode(Self.Entries.self, from: Data()) }
        let data = Data(bytesNoCopy: start, count: memory.count, deallocator: .none)
        return try JSONDecoder().decode(Entries.self, from: data)
      }
    } catch {
      throw .headerNotJSON(reason(error))
    }
  }

  private typealias Entries = [String: HeaderEntry]

  /// Where in the header the decoding failed, on one line.
  private static func reason(_ error: any Error) -> String {
    let context: DecodingError.Context
    switch error as? DecodingError {
    case .typeMismatch(_, let found), .valueNotFound(_, let found), .keyNotFound(_, let found),
      .dataCorrupted(let found):
      context = found
    default: return "it cannot be read"
    }
    let path = context.codingPath.map(\.stringValue).joined(separator: ".")
    return path.isEmpty
      ? "it is not a JSON object of objects" : "the entry \(path.beginning.debugDescription) is malformed"
  }
}

extension String {
  /// The first 200 scalars, enough to recognise a text in a message.
  var beginning: String { String(String.UnicodeScalarView(unicodeScalars.prefix(200))) }
}
