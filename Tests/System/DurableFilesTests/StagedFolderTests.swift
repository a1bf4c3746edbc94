import DurableFiles
import Foundation
import TestFixtures
import Testing

@Suite struct StagedFolderTests {
  @Test("a folder appears when it is committed, with all its files")
  func commit() throws {
    let scratch = try ScratchFolder()
    let folder = try StagedFolder(for: scratch("a/b/run"))
    try folder.write("one".utf8, as: "first")
    try folder.write("two".utf8, as: "second")
    #expect(!FilePaths.exists(scratch("a/b/run")))
    try folder.commit()
    #expect(try FilePaths.names(in: scratch("a/b/run")) == ["first", "second"])
    #expect(try FilePaths.names(in: scratch("a/b")) == ["run"])
    #expect(try DurableFile.read(scratch("a/b/run/second")) == Array("two".utf8))
  }

  @Test("a folder that is not committed leaves nothing")
  func abandoned() throws {
    let scratch = try ScratchFolder()
    do {
      let folder = try StagedFolder(for: scratch("run"))
      try folder.write("one".utf8, as: "first")
    }
    #expect(scratch.names == [])
  }

  @Test("an empty folder is filled, and one of the same program is replaced whole")
  func replaces() throws {
    let scratch = try ScratchFolder()
    try FilePaths.makeFolder(scratch("run"))
    for text in ["old", "new"] {
      let folder = try StagedFolder(for: scratch("run")) { path in
        (try? FilePaths.names(in: path))?.first { !["old", "new", "report"].contains($0) }
      }
      try folder.write(text.utf8, as: text)
      try folder.write(text.utf8, as: "report")
      try folder.commit()
    }
    #expect(try FilePaths.names(in: scratch("run")) == ["new", "report"])
    #expect(scratch.names == ["run"])
  }

  @Test(
    "what a killed process left beside any output is removed; what a living one writes stays, and so do other files")
  func leftovers() throws {
    let scratch = try ScratchFolder()
    let living = try StagedFolder(for: scratch("other"))
    try living.write([1], as: "file")
    let alive = try #require(scratch.names.first)
    let digits = "0123456789abcdef"
    for name in [".run.mnist-\(digits).partial", ".20261130-120000-digits.mnist-\(digits).partial"] {
      try scratch.write([1], to: "\(name)/file")
    }
    try scratch.write([1], to: ".file.mnist-\(digits).partial")
    let foreign = [".run.letter.partial", ".run.mnist-0123.partial", ".run.mnist-\(digits)", "mnist-\(digits).partial"]
    for name in foreign { try scratch.write([1], to: "\(name)/file") }
    try StagedFolder(for: scratch("run")).commit()
    #expect(scratch.names == (foreign + [alive, "run"]).sorted())
    try DurableFile.write([1], to: scratch("file"))
    #expect(scratch.names.contains(alive))
    try living.commit()
    #expect(scratch.names(in: "other") == ["file"])
  }

  @Test("a folder that this user may not empty is refused before it is replaced")
  func protected() throws {
    // Permissions do not hold root back.
    guard getuid() != 0 else { return }
    let scratch = try ScratchFolder()
    try scratch.write([1], to: "run/part/file")
    chmod(scratch("run/part"), 0o555)
    defer { chmod(scratch("run/part"), 0o755) }
    let error = #expect(throws: FileError.self) { try StagedFolder(for: scratch("run")) { _ in nil } }
    #expect(error?.kind == .cannotCreate && error?.reason.contains("run/part") == true)
    #expect(scratch.names == ["run"])
  }

  @Test("a folder with somebody's files, or a file, is not replaced")
  func refuses() throws {
    let scratch = try ScratchFolder()
    try FilePaths.makeFolder(scratch("run"))
    try DurableFile.write("mine".utf8, to: scratch("run/letter.txt"))
    try DurableFile.write("mine".utf8, to: scratch("file"))
    let full = #expect(throws: FileError.self) { try StagedFolder(for: scratch("run")) }
    #expect(full?.kind == .cannotCreate)
    #expect(full?.reason.contains("letter.txt") == true)
    let file = #expect(throws: FileError.self) { try StagedFolder(for: scratch("file")) }
    #expect(file?.kind == .cannotCreate)
    #expect(scratch.names == ["file", "run"])
    #expect(try DurableFile.read(scratch("run/letter.txt")) == Array("mine".utf8))
  }
}
