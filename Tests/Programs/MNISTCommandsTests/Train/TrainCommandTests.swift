import Foundation
import NeuralNetwork
import TestFixtures
import Testing

@Suite struct TrainCommandTests {
  @Test("a run folder contains the documented files, with the same bytes in every run except for times")
  func runFolder() throws {
    let folder = try ScratchFolder()
    for name in ["one", "two"] {
      let run = try ProgramRun("mnist-train", ["--epochs", "3", "--seed", "8", "--output", name], in: folder.path)
      #expect(run.status == 0)
      #expect(run.output.hasPrefix("digits: 1797 samples of dimension 64 (8x8), 10 classes\n"))
      #expect(run.output.hasSuffix("Run folder: \(name)\n"))
      #expect(run.errors.contains("epoch 3 of 3: loss "))
    }
    #expect(
      folder.names(in: "one") == [
        "config.json", "cost.svg", "history.csv", "metrics.json", "model.safetensors", "predictions.csv", "report.html",
        "report.txt",
      ])
    for name in ["config.json", "cost.svg", "model.safetensors", "predictions.csv", "report.txt"] {
      #expect(try folder.bytes("one/\(name)") == folder.bytes("two/\(name)"), "\(name)")
    }
    let predictions = try folder.text("one/predictions.csv").split(separator: "\n")
    #expect(predictions[0] == "index,actual,predicted,confidence,loss" && predictions.count == 451)
    #expect(try folder.text("one/history.csv").hasPrefix("epoch,cost,seconds,accuracy,learning_rate\n1,"))
    let model = try TrainedModel(parsing: folder.bytes("one/model.safetensors"))
    #expect(model.network.architecture.nodeCounts == [64, 16, 12, 10])
    #expect(model.rowCount == 8 && model.columnCount == 8 && model.datasetName == "digits")
  }

  @Test("without --output, each run has its own folder, and runs/latest leads to the last one")
  func latest() throws {
    let folder = try ScratchFolder()
    for _ in 0..<3 {
      let run = try ProgramRun("mnist-train", ["--epochs", "1", "--quiet"], in: folder.path)
      #expect(run.status == 0 && run.errors == "")
    }
    let names = folder.names(in: "runs")
    #expect(names.count == 4 && names.last == "latest")
    #expect(names.dropLast().allSatisfy { $0.wholeMatch(of: /\d{8}-\d{6}-digits(-\d+)?/) != nil }, "\(names)")
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: folder("runs/latest")).contains("-digits"))
  }

  @Test("a run in the same folder completely replaces the earlier run")
  func replaces() throws {
    let folder = try ScratchFolder()
    for epochs in ["1", "2"] {
      let run = try ProgramRun("mnist-train", ["--epochs", epochs, "--output", "run", "--quiet"], in: folder.path)
      #expect(run.status == 0)
      #expect(try ProgramRun("mnist-dump-errors", ["run"], in: folder.path).status == 0)
    }
    #expect(try folder.text("run/history.csv").split(separator: "\n").count == 3)
    #expect(folder.names == ["run"])
  }

  @Test("a run does not replace a folder that contains other files")
  func foreignErrors() throws {
    let folder = try ScratchFolder()
    let arguments = ["--epochs", "1", "--output", "run", "--quiet"]
    #expect(try ProgramRun("mnist-train", arguments, in: folder.path).status == 0)
    try folder.write("mine".utf8, to: "run/errors/notes.txt")
    try BadInputTests.expect(73, "errors/notes.txt", "mnist-train", arguments, in: folder)
    #expect(try folder.text("run/errors/notes.txt") == "mine")
    // A report.txt without a valid config.json does not belong to a run. A folder named report.txt does not belong to a
    // run either.
    try folder.write("{}".utf8, to: "other/config.json")
    try folder.write("mine".utf8, to: "other/report.txt")
    try BadInputTests.expect(73, "other", "mnist-train", ["--epochs", "1", "--output", "other"], in: folder)
    try folder.write("mine".utf8, to: "third/report.txt/thesis")
    try folder.write(folder.bytes("run/config.json"), to: "third/config.json")
    try BadInputTests.expect(73, "report.txt", "mnist-train", ["--epochs", "1", "--output", "third"], in: folder)
    #expect(folder.names(in: "third/report.txt") == ["thesis"])
  }

  @Test("of several simultaneous runs in the same folder, one complete run remains")
  func atOnce() async throws {
    let folder = try ScratchFolder()
    let arguments = ["--epochs", "2", "--output", "run", "--quiet"]
    try await withThrowingTaskGroup(of: Int32.self) { group in
      for seed in 0..<8 {
        group.addTask {
          try ProgramRun("mnist-train", arguments + ["--seed", "\(seed)"], in: folder.path).status
        }
      }
      for try await status in group { #expect(status == 0) }
    }
    #expect(folder.names == ["run"])
    #expect(folder.names(in: "run").count == 8)
  }

  @Test("if --output is a link, the run that it leads to is replaced, and the link stays")
  func throughLink() throws {
    let folder = try ScratchFolder()
    #expect(try ProgramRun("mnist-train", ["--epochs", "1", "--quiet"], in: folder.path).status == 0)
    for output in ["runs/latest", "runs/latest/"] {
      let run = try ProgramRun("mnist-train", ["--epochs", "2", "--quiet", "--output", output], in: folder.path)
      #expect(run.status == 0, "\(run.errors)")
    }
    #expect(folder.names(in: "runs").count == 2)
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: folder("runs/latest")).hasSuffix("-digits"))
    #expect(try folder.text("runs/latest/history.csv").split(separator: "\n").count == 3)
  }

  @Test("a run succeeds even if its notes cannot be written")
  func noStandardError() throws {
    let folder = try ScratchFolder()
    let program = ProgramRun.binaries.appending(path: "mnist-train").path
    for redirection in ["2>/dev/full", "2>&-"] {
      let process = Process()
      process.executableURL = URL(filePath: "/bin/sh")
      process.arguments = ["-c", "\"$0\" --epochs 1 --output run \(redirection) >/dev/null", program]
      process.currentDirectoryURL = URL(filePath: folder.path)
      try process.run()
      process.waitUntilExit()
      #expect(process.terminationStatus == 0, "\(redirection)")
      #expect(folder.names == ["run"])
    }
    #expect(try folder.text("run/report.txt").hasPrefix("              precision"))
  }

  @Test(
    "a training succeeds with every kind of normalization and split",
    arguments: [
      ["--normalization", "standard"], ["--normalization", "none", "--learning-rate", "0.01"], ["--stratify"],
      ["--initializer", "xavier"], ["--test-size", "100"],
    ])
  func variants(_ arguments: [String]) throws {
    let folder = try ScratchFolder()
    let run = try ProgramRun(
      "mnist-train", arguments + ["--epochs", "30", "--output", "run", "--quiet"], in: folder.path)
    #expect(run.status == 0, "\(run.errors)")
    let line = try #require(run.output.split(separator: "\n").first { $0.hasPrefix("Accuracy: ") })
    let accuracy = try #require(Double(line.split(separator: " ")[1]))
    #expect(accuracy > 0.85)
    // The training part is computed again from config.json.
    #expect(try ProgramRun("mnist-dump-errors", ["run", "--split", "train"], in: folder.path).status == 0)
  }

  @Test("with a canonical split, the test part is the test file")
  func folders() throws {
    let folder = try ScratchFolder()
    let canonical = try ProgramRun(
      "mnist-train",
      ["--dataset", Fixture("mnist-subset").path, "--split", "canonical", "--epochs", "20", "--output", "run"],
      in: folder.path)
    #expect(canonical.status == 0, "\(canonical.errors)")
    let indices = try folder.text("run/predictions.csv").split(separator: "\n").dropFirst()
      .compactMap { $0.split(separator: ",").first.flatMap { Int($0) } }
    #expect(indices == Array(300..<400))
  }
}
