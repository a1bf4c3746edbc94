import Archives
import Foundation
import IDX
import TestFixtures
import Testing

/// Tests of bad input. Each program must write a one-line error, have the right exit status, and create no files.
@Suite struct BadInputTests {
  /// Runs a program and expects a one-line error.
  ///
  /// - Parameters:
  ///   - status: The expected exit status.
  ///   - text: A part of the expected error.
  ///   - names: The expected names of the folder's items after the run. The default is the names before the run.
  static func expect(
    _ status: Int32, _ text: String, _ program: String, _ arguments: [String], in folder: ScratchFolder,
    makes names: [String]? = nil, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let before = folder.names
    let run = try ProgramRun(program, arguments, in: folder.path)
    #expect(run.status == status, "\(run.errors)", sourceLocation: sourceLocation)
    #expect(run.errorLines.count == 1, "\(run.errors)", sourceLocation: sourceLocation)
    #expect(run.errors.hasPrefix(program + ": "), sourceLocation: sourceLocation)
    #expect(run.errors.contains(text), "\(run.errors)", sourceLocation: sourceLocation)
    #expect(folder.names == names ?? before, sourceLocation: sourceLocation)
  }

  @Test(
    "wrong options are refused before any work",
    arguments: [
      (["--architecture", "64"], "needs two or more node counts"),
      (["--architecture", "64,0,10"], "layer 1 of the architecture has 0 nodes"),
      (["--architecture", "64,16,-12,10"], "layer 2 of the architecture has -12 nodes"),
      (["--architecture", "-64,10"], "layer 0 of the architecture has -64 nodes"),
      (["--architecture", "64,,10"], "whole numbers between commas"),
      (["--architecture", "784,16,10"], "begins with 784 inputs, expected 64"),
      (["--architecture", "64,16,12"], "ends in 12 outputs, expected 10"),
      (["--architecture", "64,16,12,11"], "ends in 11 outputs, expected 10"),
      (["--architecture", "64,999999999,10"], "weights"),
      (["--epochs", "0"], "the number of epochs is 0"),
      (["--epochs", "-1"], "the number of epochs is -1"),
      (["--epochs", "many"], "many"),
      (["--learning-rate", "nan"], "the learning rate is nan"),
      (["--learning-rate", "inf"], "the learning rate is inf"),
      (["--learning-rate", "-0.1"], "the learning rate is -0.1"),
      (["--learning-rate", "0"], "the learning rate is 0.0"),
      (["--test-size", "0"], "at least 1"),
      (["--test-size", "0.0"], "expected a number above 0 and below 1"),
      (["--test-size", "1"], "a fraction between 0 and 1, or a number of samples, at least 2"),
      (["--test-size", "1.0"], "expected a number above 0 and below 1"),
      (["--test-size", "-3"], "at least 1"),
      (["--test-size", "1797"], "less than 1797, the number of samples"),
      (["--test-size", "99999"], "less than 1797, the number of samples"),
      (["--test-size", "0.9999"], "leaves no samples to train on"),
      (["--test-size", "some"], "not a test size"),
      (["--seed", "-1"], "-1"),
      (["--seed", "4294967296"], "4294967296"),
      (["--preset", "none"], "none"),
      (["--initializer", "zeros"], "zeros"),
      (["--split", "canonical"], "no test part of its own"),
      (["--split", "canonical", "--test-size", "0.5"], "--test-size can be used only with --split random"),
      (["--stratify", "--test-size", "5"], "as many test samples as classes"),
      (["--nonsense"], "--nonsense"),
      (["surplus"], "surplus"),
    ])
  func trainOptions(_ arguments: [String], _ text: String) throws {
    try Self.expect(64, text, "mnist-train", arguments, in: ScratchFolder())
  }

  @Test("wrong options of the other programs are refused")
  func otherOptions() throws {
    let folder = try ScratchFolder()
    try Self.expect(64, "--scale is 0", "mnist-dump-errors", ["--scale", "0"], in: folder)
    try Self.expect(64, "--limit is -1", "mnist-dump-errors", ["--limit", "-1"], in: folder)
    try Self.expect(64, "wide", "mnist-dump-errors", ["--sort", "wide"], in: folder)
    try Self.expect(64, "--model and --dataset", "mnist-dump-errors", ["--model", "m"], in: folder)
    try Self.expect(64, "--threads is 0", "mnist-dump-errors", ["--threads", "0"], in: folder)
    for folds in ["1", "2.5"] {
      try Self.expect(
        64, "--suspects is \(folds), expected a whole number of folds, at least 2", "mnist-dump-errors",
        ["--suspects", folds], in: folder)
    }
    try Self.expect(66, "run: this run folder does not exist", "mnist-dump-errors", ["--suspects", "run"], in: folder)
    try Self.expect(64, "--split test", "mnist-dump-errors", ["--suspects", "--split", "test"], in: folder)
    try Self.expect(64, "--all", "mnist-dump-errors", ["--suspects", "3", "--all"], in: folder)
    try Self.expect(64, "unknown data set", "mnist-fetch-convert", ["nonesuch", "--from", "."], in: folder)
    try Self.expect(64, "a base URL nor a folder", "mnist-fetch-convert", ["--from", "http://"], in: folder)
    try Self.expect(64, "only local folders", "mnist-fetch-convert", ["--offline", "--from", "http://h/"], in: folder)
    try Self.expect(
      64, "--list and --verify cannot be combined with each other", "mnist-fetch-convert", ["--list", "--force"],
      in: folder)
  }

  @Test("empty names and paths are refused before any work", arguments: emptyPaths)
  func emptyNames(_ program: String, _ arguments: [String], _ text: String) throws {
    try Self.expect(64, text + " is empty, expected ", program, arguments, in: ScratchFolder())
  }

  static let emptyPaths: [(String, [String], String)] = [
    ("mnist-train", ["--output", ""], "--output"),
    ("mnist-train", ["--dataset", ""], "--dataset"),
    ("mnist-train", ["--data-dir", ""], "--data-dir"),
    ("mnist-dump-errors", [""], "the run folder's name"),
    ("mnist-dump-errors", ["--model", "", "--dataset", "digits"], "--model"),
    ("mnist-dump-errors", ["--model", "m", "--dataset", ""], "--dataset"),
    ("mnist-dump-errors", ["--output", ""], "--output"),
    ("mnist-dump-errors", ["--data-dir", ""], "--data-dir"),
    ("mnist-predict", ["a.png", ""], "a picture's name"),
    ("mnist-predict", ["a.png", "--run", ""], "--run"),
    ("mnist-predict", ["a.png", "--model", ""], "--model"),
    ("mnist-predict", ["a.png", "--save-prepared", ""], "--save-prepared"),
    ("mnist-fetch-convert", ["digits", ""], "a data set's name"),
    ("mnist-fetch-convert", ["--from", ""], "the source"),
    ("mnist-fetch-convert", ["digits", "--to", "npz", "--output", ""], "--output"),
    ("mnist-fetch-convert", ["--data-dir", ""], "--data-dir"),
  ]

  @Test("without a data folder, commands that need one say what to set, and all others work")
  func noDataFolder() throws {
    let folder = try ScratchFolder()
    func run(_ program: String, _ arguments: [String]) throws -> ProgramRun {
      let environment = ["MNIST_DATA_DIR": "", "XDG_CACHE_HOME": "cache", "HOME": ""]
      return try ProgramRun(program, arguments, in: folder.path, environment: environment)
    }
    for (program, arguments) in [
      ("mnist-train", ["--dataset", "full"]), ("mnist-dump-errors", ["--model", "m", "--dataset", "full"]),
      ("mnist-fetch-convert", []), ("mnist-fetch-convert", ["digits", "fashion", "--offline"]),
      ("mnist-fetch-convert", ["--verify"]), ("mnist-fetch-convert", ["full", "--to", "npz"]),
    ] {
      if program == "mnist-dump-errors" {
        #expect(try run("mnist-train", ["--epochs", "1", "--quiet", "--output", "run"]).status == 0)
        try folder.write(folder.bytes("run/model.safetensors"), to: "m")
      }
      let failed = try run(program, arguments)
      #expect(failed.status == 64, "\(program) \(arguments)")
      #expect(failed.errorLines.count == 1 && failed.output == "", "\(program) \(arguments): \(failed.errors)")
      for name in ["MNIST_DATA_DIR", "XDG_CACHE_HOME", "HOME", "--data-dir"] { #expect(failed.errors.contains(name)) }
    }
    #expect(try run("mnist-fetch-convert", ["--list"]).output.contains("absent"))
    for arguments in [
      ["digits"], ["digits", "--verify"], ["digits", "--to", "npz"], ["./digits.npz", "--to", "csv"],
    ] {
      let done = try run("mnist-fetch-convert", arguments)
      #expect(done.status == 0, "\(arguments): \(done.errors)")
    }
    #expect(folder.names == ["digits-csv", "digits.npz", "m", "run"])
  }

  @Test("the error for a missing input names the command that provides it")
  func missing() throws {
    let folder = try ScratchFolder()
    try Self.expect(66, "mnist-fetch-convert full", "mnist-train", ["--dataset", "full"], in: folder)
    try Self.expect(66, "mnist-fetch-convert full", "mnist-train", ["--dataset", "mnist"], in: folder)
    try Self.expect(66, "no such data set or folder", "mnist-train", ["--dataset", "nonesuch"], in: folder)
    try Self.expect(66, "mnist-train", "mnist-dump-errors", [], in: folder)
    try Self.expect(66, "no such folder", "mnist-fetch-convert", ["full", "--from", "nowhere"], in: folder)
    try Self.expect(66, "train-images-idx3-ubyte.gz is missing", "mnist-fetch-convert", ["--from", "."], in: folder)
    try Self.expect(66, "mnist-fetch-convert full", "mnist-fetch-convert", ["full", "--offline"], in: folder)
    try Self.expect(66, "mnist-fetch-convert full", "mnist-fetch-convert", ["full", "--verify"], in: folder)
  }

  @Test("the advised command repeats --data-dir, quoted for a shell, unless the folder is the default")
  func advisedDataFolder() throws {
    let folder = try ScratchFolder()
    let advised = "mnist-fetch-convert full --data-dir 'my data'"
    for (program, arguments) in [
      ("mnist-train", ["--dataset", "mnist"]), ("mnist-fetch-convert", ["full", "--offline"]),
      ("mnist-fetch-convert", ["full", "--verify"]),
    ] {
      try Self.expect(66, advised, program, arguments + ["--data-dir", "my data"], in: folder)
      let run = try ProgramRun(program, arguments, in: folder.path)
      #expect(run.status == 66 && !run.errors.contains("--data-dir"), "\(run.errors)")
    }
  }

  @Test("the error for a mistyped data set suggests the nearest name")
  func suggestions() throws {
    let folder = try ScratchFolder()
    for (name, meant) in [("fashon", "fashion"), ("MNIST", "mnist"), ("emnist-leters", "emnist-letters")] {
      let text = "\(name): no such data set or folder (did you mean \(meant)?); the known data sets are digits, full, "
      try Self.expect(66, text, "mnist-train", ["--dataset", name], in: folder)
    }
    try Self.expect(
      64, "fashon: unknown data set (did you mean fashion?), expected one of", "mnist-fetch-convert", ["fashon"],
      in: folder)
    for name in ["nonesuch", "x", "data"] {
      let run = try ProgramRun("mnist-train", ["--dataset", name], in: folder.path)
      #expect(run.status == 66 && !run.errors.contains("did you mean"), "\(run.errors)")
    }
  }

  /// A damaged file in a folder of IDX files, and a part of the expected error.
  struct BrokenFile: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let file: String
    let bytes: [UInt8]
    let text: String
  }

  static let brokenFiles: [BrokenFile] = {
    let images = "train-images-idx3-ubyte"
    let labels = "train-labels-idx1-ubyte"
    let good = IDXArray([UInt8](repeating: 9, count: 24), dimensions: [4, 2, 3]).encoded()
    var zipped = Gzip.compress(good)
    zipped[zipped.count - 5] ^= 0x40
    return [
      .init(
        testDescription: "wrong magic", file: images, bytes: [1] + good.dropFirst(),
        text: "at byte 0: expected two zero bytes, found 01 00"),
      .init(testDescription: "unknown element type", file: images, bytes: [0, 0, 7] + good.dropFirst(3), text: "0x07"),
      .init(testDescription: "rank 0", file: images, bytes: [0, 0, 8, 0], text: "rank"),
      .init(
        testDescription: "product of dimensions overflows", file: images,
        bytes: [0, 0, 8, 3] + [UInt8](repeating: 0xFF, count: 12) + good.dropFirst(16), text: "4294967295"),
      .init(
        testDescription: "dimensions exceed the file", file: images,
        bytes: [0, 0, 8, 3, 0, 0, 0, 5] + good.dropFirst(8), text: "expected 46 bytes, found 40"),
      .init(testDescription: "trailing byte", file: images, bytes: good + [0], text: "40"),
      .init(testDescription: "bad CRC", file: images + ".gz", bytes: zipped, text: "CRC"),
      .init(
        testDescription: "gzip cut", file: images + ".gz", bytes: Array(zipped.dropLast(9)),
        text: "the file ends inside the compressed data"),
      .init(testDescription: "gzip empty", file: images + ".gz", bytes: [], text: "empty"),
      .init(testDescription: "gzip really HTML", file: images + ".gz", bytes: Array("<html>no".utf8), text: "HTML"),
      .init(
        testDescription: "counts differ", file: labels, bytes: IDXArray([1, 2] as [UInt8], dimensions: [2]).encoded(),
        text: "found 2 labels, expected 4, one for each image in set/train-images-idx3-ubyte"),
    ]
  }()

  @Test("the error for a damaged file names the file and the damage", arguments: brokenFiles)
  func broken(_ broken: BrokenFile) throws {
    let folder = try ScratchFolder()
    for (name, bytes) in [
      ("train-images-idx3-ubyte", IDXArray([UInt8](repeating: 9, count: 24), dimensions: [4, 2, 3]).encoded()),
      ("train-labels-idx1-ubyte", IDXArray([0, 1, 2, 3] as [UInt8], dimensions: [4]).encoded()),
    ] where !broken.file.hasPrefix(name) {
      try folder.write(bytes, to: "set/" + name)
    }
    try folder.write(broken.bytes, to: "set/" + broken.file)
    try Self.expect(65, broken.text, "mnist-train", ["--dataset", "set"], in: folder)
    let run = try ProgramRun("mnist-train", ["--dataset", "set"], in: folder.path)
    #expect(run.errors.contains(broken.file))
  }

  @Test("a label is bad data if a known data set has no such class, and a usage error if the network has no output")
  func labels() throws {
    let folder = try ScratchFolder()
    for part in ["train", "t10k"] {
      try folder.write(
        IDXArray([UInt8](repeating: 9, count: 24), dimensions: [4, 2, 3]).encoded(),
        to: "full/\(part)-images-idx3-ubyte")
      try folder.write(
        IDXArray([0, 1, 10, 3] as [UInt8], dimensions: [4]).encoded(), to: "full/\(part)-labels-idx1-ubyte")
    }
    try Self.expect(
      65, "train-labels-idx1-ubyte: at byte 10: the label 10, expected 0 to 9", "mnist-train",
      ["--dataset", "full", "--data-dir", "."], in: folder)
    try Self.expect(
      64, "ends in 10 outputs, expected 11", "mnist-train",
      ["--dataset", "./full", "--architecture", "6,4,10"], in: folder)
  }

  @Test("a published file with a wrong checksum is refused, and nothing is written")
  func checksum() throws {
    let folder = try ScratchFolder()
    for name in ["train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1"] {
      try folder.write(Fixture("mnist-subset/\(name)-ubyte.gz").bytes(), to: "from/\(name)-ubyte.gz")
    }
    try Self.expect(
      65, "SHA-256 expected 440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609, found",
      "mnist-fetch-convert", ["full", "--from", "from", "--data-dir", "data"], in: folder)
  }

  @Test("an output that cannot be created is reported before training starts")
  func output() throws {
    let folder = try ScratchFolder()
    try folder.write("mine".utf8, to: "taken/letter.txt")
    try folder.write("mine".utf8, to: "file")
    try Self.expect(73, "letter.txt", "mnist-train", ["--output", "taken"], in: folder)
    try Self.expect(73, "a file is there", "mnist-train", ["--output", "file"], in: folder)
    try Self.expect(
      73, "file: cannot make the folder: a file is there", "mnist-train", ["--output", "file/run"], in: folder)
    try Self.expect(73, "/proc/nowhere", "mnist-train", ["--output", "/proc/nowhere/run"], in: folder)
    #expect(try folder.text("taken/letter.txt") == "mine")
  }

  @Test("--help and --version succeed and write to standard output")
  func help() throws {
    for program in ["mnist-train", "mnist-fetch-convert", "mnist-dump-errors"] {
      for (option, text) in [("--help", "USAGE: \(program)"), ("--version", "0.1.0\n")] {
        let run = try ProgramRun(program, [option])
        #expect(run.status == 0 && run.errors == "" && run.output.contains(text))
      }
    }
  }
}
