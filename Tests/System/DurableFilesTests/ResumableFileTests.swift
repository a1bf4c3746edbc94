import DurableFiles
import TestFixtures
import Testing

@Suite struct ResumableFileTests {
  private let scratch: ScratchFolder

  init() throws { scratch = try ScratchFolder() }

  @Test("a file grows each time it is opened, and gets its final name at the commit")
  func grows() throws {
    for (piece, byteCount) in [([1, 2], 2), ([], 2), ([3], 3)] as [([UInt8], Int)] {
      let file = try ResumableFile(scratch("part"))
      try file.append(piece)
      #expect(file.byteCount == byteCount)
    }
    #expect(try DurableFile.read(scratch("part")) == [1, 2, 3])
    try ResumableFile(scratch("part")).commit(to: scratch("whole"))
    #expect(scratch.names == ["whole"])
    #expect(try DurableFile.read(scratch("whole")) == [1, 2, 3])
  }

  @Test("an emptied file grows again from its first byte")
  func emptied() throws {
    let file = try ResumableFile(scratch("part"))
    for piece in [[1, 2, 3], [4]] as [[UInt8]] {
      try file.empty()
      try file.append(piece)
    }
    #expect(file.byteCount == 1)
    #expect(try DurableFile.read(scratch("part")) == [4])
  }

  @Test("a link at the file's path is not followed")
  func link() throws {
    try scratch.write([7], to: "precious")
    try FilePaths.link(scratch("part"), to: "precious")
    #expect(throws: FileError.self) { try ResumableFile(scratch("part")) }
    #expect(try scratch.bytes("precious") == [7])
  }

  @Test("a folder and a file that cannot be created are errors")
  func refused() throws {
    #expect(throws: FileError.self) { try ResumableFile(scratch.path) }
    let error = #expect(throws: FileError.self) { try ResumableFile(scratch("none/part")) }
    #expect(error?.kind == .cannotCreate)
  }
}
