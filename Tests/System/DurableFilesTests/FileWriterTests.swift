import DurableFiles
import TestFixtures
import Testing

@Suite("Files that are written and read in pieces")
struct FileWriterTests {
  private let scratch: ScratchFolder

  init() throws { scratch = try ScratchFolder() }

  @Test("pieces of any size become one file, which appears at the commit")
  func pieces() throws {
    let path = scratch("file")
    let writer = try FileWriter(for: path)
    var expected: [UInt8] = []
    for size in [0, 1, 1000, 131_072, 131_073, 7, 400_000, 3] {
      let piece = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ size) }
      try writer.write(piece)
      expected += piece
    }
    #expect(!FilePaths.exists(path))
    #expect(writer.byteCount == expected.count)
    try writer.commit()
    #expect(try DurableFile.read(path) == expected)
    #expect(scratch.names == ["file"])

    let reader = try FileReader(path)
    #expect(reader.byteCount == expected.count)
    #expect(try reader.read(at: 131_000, count: 500) == Array(expected[131_000..<131_500]))
    #expect(try reader.read(at: expected.count - 2, count: 10) == Array(expected.suffix(2)))
    #expect(try reader.read(at: expected.count + 5, count: 10) == [])
  }

  @Test("a writer without a commit keeps the old file and leaves no temporary file")
  func givenUp() throws {
    let path = scratch("file")
    try DurableFile.write([1, 2], to: path)
    do {
      let writer = try FileWriter(for: path)
      try writer.write([UInt8](repeating: 3, count: 1 << 20))
    }
    #expect(try DurableFile.read(path) == [1, 2])
    #expect(scratch.names == ["file"])
  }

  @Test("files of a staged folder can be written in pieces")
  func staged() throws {
    let folder = try StagedFolder(for: scratch("folder"))
    let writer = try folder.writer(for: "a")
    try writer.write([1])
    try writer.write([2])
    try writer.commit()
    try folder.commit()
    #expect(try DurableFile.read(scratch("folder/a")) == [1, 2])
  }

  @Test("a folder and a missing file cannot be opened for reading")
  func refused() throws {
    #expect(throws: FileError.self) { try FileReader(scratch.path) }
    let error = #expect(throws: FileError.self) { try FileReader(scratch("none")) }
    #expect(error?.kind == .missing)
  }
}
