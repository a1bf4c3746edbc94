import DurableFiles
import Foundation
import TestFixtures
import Testing

@Suite struct DurableFileTests {
  @Test("reading a file of any size gives the written bytes", arguments: [0, 1, 65_535, 65_536, 65_537, 3_000_000])
  func roundTrip(_ count: Int) throws {
    let folder = try ScratchFolder()
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    try DurableFile.write(bytes, to: folder("file"))
    #expect(try DurableFile.read(folder("file")) == bytes)
    #expect(folder.names == ["file"])
  }

  @Test("writing to a path again replaces the file")
  func replaces() throws {
    let folder = try ScratchFolder()
    try DurableFile.write("one".utf8, to: folder("file"))
    try DurableFile.write("two".utf8, to: folder("file"))
    #expect(try DurableFile.read(folder("file")) == Array("two".utf8))
  }

  @Test("a device is read to its end")
  func pipe() throws {
    #expect(try DurableFile.read("/dev/null") == [])
  }

  @Test("a missing file and a folder give errors with the path and the reason")
  func unreadable() throws {
    let folder = try ScratchFolder()
    let missing = #expect(throws: FileError.self) { try DurableFile.read(folder("none")) }
    #expect(missing?.kind == .missing)
    #expect(missing?.description == "\(folder("none")): cannot read: No such file or directory")
    let isFolder = #expect(throws: FileError.self) { try DurableFile.read(folder.path) }
    #expect(isFolder?.kind == .failed)
  }

  @Test("a file of an impossible size and a pipe are refused before they are read")
  func impossible() throws {
    let folder = try ScratchFolder()
    try folder.write([1], to: "sparse")
    #expect(truncate(folder("sparse"), 1 << 43) == 0)
    let sparse = #expect(throws: FileError.self) { try DurableFile.read(folder("sparse")) }
    #expect(sparse?.reason.contains("8796093022208 bytes, expected at most") == true)
    #expect(mkfifo(folder("pipe"), 0o600) == 0)
    let pipe = #expect(throws: FileError.self) { try DurableFile.read(folder("pipe")) }
    #expect(pipe?.reason.contains("pipe") == true)
  }

  @Test("a file at the limit is read, and a larger file is refused before it is read")
  func limit() throws {
    let folder = try ScratchFolder()
    let bytes = [UInt8](repeating: 5, count: 100)
    try folder.write(bytes, to: "file")
    #expect(try DurableFile.read(folder("file"), maximumByteCount: 100) == bytes)
    let error = #expect(throws: FileError.self) { try DurableFile.read(folder("file"), maximumByteCount: 99) }
    #expect(error?.kind == .tooLarge)
    #expect(error?.description == "\(folder("file")): cannot read: it has 100 bytes, expected at most 99")
    let endless = #expect(throws: FileError.self) { try DurableFile.read("/dev/zero", maximumByteCount: 1 << 21) }
    #expect(endless?.kind == .tooLarge)
    #expect(throws: FileError.self) { try DurableFile.read("/dev/zero") }
  }

  @Test("only the first bytes are read if they are not accepted, whatever the size of the file")
  func notAccepted() throws {
    let folder = try ScratchFolder()
    try folder.write((0..<40).map { UInt8($0) }, to: "file")
    #expect(try DurableFile.read(folder("file")) { $0.count == 16 && $0[0] == 0 } == (0..<40).map { UInt8($0) })
    #expect(truncate(folder("file"), 1 << 43) == 0)
    #expect(try DurableFile.read(folder("file")) { _ in false } == (0..<16).map { UInt8($0) })
    #expect(try DurableFile.read("/dev/zero") { $0[0] == 1 } == [UInt8](repeating: 0, count: 16))
  }

  @Test("a file with the longest possible name is written")
  func longName() throws {
    let folder = try ScratchFolder()
    let name = String(repeating: "n", count: 255)
    try DurableFile.write([1, 2], to: folder(name))
    #expect(folder.names == [name])
  }

  @Test("a failed write does not change the folder")
  func unwritable() throws {
    let folder = try ScratchFolder()
    try FilePaths.makeFolder(folder("taken"))
    let taken = #expect(throws: FileError.self) { try DurableFile.write([1, 2, 3], to: folder("taken")) }
    #expect(taken?.kind == .cannotCreate)
    let nowhere = #expect(throws: FileError.self) { try DurableFile.write([1, 2, 3], to: folder("no/file")) }
    #expect(nowhere?.kind == .cannotCreate)
    #expect(nowhere?.path == folder("no/file"))
    #expect(folder.names == ["taken"])
  }
}
