import DurableFiles
import Export
import Foundation
import TestFixtures
import Testing

@Suite struct DumpKindTests {
  /// Items that are added to a dump's folder. The value `isOwn` says whether the folder may still be replaced.
  static let entries: [(name: String, content: String, isOwn: Bool)] = [
    ("0001-actual-3-predicted-8.png", "", true), ("0001-actual-3-predicted-8-confidence-0.998.png", "", true),
    ("contact-sheet.png", "", true), ("contact-sheet-07.png", "", true), (".DS_Store", "", true),
    ("notes.txt", "mine", false), ("contact-sheet-marked.png", "", false), ("contact-sheet-.png", "", false),
    ("0001-actual-3-predicted-8-confidence-0.998.jpg", "", false), ("0001-actual-3-predicted-.png", "", false),
    ("0001-actual-3-predicted-8-confidence-high.png", "", false), ("0001-actual-3-predicted-8-mine.png", "", false),
    ("01-index-0001-label-3-predicted-8-confidence-0.998.png", "", false), ("suspects.csv", "index,actual,", false),
    ("errors.csv", "index,actual,predicted,confidence,file\n", true), ("errors.csv", "when,what\n", false),
    ("errors.csv", "", false), ("errors.json", "{\n  \"format\": \"mnist-toolkit-errors-1\",\n", true),
    ("errors.json", "[]", false), ("errors.json", "{\n  \"format\": \"mnist-toolkit-suspects-1\",\n", false),
  ]

  @Test("a folder is replaced only if all its items belong to a dump", arguments: entries.indices)
  func entry(_ place: Int) throws {
    let (name, content, isOwn) = Self.entries[place]
    let folder = try ScratchFolder()
    try folder.write("index,actual,predicted,confidence,file\n".utf8, to: "dump/errors.csv")
    try folder.write(content.utf8, to: "dump/\(name)")
    #expect(try DumpKind.errors.unownedItem(in: folder("dump")) == (isOwn ? nil : name), "\(name)")

    let before = try ErrorDumpTests.files(folder)
    if isOwn {
      try ErrorDumpTests.dump(1).write(to: folder("dump"))
      #expect(folder.names(in: "dump").count == 4)
    } else {
      #expect(throws: ErrorDumpError.self) { try ErrorDumpTests.dump(1).write(to: folder("dump")) }
      #expect(try ErrorDumpTests.files(folder) == before)
    }
    #expect(folder.names == ["dump"])
  }

  @Test("links, folders, and pictures without a list are not part of a dump")
  func others() throws {
    let folder = try ScratchFolder()
    try folder.write("x".utf8, to: "pictures/1-actual-1-predicted-2.png")
    #expect(try DumpKind.errors.unownedItem(in: folder("pictures")) == "1-actual-1-predicted-2.png")
    try folder.write("index,actual,predicted,confidence,file\n".utf8, to: "dump/errors.csv")
    try FileManager.default.createSymbolicLink(
      atPath: folder("dump/contact-sheet.png"), withDestinationPath: folder("pictures/1-actual-1-predicted-2.png"))
    #expect(try DumpKind.errors.unownedItem(in: folder("dump")) == "contact-sheet.png")
    try folder.write("x".utf8, to: "deep/1-actual-1-predicted-2.png/file")
    #expect(try DumpKind.errors.unownedItem(in: folder("deep")) == "1-actual-1-predicted-2.png")
    try FileManager.default.createDirectory(atPath: folder("empty"), withIntermediateDirectories: true)
    #expect(try DumpKind.errors.unownedItem(in: folder("empty")) == nil)
    #expect(throws: FileError.self) { try DumpKind.errors.unownedItem(in: folder("nowhere")) }
  }

  @Test("a dump of one kind does not replace a dump of the other kind")
  func kinds() throws {
    let folder = try ScratchFolder()
    try ErrorDumpTests.dump(2, kind: .suspects).write(to: folder("dump"))
    #expect(try DumpKind.suspects.unownedItem(in: folder("dump")) == nil)
    #expect(throws: ErrorDumpError.self) { try ErrorDumpTests.dump(2).write(to: folder("dump")) }
  }
}
