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

  @Test("a folder that is not committed leaves no files")
  func abandoned() throws {
    let scratch = try ScratchFolder()
    do {
      let folder = try StagedFolder(for: scratch("run"))
      try folder.write("one".utf8, as: "first")
    }
    #expect(scratch.names == [])
  }

  @Test("an empty folder is replaced, and so is a complete folder of the same program")
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
    "leftovers of killed processes are removed, but outputs of running processes and other files stay")
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

  @Test("a folder whose items this user may not remove is not replaced")
  func protected() throws {
    // Root may remove items from every folder.
    guard getuid() != 0 else { return }
    let scratch = try ScratchFolder()
    try scratch.write([1], to: "run/part/file")
    chmod(scratch("run/part"), 0o555)
    defer { chmod(scratch("run/part"), 0o755) }
    let error = #expect(throws: FileError.self) { try StagedFolder(for: scratch("run")) { _ in nil } }
    #expect(error?.kind == .cannotCreate && error?.reason.contains("run/part") == true)
    #expect(scratch.names == ["run"])
  }

  @Test("a file, or a folder with files of other programs, is not replaced")
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

@Suite("Many small files in folders of a staged folder")
struct StagedSubfolderTests {
  private let scratch: ScratchFolder

  init() throws { scratch = try ScratchFolder() }

  @Test("nested folders and their files appear at the commit, including empty files and folders")
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

  @Test("without a commit, no nested folder or file remains")
  func abandoned() throws {
    do {
      let staged = try StagedFolder(for: scratch("set"))
      try staged.makeSubfolder("train/0").write("a".utf8, as: "first")
    }
    #expect(scratch.names == [])
  }

  @Test("a used or invalid name is refused, and the error gives the final path")
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

  @Test("a killed process leaves nothing at the final path, and the next process removes its leftovers")
  func killed() async throws {
    // The test's process number is the only value that both the test and its child process know.
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

/// The path that a test and its child process both use, and a function that kills the child process.
enum KilledExport {
  static var process: Int32 { getpid() }
  static var parentProcess: Int32 { getppid() }

  /// Returns the path of the folder that the child process creates.
  static func path(parent: Int32) -> String {
    FileManager.default.temporaryDirectory.appending(path: "mnist-toolkit-killed-\(parent)/set").path
  }

  /// Kills this process with a signal that no handler can catch.
  static func killThisProcess() {
    kill(getpid(), SIGKILL)
    while true { sleep(1) }
  }

  static func remove(_ path: String) {
    try? FileManager.default.removeItem(atPath: path)
  }
}
