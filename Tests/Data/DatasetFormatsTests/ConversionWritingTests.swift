import Archives
import DatasetFormats
import Datasets
import DurableFiles
import Foundation
import TestFixtures
import Testing

@Suite("Writing data sets to paths that may exist")
struct ConversionWritingTests {
  private let scratch: ScratchFolder
  private let data = TestDatasets.random()

  init() throws { scratch = try ScratchFolder() }

  private func refusal(_ format: DatasetFormat, part: DataPart? = nil, to name: String) throws -> String {
    let before = scratch.names(in: "")
    let error = try #require(throws: ConversionError.self) {
      try data.write(to: scratch(name), as: format, part: part)
    }
    #expect(scratch.names(in: "") == before)
    guard case .file(let file) = error, file.kind == .cannotCreate else { return "other: \(error)" }
    return file.reason
  }

  @Test("an earlier data set of the same format is replaced completely", arguments: DatasetFormat.allCases)
  func replacing(_ format: DatasetFormat) throws {
    try data.write(to: scratch("set"), as: format)
    let other = TestDatasets.random(sampleCount: 60, trainingCount: 60)
    try other.write(to: scratch("set"), as: format)
    let read = try ImageDataset.read(scratch("set"))
    #expect(read.pixels == other.pixels)
    #expect(read.testCount == 0)
    #expect(scratch.names == ["set"])
  }

  @Test("a folder that holds any other file is not changed", arguments: [DatasetFormat.idx, .idxGzip, .csv, .png])
  func foreignFolders(_ format: DatasetFormat) throws {
    try data.write(to: scratch("set"), as: format)
    try scratch.write("mine".utf8, to: "set/notes.txt")
    let before = try TestDatasets.files(scratch("set"))
    #expect(
      try refusal(format, to: "set")
        == "the folder holds notes.txt, which this program did not write; choose another folder")
    #expect(try TestDatasets.files(scratch("set")) == before)
  }

  @Test("a folder of another format is not replaced", arguments: [DatasetFormat.idx, .idxGzip, .csv, .png])
  func otherFormats(_ format: DatasetFormat) throws {
    for other in [DatasetFormat.idx, .idxGzip, .csv, .png] where other != format {
      try data.write(to: scratch(other.rawValue), as: other)
      #expect(try refusal(format, to: other.rawValue).contains("which this program did not write"))
      #expect(try ImageDataset.read(scratch(other.rawValue)).pixels == data.pixels)
    }
  }

  @Test("files of another program are not replaced, even if they have the names of a data set")
  func foreignFiles() throws {
    try scratch.write("label,pixel0,pixel2\n".utf8, to: "csv/train.csv")
    #expect(try refusal(.csv, to: "csv").hasPrefix("the folder holds train.csv"))
    // `gzip -n` writes the operating system into the header. Without `-n`, gzip also writes the time.
    var packed = Gzip.compress([0, 0, 8, 1, 0, 0, 0, 0])
    packed[9] = 3
    try scratch.write(packed, to: "gz/train-labels-idx1-ubyte.gz")
    #expect(try refusal(.idxGzip, to: "gz").hasPrefix("the folder holds train-labels-idx1-ubyte.gz"))
    try scratch.write("no IDX".utf8, to: "idx/train-labels-idx1-ubyte")
    #expect(try refusal(.idx, to: "idx").hasPrefix("the folder holds train-labels-idx1-ubyte"))
  }

  @Test(
    "a file is replaced only if this program wrote it or it is empty",
    arguments: [DatasetFormat.npz, .csv])
  func files(_ format: DatasetFormat) throws {
    let foreign = "the existing file was not written by this program; choose another name, or remove it"
    try scratch.write([], to: "empty")
    try data.write(to: scratch("empty"), as: format, part: .train)
    try data.write(to: scratch("empty"), as: format, part: .train)
    #expect(try ImageDataset.read(scratch("empty")).count == 210)

    for text in ["text", "label,pixel0,pixel1,pixel3\n", "label,pixel0", "label,99999x99999\n", "label,\n", "\n"] {
      try scratch.write(text.utf8, to: "text")
      #expect(try refusal(format, part: .train, to: "text") == foreign)
      #expect(try scratch.text("text") == text)
    }
    let other = format == .npz ? DatasetFormat.csv : .npz
    try data.write(to: scratch("other"), as: other, part: .train)
    #expect(try refusal(format, part: .train, to: "other") == foreign)

    try FilePaths.makeFolder(scratch("folder"))
    #expect(try refusal(format, part: .train, to: "folder") == "a folder is there")
    #expect(
      throws: ConversionError.file(
        FileError(kind: .cannotCreate, path: "/dev/null", action: "cannot write", reason: foreign))
    ) { try data.write(to: "/dev/null", as: format, part: .train) }
  }

  @Test("a symbolic link to a file is kept, and its target is written", arguments: [DatasetFormat.npz, .csv])
  func links(_ format: DatasetFormat) throws {
    try data.write(to: scratch("below/target"), as: format, part: .train)
    try FilePaths.link(scratch("link"), to: "below/target")
    try data.write(to: scratch("link"), as: format, part: .test)
    #expect(FilePaths.isLink(scratch("link")))
    #expect(try ImageDataset.read(scratch("below/target")).count == 90)
    try FilePaths.link(scratch("lost"), to: "nowhere")
    #expect(try refusal(format, part: .test, to: "lost") == "a symbolic link without a target is there")
  }

  @Test("writing a part without images is refused", arguments: DatasetFormat.allCases)
  func missingPart(_ format: DatasetFormat) throws {
    let data = try ImageDataset.digits()
    #expect(throws: ConversionError.missingPart(name: "digits", .test)) {
      try data.write(to: scratch("set"), as: format, part: .test)
    }
    #expect(scratch.names == [])
  }

  @Test("a path that ends in .csv becomes one file with one part")
  func oneFile() throws {
    try ImageDataset.digits().write(to: scratch("digits.csv"), as: .csv)
    #expect(try ImageDataset.read(scratch("digits.csv")).count == 1797)
    #expect(throws: ConversionError.partsInOneFile(path: scratch("set.csv"))) {
      try data.write(to: scratch("set.csv"), as: .csv)
    }
  }

  @Test("images that are too large for a line of a CSV file are refused")
  func tooLarge() throws {
    let large = ImageDataset(
      name: "large", rowCount: 1025, columnCount: 1024, pixels: Array(repeating: 0, count: 1025 * 1024), labels: [0],
      trainingCount: 1, classNames: ["0"])
    #expect(throws: ConversionError.self) { try large.write(to: scratch("large"), as: .csv) }
    #expect(scratch.names == [])
  }
}
