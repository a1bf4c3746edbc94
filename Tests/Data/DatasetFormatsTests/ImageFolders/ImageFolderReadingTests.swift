import DatasetFormats
import Datasets
import DurableFiles
import Foundation
import Images
import TestFixtures
import Testing
import Workers

@Suite("Reading data sets from folders of PNG files")
struct ImageFolderReadingTests {
  private let scratch: ScratchFolder

  init() throws { scratch = try ScratchFolder() }

  /// Writes an image that is two pixels wide and one pixel high. Both pixels have the same grey value.
  private func write(_ grey: UInt8, _ name: String) throws {
    try scratch.write(PNG.encode(GreyscaleImage(width: 2, height: 1, filledWith: grey)), to: name)
  }

  private func greys(_ data: ImageDataset) -> [UInt8] { (0..<data.count).map { data.pixels[$0 * 2] } }

  @Test("Class folders without train and test are a training part; numeric folder names are labels")
  func numbered() throws {
    try write(1, "set/7/a.png")
    try write(2, "set/002/b.PNG")
    try write(3, "set/002/a.png")
    try scratch.write([0], to: "set/.DS_Store")
    try scratch.write([0], to: "set/7/Thumbs.db")
    try scratch.write([0], to: "set/7/.hidden/file.txt")
    let data = try ImageFolder.read(scratch("set"))
    #expect(data.name == "set")
    #expect((data.rowCount, data.columnCount) == (1, 2))
    // The file names are not numbers, so the images are sorted by class, then by name.
    #expect(greys(data) == [3, 2, 1])
    #expect(data.labels == [2, 2, 7])
    #expect(data.trainingCount == 3)
    #expect(data.classNames == ["0", "1", "2", "3", "4", "5", "6", "7"])
  }

  @Test("Sorted folder names become the classes, which are the same in both parts")
  func named() throws {
    try write(1, "set/train/cat/1.png")
    try write(2, "set/train/dog/2.png")
    try write(3, "set/test/dog/0.png")
    try write(4, "set/test/ant/1.png")
    let data = try ImageFolder.read(scratch("set"), name: "animals")
    #expect(data.classNames == ["ant", "cat", "dog"])
    #expect(data.labels == [1, 2, 2, 0])
    #expect(greys(data) == [1, 2, 3, 4])
    #expect(data.trainingCount == 2)
    #expect(data.name == "animals")
  }

  @Test("Two folders with the same name in different Unicode bytes are refused")
  func sameText() throws {
    try write(1, "set/caf\u{E9}/1.png")
    try write(2, "set/cafe\u{301}/1.png")
    // Some file systems treat the two folder names as one name.
    guard scratch.names(in: "set").count == 2 else { return }
    let error = #expect(throws: ConversionError.self) { try ImageFolder.read(scratch("set")) }
    #expect(error?.description.contains("the folder stands for the same class as") == true)
  }

  @Test("A file that is too large or is not a PNG file is refused before it is read completely")
  func largeFiles() throws {
    for (beginning, text): ([UInt8], String) in [
      ([0], "not a PNG file"), ([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], "expected at most 135266304"),
    ] {
      try scratch.write(beginning, to: "set/0/1.png")
      #expect(truncate(scratch("set/0/1.png"), 1 << 43) == 0)
      let error = #expect(throws: ConversionError.self) { try ImageFolder.read(scratch("set")) }
      #expect(error?.description.contains(text) == true, "\(String(describing: error))")
    }
  }

  @Test("Images are sorted by number if all numbers differ; otherwise by class and name")
  func order() throws {
    try write(1, "set/0/10.png")
    try write(2, "set/1/9.png")
    try write(3, "set/0/8.png")
    #expect(try greys(ImageFolder.read(scratch("set"))) == [3, 2, 1])
    try write(4, "set/1/08.png")
    #expect(try greys(ImageFolder.read(scratch("set"))) == [1, 3, 4, 2])
  }

  @Test("Images with colours, palettes, 16 bits or interlacing are read as grey images")
  func kinds() throws {
    for name in ["grey8", "grey16", "palette8", "rgb8", "grey8-interlaced"] {
      try scratch.write(Fixture("pictures/\(name).png").bytes(), to: "set/0/\(name).png")
    }
    let data = try ImageFolder.read(scratch("set"))
    #expect((data.count, data.rowCount, data.columnCount) == (5, 6, 11))
    let grey = try PNG.decode(Fixture("pictures/grey8.png").bytes()).pixels
    #expect(Array(data.pixels[(11 * 6)..<(2 * 11 * 6)]) == grey)
  }

  @Test("Given class names are used, and every label must have a name")
  func classNames() throws {
    try write(1, "set/1/a.png")
    #expect(try ImageFolder.read(scratch("set"), classNames: ["even", "odd", "other"]).classCount == 3)
    #expect(throws: ConversionError.labelOutOfRange(path: scratch("set/1"), maximum: 0)) {
      try ImageFolder.read(scratch("set"), classNames: ["even"])
    }
  }

  @Test("The error names the first of several wrong files, for any number of threads", arguments: 1...4)
  func firstOfSeveral(_ threadCount: Int) throws {
    for index in 0..<200 { try write(1, "set/0/\(index).png") }
    for index in [150, 61, 90, 199] { try scratch.write([1, 2, 3], to: "set/0/\(index).png") }
    let other = GreyscaleImage(width: 1, height: 2, filledWith: 9)
    try scratch.write(PNG.encode(other), to: "set/0/44.png")
    let expected = ConversionError.pictureSize(
      path: scratch("set/0/44.png"), expected: ImageSize(rowCount: 1, columnCount: 2),
      found: ImageSize(rowCount: 2, columnCount: 1), first: scratch("set/0/0.png"))
    for _ in 0..<20 {
      #expect(throws: expected) {
        try ImageFolder.read(scratch("set"), pool: WorkerPool(threadCount: threadCount))
      }
    }
    #expect(
      expected.description
        == "\(scratch("set/0/44.png")): expected an image of 1x2 pixels, as in \(scratch("set/0/0.png")), found 2x1")
  }

  /// Changes that make a valid folder invalid, each with the path in the error message and a part of the message.
  private static let broken: [(make: @Sendable (ScratchFolder) throws -> Void, path: String, says: String)] = [
    (
      { try $0.write([1], to: "set/0/notes.txt") }, "set/0/notes.txt",
      "expected only files whose names end in .png (convert other images to PNG)"
    ),
    (
      { try $0.write([1], to: "set/0/more/1.png") }, "set/0/more",
      "expected only files whose names end in .png (convert other images to PNG), found a folder"
    ),
    ({ try $0.write([1], to: "set/0/more.png/1.png") }, "set/0/more.png", "cannot read: it is a folder"),
    (
      { try $0.write([1], to: "set/image.png") }, "set/image.png",
      "expected only class folders, found a file"
    ),
    (
      { try $0.write([1], to: "set/train/0/1.png") }, "set/0",
      "expected only the folders train and test, found a folder"
    ),
    ({ try $0.write([], to: "set/0/1.png") }, "set/0/1.png", "not a PNG file: it is empty"),
    ({ try $0.write(Array("<html>".utf8), to: "set/0/1.png") }, "set/0/1.png", "not a PNG file: it starts with"),
    (
      { try $0.write([1], to: "set/300/1.png") }, "set/300",
      "the name of the class folder is not a valid label, expected a number from 0 to 255"
    ),
    ({ try $0.write([1], to: "set/00/1.png") }, "set/00", "stands for the same class as"),
    (
      { folder in
        let cut = try PNG.encode(GreyscaleImage(width: 2, height: 1, filledWith: 1)).dropLast(9)
        try folder.write(cut, to: "set/0/1.png")
      }, "set/0/1.png", "the PNG file ends early"
    ),
    (
      { folder in
        // The header states 16,384 x 16,384 pixels and has a valid checksum.
        var huge = try PNG.encode(GreyscaleImage(width: 16384, height: 1, filledWith: 1))
        huge.replaceSubrange(20..<24, with: [0, 0, 0x40, 0])
        huge.replaceSubrange(29..<33, with: bigEndian(checksum(huge[12..<29])))
        try folder.write(huge, to: "set/0/1.png")
      }, "set/0/1.png", "a picture of 16384 by 16384 pixels is too large"
    ),
    (
      { try FileManager.default.createSymbolicLink(atPath: $0("set/1"), withDestinationPath: "1") }, "set/1",
      "expected only class folders, found a symbolic link without a target"
    ),
    (
      { try FileManager.default.createSymbolicLink(atPath: $0("set/0/9.png"), withDestinationPath: "9.png") },
      "set/0/9.png", "cannot read: Too many levels of symbolic links"
    ),
    (
      { try FileManager.default.createSymbolicLink(atPath: $0("set/1"), withDestinationPath: "..") }, "set/1/set",
      "expected only files whose names end in .png (convert other images to PNG), found a folder"
    ),
    (
      { for index in 0..<256 { try $0.write([1], to: "set/class\(index)/1.png") } }, "set",
      "expected at most 256 class folders, found 257"
    ),
  ]

  @Test("The error names the file or folder that is damaged or unexpected", arguments: broken.indices)
  func refused(_ index: Int) throws {
    let broken = Self.broken[index]
    try write(1, "set/0/0.png")
    try broken.make(scratch)
    let error = #expect(throws: ConversionError.self) { try ImageFolder.read(scratch("set")) }
    let sentence = error?.description ?? ""
    #expect(sentence.hasPrefix(scratch(broken.path) + ":"), "\(sentence)")
    #expect(sentence.contains(broken.says), "\(sentence)")
    #expect(!sentence.contains("\n"))
  }

  @Test("A folder without images and a missing folder are refused")
  func nothing() throws {
    try FileManager.default.createDirectory(atPath: scratch("set/0"), withIntermediateDirectories: true)
    try FileManager.default.createDirectory(atPath: scratch("empty"), withIntermediateDirectories: true)
    for name in ["set", "empty"] {
      #expect(
        throws: ConversionError.unexpected(
          path: scratch(name), expected: "class folders with PNG files in them", found: "no images")
      ) { try ImageFolder.read(scratch(name)) }
    }
    let missing = #expect(throws: ConversionError.self) { try ImageFolder.read(scratch("none")) }
    guard case .file(let error) = missing else {
      Issue.record("\(String(describing: missing))")
      return
    }
    #expect(error.kind == .missing)
  }
}

/// Computes the CRC-32 of some bytes, bit by bit.
private func checksum(_ bytes: some Sequence<UInt8>) -> UInt32 {
  var value = UInt32.max
  for byte in bytes {
    value ^= UInt32(byte)
    for _ in 0..<8 { value = value & 1 == 1 ? value >> 1 ^ 0xedb8_8320 : value >> 1 }
  }
  return ~value
}

private func bigEndian(_ number: UInt32) -> [UInt8] {
  (0..<4).map { UInt8(truncatingIfNeeded: number >> (24 - 8 * $0)) }
}
