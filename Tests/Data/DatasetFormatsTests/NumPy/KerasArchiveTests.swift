import Archives
import DatasetFormats
import Datasets
import Pixels
import RandomSources
import Testing

@Suite struct KerasArchiveTests {
  @Test("every form of NumPy archive is read", arguments: try GoldenArchive.stored())
  func golden(_ golden: GoldenArchive) throws {
    let size = ImageSize(rowCount: 2, columnCount: 4)
    #expect(try KerasArchive.read(golden.bytes, imageSize: size) == golden.expected)
    if !golden.isFlat { #expect(try KerasArchive.read(golden.bytes) == golden.expected) }
  }

  @Test("flat images need a given image size")
  func flat() throws {
    let archive = try GoldenArchive.named("flat").bytes
    #expect(try KerasArchive.read(archive, imageSize: ImageSize("1x8")).columnCount == 8)
    let missing = #expect(throws: NumPyError.self) { try KerasArchive.read(archive) }
    #expect(
      missing?.description
        == "array \"x_train\": expected the shape [n, rows, columns] or [n, rows, columns, 1], "
        + "or a given image size, found [3, 8]")
    for (rows, columns) in [(2, 3), (8, 8), (Int.max, 1)] {
      let size = ImageSize(rowCount: rows, columnCount: columns)
      let wrong = #expect(throws: NumPyError.self) { try KerasArchive.read(archive, imageSize: size) }
      #expect(wrong?.problem == .shape(expected: "[n, \(rows) * \(columns)]", found: [3, 8]))
    }
  }

  @Test("an archive that is cut at any byte is refused", arguments: ["savez", "written to a pipe, compressed"])
  func cuts(_ name: String) throws {
    let golden = try GoldenArchive.named(name)
    for count in 0..<golden.bytes.count {
      #expect(throws: ZipError.self) { try KerasArchive.read(Array(golden.bytes.prefix(count))) }
    }
  }

  @Test("a flipped bit gives an error or the same data, never different data", arguments: try GoldenArchive.stored())
  func flippedBits(_ golden: GoldenArchive) throws {
    // If the name of an array is damaged, the array is missing, so reading fails.
    var refused = 0
    for bit in 0..<(golden.bytes.count * 8) {
      var damaged = golden.bytes
      damaged[bit / 8] ^= 1 << (bit % 8)
      guard let read = try? KerasArchive.read(damaged, imageSize: ImageSize("2x4")) else {
        refused += 1
        continue
      }
      #expect(read == golden.expected, "bit \(bit % 8) of byte \(bit / 8)")
    }
    // Every damaged bit of a pixel must be detected.
    #expect(refused > 8 * golden.pixels.count)
  }

  @Test(
    "a written data set is read back unchanged, and equal data gives equal bytes", arguments: 0..<40 as Range<UInt64>)
  func roundTrip(_ seed: UInt64) throws {
    let data = Self.random(seed: seed)
    for compression in [.stored, .deflated(level: 1), .deflated()] as [ZipWriter.Compression] {
      let bytes = try KerasArchive.encoded(data, compression: compression)
      #expect(try KerasArchive.read(bytes) == data)
      #expect(try bytes == KerasArchive.encoded(data, compression: compression))
    }
    let featureCount = data.rowCount * data.columnCount
    let training = try KerasArchive.read(KerasArchive.encoded(data, part: .train))
    #expect(training.labels == Array(data.labels.prefix(data.trainingCount)))
    #expect(training.trainingCount == data.trainingCount)
    let test = try KerasArchive.read(KerasArchive.encoded(data, part: .test))
    #expect(test.pixels == data.pixels.dropFirst(data.trainingCount * featureCount) && test.trainingCount == 0)
  }

  @Test("arrays are in the order of Keras, and each equals the output of numpy.save")
  func layout() throws {
    let data = try GoldenArchive.named("savez").expected
    let archive = try ZipArchive(KerasArchive.encoded(data, compression: .stored))
    let original = try ZipArchive(GoldenArchive.named("savez").bytes)
    #expect(archive.entries.map(\.name) == ["x_train.npy", "y_train.npy", "x_test.npy", "y_test.npy"])
    for entry in archive.entries {
      let same = try #require(original[entry.name])
      #expect(
        try archive.contents(of: entry, maximumByteCount: 1000) == original.contents(of: same, maximumByteCount: 1000))
    }
  }

  @Test("arrays larger than one unpacked piece are read completely, in every order and width")
  func pieces() throws {
    let data = Self.random(seed: 7, count: 2000, rowCount: 13, columnCount: 17)
    let shape = [2000, 13, 17]
    for type in ["<u2", ">i4", "<i8", ">f4", "<f8"] {
      for isFortran in [false, true] {
        let images = wideArray(Array(data.pixels), shape, type, isFortran: isFortran)
        let labels = NumPyHeader(elementType: .uint8, shape: [2000]).encoded + data.labels
        let bytes = archive([("x_test", images), ("y_test", labels)])
        let read = try KerasArchive.read(bytes)
        #expect(read.pixels == data.pixels && read.labels == data.labels, "\(type) \(isFortran)")
      }
    }
  }

  static func random(seed: UInt64, count: Int? = nil, rowCount: Int? = nil, columnCount: Int? = nil) -> ImageDataset {
    var source = SplittableRandomSource(seed: seed)
    let rowCount = rowCount ?? 1 + Int(source.integer(through: 29))
    let columnCount = columnCount ?? 1 + Int(source.integer(through: 29))
    let count = count ?? Int(source.integer(through: 60))
    let bits = source.integer(through: 255)
    return ImageDataset(
      name: "Keras", rowCount: rowCount, columnCount: columnCount,
      pixels: (0..<(count * rowCount * columnCount)).map { _ in UInt8(source.next() & bits) },
      labels: (0..<count).map { _ in UInt8(source.integer(through: 46)) },
      trainingCount: Int(source.integer(through: UInt64(count))))
  }
}
