import Archives
import DatasetFormats
import Datasets
import Pixels
import Testing

/// An invalid archive and its error message.
struct BrokenKeras: CustomTestStringConvertible, Sendable {
  var testDescription: String
  var arrays: [String: [UInt8]]
  var sentence: String

  /// Creates a valid archive and applies changes to its arrays. A nil file removes an array.
  ///
  /// Before the changes, the archive has three training images and one test image, all of 2x2 pixels.
  init(_ name: String, _ changes: [String: [UInt8]?], _ sentence: String) {
    testDescription = name
    arrays = Self.sound
    for (name, file) in changes { arrays[name] = file }
    self.sentence = sentence
  }

  static let sound = [
    "x_train": npyFile("|u1", [3, 2, 2], Array(0..<12)), "y_train": npyFile("|u1", [3], [5, 0, 4]),
    "x_test": npyFile("|u1", [1, 2, 2], [1, 2, 3, 4]), "y_test": npyFile("|u1", [1], [7]),
  ]

  var file: [UInt8] { archive(arrays.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }) }

  static let table: [BrokenKeras] = [
    .init("no labels", ["y_train": nil], "expected the arrays y_train, found x_test, x_train, y_test"),
    .init("no images", ["x_test": nil], "expected the arrays x_test, found x_train, y_test, y_train"),
    .init(
      "other names", ["x_test": nil, "y_test": nil, "x_train": nil, "y_train": nil, "data": npyFile("|u1", [0], [])],
      "expected the arrays x_train, y_train, x_test, y_test, found data"),
    .init(
      "no arrays", ["x_test": nil, "y_test": nil, "x_train": nil, "y_train": nil],
      "expected the arrays x_train, y_train, x_test, y_test, found none"),
    .init(
      "fewer labels", ["y_train": npyFile("|u1", [2], [5, 0])],
      "array \"y_train\": expected 3 labels, one for each image, found 2"),
    .init(
      "images of two sizes", ["x_test": npyFile("|u1", [1, 1, 4], [1, 2, 3, 4])],
      "array \"x_test\": expected images of 2x2 pixels, found 1x4"),
    .init(
      "colours", ["x_test": npyFile("|u1", [1, 2, 2, 3], Array(0..<12))],
      "array \"x_test\": expected the shape [n, rows, columns] or [n, rows, columns, 1], found [1, 2, 2, 3]"),
    .init(
      "images without rows", ["x_train": npyFile("|u1", [3, 0, 2], [])],
      "array \"x_train\": expected the shape [n, rows, columns] or [n, rows, columns, 1], found [3, 0, 2]"),
    .init(
      "a single image", ["x_train": npyFile("|u1", [12], Array(0..<12))],
      "array \"x_train\": expected the shape [n, rows, columns] or [n, rows, columns, 1], found [12]"),
    .init(
      "one-hot labels", ["y_train": npyFile("|u1", [3, 2], [0, 1, 0, 1, 1, 0])],
      "array \"y_train\": expected the shape [n] or [n, 1], found [3, 2]"),
    .init(
      "a single label", ["y_train": npyFile("|u1", [], [5])],
      "array \"y_train\": expected the shape [n] or [n, 1], found []"),
    .init(
      "a label too large", ["y_train": npyFile("<u2", [3], [5, 0, 0, 1, 4, 0])],
      "array \"y_train\": expected a whole number from 0 to 255 as element [1], found 256"),
    .init(
      "an invalid boolean", ["y_test": npyFile("|b1", [1], [2])],
      "array \"y_test\": expected a whole number from 0 to 255 as element [0], found 2"),
    .init(
      "a pixel below 0",
      ["x_train": npyFile("|i1", isFortran: true, [3, 2, 2], [0, 0, 0, 0, 0xFF, 0, 0, 0, 0, 0, 0, 0])],
      "array \"x_train\": expected a whole number from 0 to 255 as element [1, 1, 0], found -1"),
    .init(
      "a file that is not an array", ["y_test": Array("[7]".utf8)],
      "array \"y_test\", at byte 0: expected NumPy's signature 93 4E 55 4D, found 5B 37 5D"),
    .init(
      "Python objects", ["y_test": npyFile("|O", [1], Array("pickle".utf8))],
      "array \"y_test\", at byte 20: expected one of the element types u1, i1, b1, u2, i2, u4, i4, u8, i8, f4, f8, "
        + "found '|O', pickled Python objects, which are never unpickled"),
    .init(
      "fewer elements than the shape says", ["x_test": npyFile("|u1", [1, 2, 2], [1, 2, 3])],
      "array \"x_test\", at byte 76: expected a file of 77 bytes, as its header requires, found 76"),
    .init(
      "more elements than the shape says", ["x_test": npyFile("|u1", [1, 2, 2], [1, 2, 3, 4, 5])],
      "array \"x_test\", at byte 77: expected a file of 77 bytes, as its header requires, found 78"),
    .init(
      "a shape that is larger than the memory", ["x_test": npyFile("<f8", [1 << 31, 1 << 20, 100], [])],
      "array \"x_test\", at byte 90: expected a file of 1801439850948198490 bytes, as its header requires, found 90"),
    .init(
      "a shape whose size overflows", ["x_test": npyFile("<f8", [1 << 31, 1 << 31, 1 << 31], [])],
      "array \"x_test\", at byte 10: the shape [2147483648, 2147483648, 2147483648] "
        + "is too large: the number of bytes does not fit in 63 bits"),
  ]
}

@Suite struct NumPyErrorTests {
  @Test("the archive without changes is valid")
  func sound() throws {
    let data = try KerasArchive.read(BrokenKeras("", [:], "").file)
    #expect(
      data.labels == [5, 0, 4, 7] && Array(data.pixels) == Array(0..<12) + [1, 2, 3, 4] && data.trainingCount == 3)
  }

  @Test("each invalid archive is refused with its place in one sentence", arguments: BrokenKeras.table)
  func broken(_ broken: BrokenKeras) {
    let error = #expect(throws: NumPyError.self) { try KerasArchive.read(broken.file) }
    #expect(error?.description == broken.sentence)
  }

  @Test("images that do not have the given size are refused")
  func imageSize() throws {
    let archive = BrokenKeras("", [:], "").file
    let error = #expect(throws: NumPyError.self) { try KerasArchive.read(archive, imageSize: ImageSize("4x1")) }
    #expect(error?.description == "array \"x_train\": expected images of 4x1 pixels, found 2x2")
  }

  @Test("arrays may have at most the allowed number of bytes")
  func limit() throws {
    let bytes = BrokenKeras("", [:], "").file
    let archive = try ZipArchive(bytes)
    let total = archive.entries.map(\.byteCount).reduce(0, +)
    #expect(try KerasArchive.read(bytes, maximumByteCount: total).count == 4)
    let error = #expect(throws: NumPyError.self) { try KerasArchive.read(bytes, maximumByteCount: total - 1) }
    #expect(error?.problem == .tooLarge(maximumByteCount: total - 1, found: total))
  }

  @Test("a zip bomb is refused before its elements are unpacked")
  func bomb() throws {
    // The 300 MB of zero pixels compress to about a thousandth of their size.
    final class Memory { var bytes: [UInt8] = [] }
    let memory = Memory()
    let writer = ZipWriter { memory.bytes.append(contentsOf: $0) }
    let header = NumPyHeader(elementType: .uint8, shape: [300, 1000, 1000])
    let zeros = [UInt8](repeating: 0, count: 1_000_000)
    try header.encoded.withUnsafeBytes { header in
      try zeros.withUnsafeBytes { zeros in
        let pieces = [header] + [UnsafeRawBufferPointer](repeating: zeros, count: 300)
        try writer.add("x_test.npy", compression: .deflated(level: 1), pieces: pieces)
      }
    }
    try writer.add("y_test.npy", npyFile("|u1", [300], [UInt8](repeating: 0, count: 300)))
    try writer.finish()
    let start = ContinuousClock.now
    let error = #expect(throws: NumPyError.self) { try KerasArchive.read(memory.bytes, maximumByteCount: 1 << 28) }
    guard case .tooLarge = error?.problem else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(start.duration(to: .now) < .seconds(1))
  }
}
