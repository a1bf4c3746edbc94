import DatasetFormats
import Datasets
import DurableFiles
import Foundation
import Images
import TestFixtures
import Testing
import Workers

@Suite("Writing data sets as folders of PNG files")
struct ImageFolderWritingTests {
  private let scratch: ScratchFolder
  private let data = RandomDataset.make()

  init() throws { scratch = try ScratchFolder() }

  /// Returns the contents of all files below a folder, by relative path. A subfolder has empty contents.
  private func contents(_ folder: String) throws -> [String: [UInt8]] {
    var result: [String: [UInt8]] = [:]
    for name in try FileManager.default.subpathsOfDirectory(atPath: scratch(folder)) {
      let isFolder = FilePaths.isFolder(scratch("\(folder)/\(name)"))
      result[name] = isFolder ? [] : try scratch.bytes("\(folder)/\(name)")
    }
    return result
  }

  @Test("Images are in the folder of their part and class, and their names are padded indices")
  func layout() throws {
    try ImageFolder.write(data, to: scratch("set"))
    #expect(scratch.names(in: "set") == ["test", "train"])
    let classes = ["00", "01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11"]
    #expect(scratch.names(in: "set/train") == classes)
    #expect(scratch.names(in: "set/test") == classes)
    #expect(scratch.names(in: "set/train/04") == [])
    let seventh = data.labels[7] < 10 ? "0\(data.labels[7])" : "\(data.labels[7])"
    let image = try PNG.decode(scratch.bytes("set/train/\(seventh)/007.png"))
    #expect(image == GreyscaleImage(width: 5, height: 7, pixels: Array(data.image(7))))
    let firstTest = data.labels[210] < 10 ? "0\(data.labels[210])" : "\(data.labels[210])"
    #expect(try PNG.decode(scratch.bytes("set/test/\(firstTest)/00.png")).pixels == Array(data.image(210)))
    #expect(try contents("set").count == 2 + 24 + 300)
  }

  @Test("Images that are not square and the embedded digits are read back unchanged", arguments: [0, 1, 6, 9])
  func roundTrip(_ level: Int) throws {
    for data in [data, try .digits()] {
      try ImageFolder.write(data, to: scratch(data.name), compressionLevel: level)
      #expect(try ImageFolder.read(scratch(data.name)) == data)
    }
  }

  @Test("The bytes do not depend on the number of threads")
  func threads() throws {
    for threadCount in 1...3 {
      try ImageFolder.write(data, to: scratch("\(threadCount)"), pool: WorkerPool(threadCount: threadCount))
    }
    let first = try contents("1")
    #expect(try contents("2") == first)
    #expect(try contents("3") == first)
  }

  @Test("A single part is written to its own folder with all its images")
  func parts() throws {
    try ImageFolder.write(data, to: scratch("set"), part: .test)
    #expect(scratch.names(in: "set") == ["test"])
    let test = try ImageFolder.read(scratch("set"))
    #expect(test.trainingCount == 0)
    #expect(test.pixels == data.pixels[(210 * 35)...])
    #expect(test.labels == Array(data.labels[210...]))
    try ImageFolder.write(.digits(), to: scratch("digits"))
    #expect(scratch.names(in: "digits") == ["train"])
  }

  @Test("An export replaces an earlier export completely, even if a file browser has added files")
  func replaces() throws {
    try ImageFolder.write(data, to: scratch("set"))
    try scratch.write([1], to: "set/.DS_Store")
    try scratch.write([1], to: "set/train/03/Thumbs.db")
    #expect(try ImageFolder.unownedItem(in: scratch("set")) == nil)
    try ImageFolder.write(.digits(), to: scratch("set"), compressionLevel: 1)
    #expect(scratch.names(in: "set") == ["train"])
    #expect(try ImageFolder.read(scratch("set")).pixels == ImageDataset.digits().pixels)
    #expect(scratch.names == ["set"])
  }

  /// Changes that make an export unsafe to replace, each with the path that the error names.
  private static let foreign: [(change: @Sendable (ScratchFolder) throws -> Void, named: String)] = [
    ({ try $0.write([1], to: "set/notes.txt") }, "notes.txt"),
    ({ try $0.write([1], to: "set/.hidden") }, ".hidden"),
    ({ try $0.write([1], to: "set/validation/0/0.png") }, "validation"),
    ({ try $0.write([1], to: "set/train/00/notes.txt") }, "train/00/notes.txt"),
    ({ try $0.write([1], to: "set/train/12/210.png") }, "train/12/210.png"),
    ({ try $0.write([1], to: "set/train/cat/1.png") }, "train/cat"),
    ({ try $0.write([1], to: "set/train/03/more/1.png") }, "train/03/more"),
    // This image from another program has the next index as its name.
    ({ try $0.write(Fixture("pictures/grey8.png").bytes(), to: "set/test/00/90.png") }, "test/00/90.png"),
    ({ try FileManager.default.createSymbolicLink(atPath: $0("set/test/12"), withDestinationPath: "/tmp") }, "test/12"),
    (
      { try FileManager.default.createSymbolicLink(atPath: $0("set/test/02/90.png"), withDestinationPath: "0.png") },
      "test/02/90.png"
    ),
  ]

  @Test("A folder that holds any other file is neither replaced nor changed", arguments: foreign.indices)
  func foreignEntries(_ index: Int) throws {
    try ImageFolder.write(data, to: scratch("set"))
    try Self.foreign[index].change(scratch)
    let before = scratch.names(in: "set")
    let error = #expect(throws: ConversionError.self) { try ImageFolder.write(data, to: scratch("set")) }
    guard case .file(let error) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(error.kind == .cannotCreate)
    #expect(error.reason.contains("holds \(Self.foreign[index].named), which this program did not write"), "\(error)")
    #expect(scratch.names(in: "set") == before)
    #expect(scratch.names == ["set"])
  }

  @Test("A folder with a missing index is not treated as an earlier export")
  func gap() throws {
    try ImageFolder.write(data, to: scratch("set"))
    let name = "train/0\(data.labels[9] % 10)"
    try #require(data.labels[9] < 10)
    try FileManager.default.removeItem(atPath: scratch("set/\(name)/009.png"))
    #expect(try ImageFolder.unownedItem(in: scratch("set"))?.hasSuffix("/010.png") == true)
  }

  @Test("Writing fails if a file has the folder's path, or if a parent is a file or read-only")
  func faults() throws {
    try scratch.write([1], to: "file")
    try FileManager.default.createDirectory(atPath: scratch("locked"), withIntermediateDirectories: true)
    try FileManager.default.setAttributes([.posixPermissions: 0o555], ofItemAtPath: scratch("locked"))
    // Permissions do not stop root, but even root cannot create a folder in `/sys`.
    let locked = FileManager.default.isWritableFile(atPath: scratch("locked")) ? "/sys/set" : scratch("locked/set")
    for path in [scratch("file"), scratch("file/set"), locked] {
      let error = #expect(throws: ConversionError.self) { try ImageFolder.write(data, to: path) }
      guard case .file(let error) = error else {
        Issue.record("\(path): \(String(describing: error))")
        continue
      }
      #expect(error.kind == .cannotCreate, "\(error)")
    }
    #expect(scratch.names == ["file", "locked"])
    #expect(try scratch.bytes("file") == [1])
  }
}
