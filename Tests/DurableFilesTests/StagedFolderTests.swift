import DurableFiles
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

  @Test("what a killed process left is removed; what a living one is at work on stays")
  func leftovers() throws {
    let scratch = try ScratchFolder()
    func leftover() throws -> String {
      let folder = try StagedFolder(for: scratch("run"))
      try folder.write([1], as: "file")
      return try #require(scratch.names.first { $0.hasPrefix(".run.") })
    }
    // A process number above every limit is nobody's.
    let parts = try leftover().split(separator: "-")
    let dead = "\(parts[0])-2147483646-\(parts[2])"
    let alive = "\(parts[0])-1-\(parts[2])"
    let elsewhere = ".run.ffffffff-2147483646-1.partial"
    for name in [dead, alive, elsewhere, ".run.letter.partial"] { try scratch.write([1], to: "\(name)/file") }
    let folder = try StagedFolder(for: scratch("run"))
    try folder.commit()
    #expect(scratch.names == [alive, elsewhere, ".run.letter.partial", "run"].sorted())
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
