import Foundation
import NeuralNetwork
import Testing

@Suite struct SafetensorsTests {
  static let example = Safetensors(
    metadata: ["name": "example"],
    tensors: [
      "a": .init(shape: [2, 3], elements: [1, 2, 3, 4, 5, -6.5]), "b": .init(shape: [], elements: [0.1]),
      "empty": .init(shape: [0, 4], elements: []),
    ])

  /// A file with the given header, and so many bytes of tensors.
  static func file(_ header: String, dataCount: Int, declared: UInt64? = nil) -> [UInt8] {
    let length = declared ?? UInt64(header.utf8.count)
    return withUnsafeBytes(of: length.littleEndian) { Array($0) } + Array(header.utf8)
      + [UInt8](repeating: 7, count: dataCount)
  }

  static func entry(_ type: String, _ shape: String, _ offsets: String) -> String {
    #"{"dtype":"\#(type)","shape":\#(shape),"data_offsets":\#(offsets)}"#
  }

  @Test("what is written is read, bit for bit, and written the same again")
  func roundTrip() throws {
    let bytes = Self.example.encoded()
    let read = try Safetensors(parsing: bytes)
    #expect(read == Self.example)
    #expect(read.encoded() == bytes)
    #expect(read.tensors["a"]?.elements == [1, 2, 3, 4, 5, -6.5])
    #expect(bytes.count % 8 == 0)
  }

  @Test("the layout is the format's")
  func layout() {
    let bytes = Safetensors(metadata: [:], tensors: ["w": .init(shape: [1], elements: [1])]).encoded()
    let json = #"{"w":{"data_offsets":[0,8],"dtype":"F64","shape":[1]}}"#
    #expect(Array(bytes.prefix(8)) == [56, 0, 0, 0, 0, 0, 0, 0])
    #expect(String(decoding: bytes[8..<64], as: UTF8.self) == json + "  ")
    #expect(Array(bytes[64...]) == [0, 0, 0, 0, 0, 0, 0xF0, 0x3F])
  }

  @Test("a file that somebody else's library wrote is read")
  func foreign() throws {
    let bytes = Self.file(
      #" {"__metadata__":{"shape":"x"},"t":\#(Self.entry("BF16", "[2,2]", "[0,8]"))}"#, dataCount: 8)
    let file = try Safetensors(parsing: bytes)
    #expect(file.metadata == ["shape": "x"])
    #expect(file.tensors["t"]?.shape == [2, 2])
    #expect(file.tensors["t"]?.elements == nil)
  }

  @Test(
    "a file that lies is refused with what it lies about",
    arguments: [
      ([], SafetensorsError.headerCut(declared: nil, available: 0)),
      ([1, 2, 3], .headerCut(declared: nil, available: 3)),
      (file("{}", dataCount: 0, declared: 3), .headerCut(declared: 3, available: 2)),
      (file("{}", dataCount: 0, declared: .max), .headerCut(declared: .max, available: 2)),
      (file("{}", dataCount: 1), .trailingBytes(offset: 10, count: 1)),
      (
        file(#"{"t":\#(entry("F64", "[1]", "[0,8]"))}"#, dataCount: 7),
        .offsetsOutOfRange(tensor: "t", found: [0, 8], available: 7)
      ),
      (
        file(#"{"t":\#(entry("F64", "[1]", "[8,0]"))}"#, dataCount: 8),
        .offsetsOutOfRange(tensor: "t", found: [8, 0], available: 8)
      ),
      (
        file(#"{"t":\#(entry("F64", "[1]", "[-8,0]"))}"#, dataCount: 8),
        .offsetsOutOfRange(tensor: "t", found: [-8, 0], available: 8)
      ),
      (
        file(#"{"t":\#(entry("F64", "[1]", "[0]"))}"#, dataCount: 8),
        .offsetsOutOfRange(tensor: "t", found: [0], available: 8)
      ),
      (
        file(#"{"t":\#(entry("F64", "[2]", "[0,8]"))}"#, dataCount: 8),
        .sizeDiffers(tensor: "t", shape: [2], expected: 16, found: 8)
      ),
      (
        file(#"{"t":\#(entry("F64", "[-1]", "[0,8]"))}"#, dataCount: 8),
        .shapeImpossible(tensor: "t", shape: [-1])
      ),
      (
        file(#"{"t":\#(entry("F64", "[4294967296,4294967296]", "[0,8]"))}"#, dataCount: 8),
        .shapeImpossible(tensor: "t", shape: [4_294_967_296, 4_294_967_296])
      ),
      (
        file(#"{"t":\#(entry("F65", "[1]", "[0,8]"))}"#, dataCount: 8),
        .unknownElementType(tensor: "t", found: "F65")
      ),
      (
        file(#"{"s":\#(entry("F64", "[1]", "[0,8]")),"t":\#(entry("F64", "[1]", "[0,8]"))}"#, dataCount: 8),
        .misplaced(tensor: "t", expected: 8, found: 0)
      ),
      (
        file(#"{"t":\#(entry("F64", "[1]", "[8,16]"))}"#, dataCount: 16),
        .misplaced(tensor: "t", expected: 0, found: 8)
      ),
    ] as [([UInt8], SafetensorsError)])
  func lies(_ bytes: [UInt8], _ expected: SafetensorsError) {
    let error = #expect(throws: SafetensorsError.self) { try Safetensors(parsing: bytes) }
    if case .misplaced(_, let place, let found) = error, case .misplaced(_, place, found) = expected { return }
    #expect(error == expected)
    #expect(!expected.description.contains("\n"))
  }

  @Test(
    "a header that is not the format's JSON is refused",
    arguments: [
      "", "[]", "{", "nonsense", #"{"t":1}"#, #"{"t":{"dtype":"F64"}}"#, #"{"__metadata__":{"a":1}}"#,
      #"{"x":{"a":"b"}}"#,
      #"{"t":{"dtype":"F64","shape":[1.5],"data_offsets":[0,8]}}"#,
      #"{"t":{"dtype":"F64","shape":[99999999999999999999],"data_offsets":[0,8]}}"#,
      #"{"__metadata__":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}}"#,
      String(repeating: "[", count: 100_000),
    ])
  func notJSON(_ header: String) {
    let error = #expect(throws: SafetensorsError.self) { try Safetensors(parsing: Self.file(header, dataCount: 0)) }
    guard case .headerNotJSON = error else {
      Issue.record("found \(String(describing: error))")
      return
    }
    #expect(error?.description.contains("\n") == false)
  }

  @Test("a header of more values than a file of tensors has is refused before it is decoded")
  func tooManyValues() {
    let lists = [
      #"{"t":{"dtype":"F64","shape":[\#(String(repeating: "1,", count: 300_000))1],"data_offsets":[0,8]}}"#,
      "{\(String(repeating: #""a":{},"#, count: 300_000))}", String(repeating: #"{"a":["#, count: 2),
    ]
    for header in lists {
      let error = #expect(throws: SafetensorsError.self) { try Safetensors(parsing: Self.file(header, dataCount: 8)) }
      #expect(error?.description.contains("expected at most 262144 values nested at most 3 deep") == true)
    }
    // Brackets and commas in texts do not count.
    let text = String(repeating: #"[{,\"\\"#, count: 100_000)
    let file = Self.file(#"{"__metadata__":{"a":"\#(text)"}}"#, dataCount: 0)
    #expect(throws: Never.self) { try Safetensors(parsing: file) }
  }

  @Test("a message stays short, however long a name or a type is")
  func longNames() {
    let long = String(repeating: "x", count: 100_000)
    let entry = Self.entry("F64", "[1]", "[0,8]")
    for (header, text) in [
      ("{\"\(long)\":\(entry)}", "a name has 100000 bytes, expected at most 1024"),
      ("{\"\(long)\":{\"a\":1}}", "malformed"),
      (entry.replacing("F64", with: long), "not"),
      ("{\"t\":\(entry.replacing("F64", with: long))}", "element type xxx"),
    ] {
      let error = #expect(throws: SafetensorsError.self) { try Safetensors(parsing: Self.file(header, dataCount: 8)) }
      let description = error?.description ?? ""
      #expect(description.contains(text) && description.utf8.count < 400, "\(description.prefix(400))")
    }
  }

  @Test("a message stays short, however long a shape is")
  func longShape() {
    let shape = "[\(String(repeating: "1,", count: 1000))2]"
    let error = #expect(throws: SafetensorsError.self) {
      try Safetensors(parsing: Self.file(#"{"t":\#(Self.entry("U8", shape, "[0,8]"))}"#, dataCount: 8))
    }
    #expect(error?.description == "the tensor t of shape [1, 1, 1, 1, 1, 1, 1, 1, ...] has 8 bytes, expected 2")
  }

  @Test("a file cut at any byte is refused")
  func cut() {
    let bytes = Self.example.encoded()
    for count in 0..<bytes.count {
      #expect(throws: SafetensorsError.self, "cut to \(count)") { try Safetensors(parsing: Array(bytes.prefix(count))) }
    }
  }

  @Test("no changed byte crashes the reader")
  func changed() {
    let bytes = Self.example.encoded()
    for index in bytes.indices {
      for value in [0, 0x20, 0x22, 0x2D, 0x39, 0x5B, 0x7D, 0xFF] as [UInt8] {
        var changed = bytes
        changed[index] = value
        _ = try? Safetensors(parsing: changed)
      }
    }
  }
}
