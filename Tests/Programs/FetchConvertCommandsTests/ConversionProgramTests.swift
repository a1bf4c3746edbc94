import DatasetFormats
import Datasets
import Foundation
import TestFixtures
import Testing

@Suite("mnist-fetch-convert --to")
struct ConversionProgramTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private func convert(_ arguments: [String]) throws -> ProgramRun {
    try ProgramRun("mnist-fetch-convert", arguments, in: folder.path)
  }

  /// Runs a conversion and expects an exit status, a one-line error that contains a given text, and no new files.
  private func expect(
    _ status: Int32, _ text: String, _ arguments: [String], sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let before = folder.names
    let run = try convert(arguments)
    #expect(run.status == status, "\(run.errors)", sourceLocation: sourceLocation)
    #expect(run.errorLines.count == 1, "\(run.errors)", sourceLocation: sourceLocation)
    #expect(run.errors.contains(text), "\(run.errors)", sourceLocation: sourceLocation)
    #expect(folder.names == before, sourceLocation: sourceLocation)
  }

  @Test("a data set converted through all formats is unchanged, and each output has the default name")
  func chain() throws {
    let steps = [
      (["digits", "--to", "idx"], "digits", "digits-idx"),
      (["./digits-idx", "--to", "npz"], "digits-idx", "digits.npz"),
      (["digits.npz", "--to", "csv"], "digits", "digits-csv"),
      (["digits-csv/", "--to", "png"], "digits-csv", "digits-png"),
      (["digits-png", "--to", "idx-gz"], "digits-png", "digits-idx-gz"),
      (["digits-idx-gz", "--to", "idx", "--output", "below/again"], "digits-idx-gz", "below/again"),
    ]
    for (arguments, name, output) in steps {
      let run = try convert(arguments)
      #expect(run.status == 0, "\(run.errors)")
      #expect(run.output == "\(name): 1797 training images of 8x8 as \(arguments[2]) in \(output)\n")
      #expect(run.errors == "")
    }
    for name in ["train-images-idx3-ubyte", "train-labels-idx1-ubyte"] {
      #expect(try folder.bytes("below/again/\(name)") == folder.bytes("digits-idx/\(name)"))
    }
    #expect(
      folder.names == ["below", "digits-csv", "digits-idx", "digits-idx-gz", "digits-png", "digits.npz"])
  }

  @Test("--split writes a single part of a data set")
  func split() throws {
    let subset = Fixture("mnist-subset").path
    #expect(
      try convert([subset, "--to", "csv", "--split", "test"]).output.contains(": 100 test images of 28x28 as csv in "))
    #expect(folder.names == ["mnist-subset-test.csv"])
    #expect(try ImageDataset.read(folder("mnist-subset-test.csv")).count == 100)
    #expect(
      try convert([subset, "--to", "npz"]).output.contains(": 300 training and 100 test images of 28x28 as npz in "))
  }

  @Test("a CSV file without sizes is read with --image-size")
  func imageSize() throws {
    try folder.write("1,1,2,3,4,5,6\n".utf8, to: "a.csv")
    try expect(65, "a.csv: line 1: 6 pixels do not form a square image", ["a.csv", "--to", "npz"])
    try expect(65, "give the size with --image-size ROWSxCOLUMNS", ["a.csv", "--to", "npz"])
    #expect(try convert(["a.csv", "--to", "npz", "--image-size", "2x3"]).status == 0)
    #expect(try ImageDataset.read(folder("a.npz")).rowCount == 2)
    // The header of the new file contains the image size.
    #expect(try convert(["a.npz", "--to", "csv", "--output", "b.csv"]).status == 0)
    #expect(try folder.text("b.csv") == "label,1x1,1x2,1x3,2x1,2x2,2x3\n1,1,2,3,4,5,6\n")
  }

  @Test("wrong options are refused before any work")
  func usage() throws {
    try expect(64, "--output needs --to FORMAT", ["digits", "--output", "x"])
    try expect(64, "--split needs --to FORMAT", ["digits", "--split", "train"])
    try expect(64, "--image-size needs --to FORMAT", ["digits", "--image-size", "8x8"])
    try expect(64, "--output needs a single data set, found 2", ["digits", "full", "--to", "npz", "--output", "x"])
    try expect(64, "tar", ["digits", "--to", "tar"])
    try expect(64, "8by8", ["digits", "--to", "npz", "--image-size", "8by8"])
    try expect(64, "cannot be combined with --to", ["--list", "--to", "npz"])
    try expect(64, "unknown data set", ["bogus", "--to", "npz"])
    try expect(64, "digits: has no test part", ["digits", "--to", "npz", "--split", "test"])
    try expect(
      64, "the images have 8x8 pixels, expected 8x9 as in --image-size",
      ["digits", "--to", "npz", "--image-size", "8x9"])
    let subset = Fixture("mnist-subset").path
    try expect(64, "a file or folder cannot be fetched; to convert it, add --to FORMAT", [subset])
    try expect(64, "x.csv: a CSV file holds one part", [subset, "--to", "csv", "--output", "x.csv"])
  }

  @Test("missing input, damaged input and an output that must not be replaced have different exit statuses")
  func failures() throws {
    try expect(66, "a.npz: there is no such file or folder", ["a.npz", "--to", "csv"])
    try folder.write("<html>".utf8, to: "page.csv")
    try expect(65, "found an HTML page", ["page.csv", "--to", "npz"])
    try folder.write("PK\u{3}\u{4}".utf8, to: "cut.npz")
    try expect(65, "cut.npz: ", ["cut.npz", "--to", "csv"])
    try expect(
      73, "page.csv: cannot write: the existing file was not written",
      ["digits", "--to", "csv", "--output", "page.csv"])
    try expect(73, "cannot make the folder", ["digits", "--to", "idx", "--output", "page.csv/below"])
    #expect(try folder.text("page.csv") == "<html>")
  }

  @Test("neither the input nor a data set in the data folder is replaced")
  func protection() throws {
    let files = [
      "train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte",
    ]
    #expect(try convert([Fixture("mnist-subset").path, "--to", "idx", "--output", "data/full"]).status == 0)
    #expect(folder.names(in: "data/full") == files.sorted())
    try expect(64, "the output overlaps the input", ["data/full", "--to", "idx", "--output", "data/full"])
    try expect(
      64, "the output overlaps the input", ["data/full", "--to", "idx", "--output", "./data/../data/full/"])
    let keeping = ["digits", "--to", "idx", "--output", "data/full", "--data-dir", "data"]
    try expect(64, "the output overlaps full in the data folder", keeping)
    try expect(
      64, "the output overlaps the input", ["data/full", "--to", "npz", "--output", "data/full/new/a.npz"])
    let below = ["digits", "--to", "npz", "--output", "data/fashion/a.npz", "--data-dir", "data"]
    try expect(64, "the output overlaps fashion in the data folder", below)
    #expect(try ImageDataset.read(folder("data/full")).count == 400)
  }

  @Test("a first line of numbers is not a header, and a header with pixels in another order is refused")
  func header() throws {
    for cell in ["", "?", "nan", "\"x\"", "O"] {
      try folder.write("\(cell),1,1,1,1\n7,2,3,4,5\n".utf8, to: "a.csv")
      try expect(65, "a.csv: line 1", ["a.csv", "--to", "npz"])
    }
    try folder.write("label,pixel3,pixel2,pixel1,pixel0\n7,2,3,4,5\n".utf8, to: "a.csv")
    try expect(65, "a.csv: line 1", ["a.csv", "--to", "npz"])
    for header in ["label,0,1,2,3", "y,1,2,3,4", "digit,a,b,c,d"] {
      try folder.write("\(header)\n7,2,3,4,5\n".utf8, to: "a.csv")
      #expect(try convert(["a.csv", "--to", "npz", "--quiet"]).status == 0)
      #expect(try ImageDataset.read(folder("a.npz")).labels == [7])
    }
  }

  @Test("an interrupted conversion ends with status 130 and one line, and writes no files")
  func interrupted() throws {
    // Writing 40,000 images takes at least a second.
    let count = 40_000
    let source = ImageDataset(
      name: "many", rowCount: 28, columnCount: 28,
      pixels: (0..<count * 784).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 5) },
      labels: [UInt8](repeating: 1, count: count), trainingCount: count, classNames: ["0", "1"])
    try source.write(to: folder("many"), as: .idx)
    for format in ["png", "npz", "idx-gz"] {
      let run = try ProgramRun(
        "mnist-fetch-convert", ["many", "--to", format, "--output", "out"], in: folder.path,
        started: { [folder] process in
          while process.isRunning, folder.names.count == 1 { usleep(2000) }
          kill(process.processIdentifier, SIGINT)
        })
      #expect(run.status == 130)
      #expect(run.errors == "mnist-fetch-convert: interrupted\n")
      #expect(folder.names == ["many"], "\(format)")
    }
  }

  @Test("a data set with 256 classes is written with a limit of 32 open files")
  func manyClasses() throws {
    let source = ImageDataset(
      name: "many", rowCount: 2, columnCount: 2, pixels: (0..<1024).map { UInt8($0 / 4) }, labels: (0...255).map { $0 },
      trainingCount: 256, classNames: (0...255).map(String.init))
    try source.write(to: folder("many"), as: .idx)
    let run = try ProgramRun(
      "/bin/sh", ["-c", "ulimit -n 32; exec mnist-fetch-convert many --to png --output out"], in: folder.path)
    #expect(run.status == 0, "\(run.errors)")
    #expect(folder.names(in: "out/train").count == 256)
  }

  @Test("if two data sets have the same default output, the second one is refused")
  func oneOutput() throws {
    #expect(try convert(["digits", "--to", "npz"]).status == 0)
    let subset = Fixture("mnist-subset").path
    #expect(try convert([subset, "--to", "csv", "--output", "digits-csv"]).status == 0)
    let run = try convert(["digits.npz", "digits-csv", "--to", "idx"])
    #expect(run.status == 64)
    #expect(run.errorLines.count == 1 && run.errors.contains("another data set of this command has been written there"))
    #expect(try ImageDataset.read(folder("digits-idx")).count == 1797)
  }

  @Test("mnist-train reads the path of a data set in any format", arguments: DatasetFormat.allCases)
  func training(_ format: DatasetFormat) throws {
    let subset = Fixture("mnist-subset").path
    #expect(try convert([subset, "--to", format.rawValue, "--output", "set"]).status == 0)
    func accuracy(_ path: String) throws -> String {
      let run = try ProgramRun(
        "mnist-train", ["--dataset", path, "--epochs", "2", "--threads", "1", "--quiet", "--output", "run"],
        in: folder.path)
      #expect(run.status == 0, "\(run.errors)")
      #expect(try ProgramRun("mnist-dump-errors", ["run"], in: folder.path).status == 0)
      return try #require(run.output.split(separator: "\n").first { $0.hasPrefix("Accuracy: ") }.map(String.init))
    }
    #expect(try accuracy(folder("set")) == accuracy(subset))
  }

  @Test("a data set without a training part is split at random")
  func testPartAlone() throws {
    #expect(
      try convert([Fixture("mnist-subset").path, "--to", "png", "--split", "test", "--output", "set"]).status == 0)
    let run = try ProgramRun("mnist-train", ["--dataset", "set", "--epochs", "1", "--output", "run"], in: folder.path)
    #expect(run.output.contains("training on 75, testing on 25"))
    let canonical = ["--dataset", "set", "--split", "canonical", "--output", "other"]
    let refused = try ProgramRun("mnist-train", canonical, in: folder.path)
    #expect(refused.status == 64)
    #expect(refused.errors.contains("set has no training part of its own"))
  }
}
