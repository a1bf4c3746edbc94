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

    fileprivate init(elementType: String, shape: [Int], bytes: [UInt8]) {
      self.elementType = elementType
      self.shape = shape
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

  /// The bytes of each element type that the format knows.
  private static let elementByteCounts = [
    "BOOL": 1, "U8": 1, "I8": 1, "F8_E5M2": 1, "F8_E4M3": 1, "U16": 2, "I16": 2, "F16": 2, "BF16": 2,
    "U32": 4, "I32": 4, "F32": 4, "U64": 8, "I64": 8, "F64": 8,
  ]

  private static let metadataKey = "__metadata__"

  /// Reads a file.
  ///
  /// - Throws: ``SafetensorsError`` unless everything is consistent: the header's length, its JSON, each tensor's type,
  ///   shape and place, and that the tensors fill the file without gaps or overlaps.
  /// - Complexity: O(bytes.count), and no more memory than a small multiple of it.
  public init(parsing bytes: [UInt8]) throws(SafetensorsError) {
    guard bytes.count >= 8 else { throw .headerCut(declared: nil, available: bytes.count) }
    let declared = bytes.withUnsafeBytes { UInt64(littleEndian: $0.loadUnaligned(as: UInt64.self)) }
    guard declared <= UInt64(bytes.count - 8) else { throw .headerCut(declared: declared, available: bytes.count - 8) }
    let start = 8 + Int(declared)
    let header: [String: HeaderEntry]
    do {
      header = try JSONDecoder().decode([String: HeaderEntry].self, from: Data(bytes[8..<start]))
    } catch {
      throw .headerNotJSON(HeaderEntry.reason(error))
    }
    metadata = [:]
    tensors = [:]
    var places: [(range: Range<Int>, name: String, type: String, shape: [Int])] = []
    for (name, entry) in header {
      switch entry {
      case .metadata(let texts):
        guard name == Self.metadataKey else { throw .headerNotJSON("\(name) is not a tensor's entry") }
        metadata = texts
      case .tensor(let type, let shape, let offsets):
        guard name != Self.metadataKey else { throw .headerNotJSON("\(name) is not a dictionary of texts") }
        let range = try Self.place(name, type, shape, offsets, available: bytes.count - start)
        places.append((range, name, type, shape))
      }
    }
    places.sort { ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound) }
    var end = 0
    for (range, name, _, _) in places {
      guard range.lowerBound == end else { throw .misplaced(tensor: name, expected: end, found: range.lowerBound) }
      end = range.upperBound
    }
    guard start + end == bytes.count else {
      throw .trailingBytes(offset: start + end, count: bytes.count - start - end)
    }
    // Copied only now: tensors that overlapped could together be far larger than the file.
    for (range, name, type, shape) in places {
      let content = Array(bytes[start + range.lowerBound..<start + range.upperBound])
      tensors[name] = Tensor(elementType: type, shape: shape, bytes: content)
    }
  }

  /// Checks one tensor's entry, and gives its bytes' place behind the header.
  private static func place(
    _ name: String, _ type: String, _ shape: [Int], _ offsets: [Int], available: Int
  ) throws(SafetensorsError) -> Range<Int> {
    guard let elementByteCount = elementByteCounts[type] else { throw .unknownElementType(tensor: name, found: type) }
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

  /// The file's bytes: tensors in the order of their names, the same bytes for the same content.
  ///
  /// - Complexity: O(size of the tensors).
  public func encoded() -> [UInt8] {
    var header: [String: HeaderEntry] = [:]
    if !metadata.isEmpty { header[Self.metadataKey] = .metadata(metadata) }
    var data: [UInt8] = []
    for (name, tensor) in tensors.sorted(by: { $0.key < $1.key }) {
      let offsets = [data.count, data.count + tensor.bytes.count]
      header[name] = .tensor(type: tensor.elementType, shape: tensor.shape, offsets: offsets)
      data += tensor.bytes
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // Dictionaries of texts and whole numbers always encode.
    var json = (try? encoder.encode(header)).map { [UInt8]($0) } ?? []
    // Spaces behind the JSON align the tensors to 8 bytes, as the format recommends.
    json += [UInt8](repeating: 0x20, count: (8 - json.count % 8) % 8)
    return withUnsafeBytes(of: UInt64(json.count).littleEndian) { Array($0) } + json + data
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

  /// Where in the header the decoding failed, on one line.
  static func reason(_ error: any Error) -> String {
    let context: DecodingError.Context
    switch error as? DecodingError {
    case .typeMismatch(_, let found), .valueNotFound(_, let found), .keyNotFound(_, let found),
      .dataCorrupted(let found):
      context = found
    default: return "it cannot be read"
    }
    let path = context.codingPath.map(\.stringValue).joined(separator: ".")
    return path.isEmpty ? "it is not a JSON object of objects" : "the entry \(path.debugDescription) is malformed"
  }
}
