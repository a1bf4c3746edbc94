import Archives
import DatasetFormats
import Datasets
import DurableFiles
import TestFixtures
import Testing

@Suite("Recognising the format of a file or folder")
struct DatasetFormatTests {
  private let scratch: ScratchFolder

  init() throws { scratch = try ScratchFolder() }

  @Test("a file is recognised by its content, not by its name")
  func content() throws {
    let data = TestDatasets.random()
    try data.write(to: scratch("numbers.csv"), as: .npz)
    #expect(try DatasetFormat(of: scratch("numbers.csv")) == .npz)
    #expect(try ImageDataset.read(scratch("numbers.csv")).pixels == data.pixels)

    try data.write(to: scratch("text.npz"), as: .csv, part: .train)
    #expect(try DatasetFormat(of: scratch("text.npz")) == .csv)
    #expect(try ImageDataset.read(scratch("text.npz")).name == "text")
  }

  @Test("compressed IDX files are recognised by their content, not by their names")
  func packedByContent() throws {
    try TestDatasets.random().write(to: scratch("raw"), as: .idx)
    for (name, bytes) in try TestDatasets.files(scratch("raw")) {
      try scratch.write(bytes, to: "raw-named-gz/\(name).gz")
      try scratch.write(Gzip.compress(bytes), to: "packed-named-raw/\(name)")
    }
    #expect(try DatasetFormat(of: scratch("raw-named-gz")) == .idx)
    #expect(try DatasetFormat(of: scratch("packed-named-raw")) == .idxGzip)
    for folder in ["raw-named-gz", "packed-named-raw"] {
      #expect(try ImageDataset.read(scratch(folder)).pixels == TestDatasets.random().pixels)
    }
  }

  @Test(
    "an error names the kind of a file that is not a data set",
    arguments: [
      ("an empty file", []),
      ("an HTML page, probably from a failed download", Array("\n<!DOCTYPE html>".utf8)),
      ("one NumPy array (.npy)", [0x93] + Array("NUMPY".utf8)),
      ("one PNG image", [0x89] + Array("PNG\r\n".utf8)),
      ("one IDX file", [0, 0, 8, 3]),
      ("a gzip file", [0x1F, 0x8B, 8]),
      ("a file of an unknown format", [1, 2, 3]),
    ] as [(String, [UInt8])])
  func otherFiles(_ found: String, _ bytes: [UInt8]) throws {
    try scratch.write(bytes, to: "file")
    let error = #expect(throws: ConversionError.self) { try ImageDataset.read(scratch("file")) }
    guard case .unexpected(scratch("file"), let expected, found) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(!expected.isEmpty)
  }

  @Test("an error lists the contents of a folder without a data set; a path without a file is missing")
  func otherFolders() throws {
    try FilePaths.makeFolder(scratch("empty"))
    try scratch.write([1], to: "notes/a.txt")
    let texts = try ["empty", "notes"].map { name in
      "\(try #require(throws: ConversionError.self) { try DatasetFormat(of: scratch(name)) })"
    }
    #expect(texts[0].hasPrefix("\(scratch("empty")): expected a folder with train-images-idx3-ubyte"))
    #expect(texts[0].hasSuffix("found an empty folder"))
    #expect(texts[1].hasSuffix("found a folder with a.txt"))
    let error = #expect(throws: ConversionError.self) { try ImageDataset.read(scratch("nothing")) }
    guard case .file(let file) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(file.kind == .missing)
  }
}
