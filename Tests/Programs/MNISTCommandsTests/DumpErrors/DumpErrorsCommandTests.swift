import Datasets
import Foundation
import Images
import TestFixtures
import Testing

@Suite struct DumpErrorsCommandTests {
  /// Runs mnist-train with the given arguments in a new folder. The run folder is `run`.
  static func trained(_ arguments: [String]) throws -> ScratchFolder {
    let folder = try ScratchFolder()
    let run = try ProgramRun("mnist-train", arguments + ["--output", "run", "--quiet"], in: folder.path)
    #expect(run.status == 0, "\(run.errors)")
    return folder
  }

  /// Returns the cells of a CSV file, row by row, without the header.
  static func rows(_ folder: ScratchFolder, _ name: String) throws -> [[Substring]] {
    try folder.text(name).split(separator: "\n").dropFirst().map { $0.split(separator: ",") }
  }

  @Test("there is one picture for each error, with the pixels of the data set's image")
  func pictures() throws {
    let folder = try Self.trained(["--epochs", "5"])
    let run = try ProgramRun("mnist-dump-errors", ["run", "--scale", "3"], in: folder.path)
    #expect(run.status == 0)
    let errors = try Self.rows(folder, "run/predictions.csv").filter { $0[1] != $0[2] }
      .sorted { (Int($0[0]) ?? 0) < (Int($1[0]) ?? 0) }
    #expect(run.output.hasPrefix("\(errors.count) errors of 450 test samples of digits\naccuracy "))
    #expect(run.output.hasSuffix(" %\nPictures: run/errors\n") && !run.output.contains("\u{1B}"))
    let listed = try Self.rows(folder, "run/errors/errors.csv")
    #expect(listed.map { $0.prefix(4) } == errors.map { $0.prefix(4) })
    #expect(
      folder.names(in: "run/errors")
        == (listed.map { String($0[4]) } + ["contact-sheet.png", "errors.csv", "errors.json"]).sorted())

    let digits = try ImageDataset.digits()
    for row in listed {
      let index = try #require(Int(row[0]))
      let padded = String(repeating: "0", count: 4 - row[0].count) + row[0]
      let confidence = String(format: "%.3f", try #require(Double(row[3])))
      #expect(row[4] == "\(padded)-actual-\(row[1])-predicted-\(row[2])-confidence-\(confidence).png")
      #expect(digits.labels[index] == UInt8(row[1]))
      let picture = try PNG.decode(folder.bytes("run/errors/\(row[4])"))
      #expect(picture.width == 24 && picture.height == 24)
      let source = Array(digits.image(index))
      for y in 0..<24 {
        for x in 0..<24 {
          let expected = (Double(source[y / 3 * 8 + x / 3]) * 255 / 16).rounded()
          #expect(Double(picture[x: x, y: y]) == expected)
        }
      }
    }
  }

  @Test("a second dump has the same bytes, and completely replaces the first")
  func again() throws {
    let folder = try Self.trained(["--epochs", "5"])
    func dump(_ arguments: String...) throws -> [String: [UInt8]] {
      #expect(try ProgramRun("mnist-dump-errors", ["run"] + arguments, in: folder.path).status == 0)
      return try Dictionary(
        uniqueKeysWithValues: folder.names(in: "run/errors").map { ($0, try folder.bytes("run/errors/\($0)")) })
    }
    let first = try dump()
    #expect(try dump() == first)
    let few = try dump("--limit", "2", "--sort", "confidence")
    #expect(few.count == 5)
    #expect(try dump() == first)

    // The two errors with the highest confidence, in decreasing order.
    let confidences = try Self.rows(folder, "run/errors/errors.csv").compactMap { Double($0[3]) }.sorted(by: >)
    _ = try dump("--limit", "2", "--sort", "confidence")
    #expect(try Self.rows(folder, "run/errors/errors.csv").compactMap { Double($0[3]) } == Array(confidences.prefix(2)))
  }

  @Test("a run without errors gives no pictures and a message")
  func noErrors() throws {
    let folder = try Self.trained(
      ["--seed", "4294967295", "--architecture", "64,100,50,10", "--epochs", "5", "--learning-rate", "0.02"]
        + ["--test-size", "2"])
    let run = try ProgramRun("mnist-dump-errors", ["run"], in: folder.path)
    #expect(run.status == 0)
    #expect(
      run.output == """
        No errors among 2 test samples of digits: no pictures
        accuracy 100.00 % (95 % interval 34.24 % to 100.00 %)
        Lists: run/errors

        """)
    #expect(folder.names(in: "run/errors") == ["errors.csv", "errors.json"])
  }

  @Test("with --split train, the training part is predicted")
  func training() throws {
    let folder = try Self.trained(["--epochs", "2", "--test-size", "0.5"])
    let run = try ProgramRun(
      "mnist-dump-errors", ["run", "--split", "train", "--output", "there"], in: folder.path)
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.contains("errors of 898 training samples of digits"))
    let tested = Set(try Self.rows(folder, "run/predictions.csv").map { $0[0] })
    #expect(try Self.rows(folder, "there/errors.csv").allSatisfy { !tested.contains($0[0]) && $0[1] != $0[2] })
  }

  @Test("a run folder with a changed or missing file gives a one-line error")
  func broken() throws {
    let folder = try Self.trained(["--epochs", "1"])
    func expect(
      _ status: Int32, _ text: String, _ name: String, _ arguments: [String] = [], _ change: (String) -> String?
    ) throws {
      let original = try folder.bytes("run/\(name)")
      // In Latin-1 every byte is a character, so a binary file can be decoded too.
      let text1 = String(data: Data(original), encoding: .isoLatin1) ?? ""
      if let changed = change(text1) {
        try folder.write(changed.data(using: .isoLatin1) ?? Data(), to: "run/\(name)")
      } else {
        try FileManager.default.removeItem(atPath: folder("run/\(name)"))
      }
      try BadInputTests.expect(status, text, "mnist-dump-errors", ["run"] + arguments, in: folder)
      #expect(folder.names(in: "run/errors") == [])
      try folder.write(original, to: "run/\(name)")
    }
    let train = ["--split", "train"]
    try expect(66, "config.json", "config.json") { _ in nil }
    try expect(65, "config.json: not valid JSON", "config.json") { _ in "nonsense" }
    try expect(65, "the key configuration.seed is missing", "config.json") {
      $0.replacing("\"seed\"", with: "\"sead\"")
    }
    try expect(65, "the format other, expected mnist-toolkit-run-2", "config.json") {
      $0.replacing("mnist-toolkit-run-2", with: "other")
    }
    try expect(65, "the data set digits is not the one of the training: SHA-256 expected 0", "config.json") {
      $0.replacing("\"sha256\" : \"", with: "\"sha256\" : \"0")
    }
    try expect(65, "config.json: the number of epochs is 0", "config.json", train) {
      $0.replacing("\"epochs\" : 1", with: "\"epochs\" : 0")
    }
    for number in ["-1", "2"] {
      try expect(65, "the key completedEpochs: expected from 0 to 1, the epochs asked for, found", "config.json") {
        $0.replacing("\"completedEpochs\" : 1", with: "\"completedEpochs\" : \(number)")
      }
    }
    try expect(65, "the learning rate is -0.1", "config.json") {
      $0.replacing(/"learningRate" : [0-9.]+/) { _ in "\"learningRate\" : -0.1" }
    }
    try expect(65, "the key data.sampleCount: expected at least 1, found -1797", "config.json") {
      $0.replacing("\"sampleCount\" : 1797", with: "\"sampleCount\" : -1797")
    }
    try expect(65, "architecture", "config.json", train) { $0.replacing(" 16,", with: " -16,") }
    try expect(66, "predictions.csv", "predictions.csv") { _ in nil }
    try expect(65, "predictions.csv: line 1", "predictions.csv") { _ in "" }
    try expect(65, "line 2: expected an index, two classes", "predictions.csv") {
      $0.replacing(/\n.*?,/, with: "\nx,", maxReplacements: 1)
    }
    try expect(65, "line 2: expected the index of a test sample that no earlier line has", "predictions.csv") {
      $0.replacing(/\n.*?,/, with: "\n1797,", maxReplacements: 1)
    }
    try expect(65, "line 452: expected the index of a test sample that no earlier line has", "predictions.csv") {
      $0 + $0.split(separator: "\n")[1] + "\n"
    }
    try expect(65, "line 1: expected 450 predictions, found \"0\"", "predictions.csv") { _ in
      "index,actual,predicted,confidence\n"
    }
    try expect(65, "expected a line feed after the last line", "predictions.csv") { String($0.dropLast(3)) }
    try expect(65, "expected a class from 0 to 9", "predictions.csv") {
      $0.replacing(/\n(\d+),(\d),\d,/, maxReplacements: 1) { "\n\($0.1),\($0.2),10," }
    }
    try expect(65, "line 2: expected a finite loss or an empty cell", "predictions.csv") {
      $0.replacing(/\n(\d+,\d,\d,[^,\n]*),[^\n]*/, maxReplacements: 1) { "\n\($0.1),inf" }
    }
    try expect(65, "the actual class", "predictions.csv") {
      $0.replacing(/\n(\d+),(\d),(\d),/, maxReplacements: 1) { "\n\($0.1),1\($0.2),\($0.3)," }
    }
    try expect(65, "expected the prediction of model.safetensors", "predictions.csv") {
      $0.replacing(/\n(\d+,\d,\d),[^,\n]*,/, maxReplacements: 1) { "\n\($0.1),0.123456," }
    }
    try expect(65, "expected the prediction of model.safetensors", "predictions.csv") {
      $0.replacing(/\n(\d+,\d),(\d),/, maxReplacements: 1) { "\n\($0.1),\((Int($0.2) ?? 0) == 0 ? 1 : 0)," }
    }
    try expect(65, "and the loss 77.0", "predictions.csv") {
      $0.replacing(/\n(\d+,\d,\d,[^,\n]*),[^\n]*/, maxReplacements: 1) { "\n\($0.1),77.0" }
    }
    try expect(66, "model.safetensors", "model.safetensors") { _ in nil }
    try expect(66, "model.safetensors", "model.safetensors", train) { _ in nil }
    try expect(65, "the header is declared", "model.safetensors", train) { "\u{FF}\u{FF}" + $0.dropFirst(2) }
    try expect(65, "the tensor weights.1 is missing", "model.safetensors", train) {
      $0.replacing("weights.1", with: "weights.7")
    }
    try expect(65, "has 8840 bytes, expected", "model.safetensors", train) { $0.replacing("[65,17]", with: "[65,18]") }
    try expect(65, "expected F64 [65, 17]", "model.safetensors", train) { $0.replacing("[65,17]", with: "[17,65]") }
  }

  @Test("a file that is far too large for a run is refused before it is read")
  func large() throws {
    let folder = try Self.trained(["--epochs", "1"])
    for (name, text) in [
      // The limit is 1 KiB for the header and 1 KiB for each of the 450 test samples.
      ("predictions.csv", "expected at most 461824"), ("config.json", "expected at most 1048576"),
      ("model.safetensors", "bytes follow the last tensor"),
    ] {
      let original = try folder.bytes("run/\(name)")
      #expect(truncate(folder("run/\(name)"), 3 << 30) == 0)
      try BadInputTests.expect(65, "run/\(name): ", "mnist-dump-errors", ["run"], in: folder)
      try BadInputTests.expect(65, text, "mnist-dump-errors", ["run"], in: folder)
      // A folder with such a large config.json is not a run folder, so mnist-train does not replace the folder.
      if name == "config.json" {
        try BadInputTests.expect(73, "run", "mnist-train", ["--output", "run", "--epochs", "1"], in: folder)
      }
      try folder.write(original, to: "run/\(name)")
    }
    // In a file below the size limit, reading stops at the first wrong line.
    try folder.write([UInt8](repeating: 10, count: 461_824), to: "run/predictions.csv")
    try BadInputTests.expect(65, "line 1: expected the columns", "mnist-dump-errors", ["run"], in: folder)
    let header = Array("index,actual,predicted,confidence\n".utf8)
    try folder.write(header + [UInt8](repeating: 44, count: 400_000) + [10], to: "run/predictions.csv")
    try BadInputTests.expect(65, "line 2: expected an index, two classes", "mnist-dump-errors", ["run"], in: folder)
  }

  @Test("predictions of earlier versions, which have no column for the loss, can be read")
  func withoutLoss() throws {
    let folder = try Self.trained(["--epochs", "1"])
    #expect(try ProgramRun("mnist-dump-errors", ["run", "--output", "one"], in: folder.path).status == 0)
    let text = try folder.text("run/predictions.csv").replacing(/,[^,\n]*\n/, with: "\n")
    #expect(text.hasPrefix("index,actual,predicted,confidence\n"))
    try folder.write(text.utf8, to: "run/predictions.csv")
    #expect(try ProgramRun("mnist-dump-errors", ["run", "--output", "two"], in: folder.path).status == 0)
    // The losses in the file and the losses computed from the model are equal.
    #expect(try folder.bytes("one/errors.csv") == folder.bytes("two/errors.csv"))
  }

  @Test("predictions with the line ends of Windows can be read")
  func lineEnds() throws {
    let folder = try Self.trained(["--epochs", "1"])
    #expect(try ProgramRun("mnist-dump-errors", ["run", "--output", "one"], in: folder.path).status == 0)
    try folder.write(folder.text("run/predictions.csv").replacing("\n", with: "\r\n").utf8, to: "run/predictions.csv")
    #expect(try ProgramRun("mnist-dump-errors", ["run", "--output", "two"], in: folder.path).status == 0)
    #expect(try folder.bytes("one/errors.csv") == folder.bytes("two/errors.csv"))
  }

  @Test("digits are selected by the number or name of a class, and sorted")
  func selection() throws {
    let folder = try Self.trained(["--epochs", "2"])
    func rows(_ arguments: String...) throws -> [[Substring]] {
      let run = try ProgramRun("mnist-dump-errors", ["run"] + arguments, in: folder.path)
      #expect(run.status == 0, "\(run.errors)")
      return try folder.text("run/errors/errors.csv").split(separator: "\n").dropFirst()
        .map { $0.split(separator: ",", omittingEmptySubsequences: false) }
    }
    let errors = try rows()
    let pair = try #require(errors.first)
    #expect(try rows("--actual", String(pair[1])) == errors.filter { $0[1] == pair[1] })
    #expect(
      try rows("--actual", String(pair[1]), "--predicted", String(pair[2]))
        == errors.filter { $0[1] == pair[1] && $0[2] == pair[2] })
    let losses = try rows("--sort", "loss").compactMap { Double($0[5]) }
    #expect(losses.count == errors.count && losses == losses.sorted(by: >))
    #expect(try rows("--all").count == 450)
    #expect(folder.names(in: "run/errors").count == 450 + 5 + 2)
    try BadInputTests.expect(64, "--actual is '10'", "mnist-dump-errors", ["run", "--actual", "10"], in: folder)
    try BadInputTests.expect(64, "--predicted is 'x'", "mnist-dump-errors", ["run", "--predicted", "x"], in: folder)
  }

  @Test("a folder that contains other files is not replaced")
  func foreign() throws {
    let folder = try Self.trained(["--epochs", "1"])
    try folder.write("mine".utf8, to: "run/errors/notes.txt")
    try BadInputTests.expect(73, "notes.txt", "mnist-dump-errors", ["run"], in: folder)
    #expect(folder.names(in: "run/errors") == ["notes.txt"])
  }
}
