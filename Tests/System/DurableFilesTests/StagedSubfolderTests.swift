import DurableFiles
import TestFixtures
import Testing

@Suite("Many small files in folders of a staged folder")
struct StagedSubfolderTests {
  private let scratch: ScratchFolder

  init() throws { scratch = try ScratchFolder() }

  @Test("Files of folders in folders appear with the commit, empty files and folders too")
  func commit() throws {
    let staged = try StagedFolder(for: scratch("set"))
    let (zero, one) = (try staged.makeSubfolder("train/0"), try staged.makeSubfolder("train/1"))
    try zero.write("a".utf8, as: "first")
    try zero.write("".utf8, as: "second")
    try staged.write("top".utf8, as: "list")
    #expect(!FilePaths.exists(scratch("set")))
    #expect(one.path == scratch("set/train/1"))
    try staged.commit()
    #expect(scratch.names == ["set"])
    #expect(scratch.names(in: "set") == ["list", "train"])
    #expect(scratch.names(in: "set/train") == ["0", "1"])
    #expect(scratch.names(in: "set/train/0") == ["first", "second"])
    #expect(scratch.names(in: "set/train/1") == [])
    #expect(try scratch.text("set/train/0/first") == "a")
    #expect(try scratch.bytes("set/train/0/second") == [])
  }

  @Test("Without a commit nothing is left, however deep it lies")
  func abandoned() throws {
    do {
      let staged = try StagedFolder(for: scratch("set"))
      try staged.makeSubfolder("train/0").write("a".utf8, as: "first")
    }
    #expect(scratch.names == [])
  }

  @Test("A name that is taken, or that no file can have, is refused under its final path")
  func refused() throws {
    let staged = try StagedFolder(for: scratch("set"))
    let folder = try staged.makeSubfolder("0")
    try folder.write("a".utf8, as: "first")
    for name in ["first", "missing/file", String(repeating: "n", count: 300)] {
      let error = #expect(throws: FileError.self) { try folder.write("b".utf8, as: name) }
      #expect(error?.kind == .cannotCreate)
      #expect(error?.path == scratch("set/0/\(name)"))
    }
    try staged.write([1], as: "list")
    let error = #expect(throws: FileError.self) { try staged.makeSubfolder("list/0") }
    #expect(error?.path == scratch("set/list/0"))
    #expect(error?.kind == .cannotCreate)
  }

  @Test("A process killed half-way leaves nothing under the final name, and what it leaves is removed by the next")
  func killed() async throws {
    // The test and the process that it starts know each other by the test's process number alone.
    await #expect(processExitsWith: .signal(9)) {
      let staged = try StagedFolder(for: KilledExport.path(parent: KilledExport.parentProcess))
      let folder = try staged.makeSubfolder("train/0")
      for number in 0..<100 {
        try folder.write([UInt8(number)], as: "\(number)")
      }
      KilledExport.killThisProcess()
    }
    let path = KilledExport.path(parent: KilledExport.process)
    let above = FilePaths.parent(of: path)
    defer { KilledExport.remove(above) }
    #expect(!FilePaths.exists(path))
    #expect(try FilePaths.names(in: above).count == 1)
    let staged = try StagedFolder(for: path)
    try staged.write([1], as: "file")
    try staged.commit()
    #expect(try FilePaths.names(in: above) == ["set"])
    #expect(try FilePaths.names(in: path) == ["file"])
  }
}
