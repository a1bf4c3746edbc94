import Foundation
import Matrices
import NeuralNetwork
import TestFixtures
import Testing

/// Tests of the files that mnist-train writes, with many combinations of options.
@Suite struct TrainingRunTests {
  /// Returns the header of a run's history.csv, and the numbers in the rows below.
  static func history(_ folder: ScratchFolder, _ run: String = "run") throws -> (header: String, rows: [[Double]]) {
    let lines = try folder.text("\(run)/history.csv").split(separator: "\n")
    return (String(lines[0]), lines.dropFirst().map { $0.split(separator: ",").compactMap { Double($0) } })
  }

  /// Reads a JSON object from a file.
  static func json(_ folder: ScratchFolder, _ name: String) throws -> [String: Any] {
    let value = try JSONSerialization.jsonObject(with: Data(folder.bytes(name)))
    return try #require(value as? [String: Any])
  }

  /// Runs mnist-train with some arguments and an output folder.
  static func train(_ arguments: [String], in folder: ScratchFolder, output: String = "run") throws -> ProgramRun {
    try ProgramRun("mnist-train", arguments + ["--output", output], in: folder.path)
  }

  @Test("the weights have the same bytes with every number of threads and in every run")
  func threads() throws {
    let folder = try ScratchFolder()
    let arguments = ["--preset", "fast", "--dropout", "0.2", "--validation-size", "0.1", "--quiet", "--threads"]
    for (name, count) in [("1", 1), ("2", 2), ("3", 3), ("8", 8), ("again", 8)] {
      #expect(try Self.train(arguments + ["\(count)"], in: folder, output: name).status == 0)
      for file in ["config.json", "model.safetensors", "predictions.csv", "cost.svg"] {
        #expect(try folder.bytes("\(name)/\(file)") == folder.bytes("1/\(file)"), "\(file), \(name)")
      }
      #expect(
        try Self.json(folder, "\(name)/metrics.json")["threads"] as? Int
          == min(count, ProcessInfo.processInfo.activeProcessorCount))
    }
    let metrics = try Self.json(folder, "8/metrics.json")
    #expect(try #require(metrics["accuracy"] as? Double) > 0.9)
  }

  @Test("the history, the metrics and the chart contain the validation part")
  func validation() throws {
    let folder = try ScratchFolder()
    let run = try Self.train(["--preset", "fast", "--epochs", "3", "--validation-size", "200"], in: folder)
    #expect(run.output.contains("\ntraining on 1147, validating on 200, testing on 450; "))
    #expect(run.errors.contains(/epoch 3 of 3: loss [0-9.]+, validation accuracy [0-9.]+%\n/), "\(run.errors)")
    let history = try Self.history(folder)
    #expect(history.header == "epoch,cost,seconds,accuracy,learning_rate,validation_cost,validation_accuracy")
    #expect(history.rows.map(\.count) == [7, 7, 7])
    #expect(history.rows.allSatisfy { (0...1).contains($0[3]) && (0...1).contains($0[6]) && $0[5] > 0 })
    let metrics = try Self.json(folder, "run/metrics.json")
    #expect(metrics["end"] as? String == "completed" && metrics["weightsEpoch"] as? Int == 3)
    #expect(Self.agree(metrics["trainingAccuracy"], history.rows[2][3]))
    #expect(Self.agree(metrics["validationCost"], history.rows[2][5]))
    #expect(Self.agree(metrics["validationAccuracy"], history.rows[2][6]))
    let chart = try folder.text("run/cost.svg")
    #expect(chart.contains(">training</text>") && chart.contains(">validation</text>"))
  }

  @Test("without a validation part, the history and the metrics do not mention one")
  func noValidation() throws {
    let folder = try ScratchFolder()
    for (name, more) in [("one", []), ("two", ["--validation-size", "0"])] {
      #expect(try Self.train(["--epochs", "1", "--quiet"] + more, in: folder, output: name).status == 0)
    }
    #expect(try folder.bytes("one/model.safetensors") == folder.bytes("two/model.safetensors"))
    #expect(try Self.history(folder, "two").header == "epoch,cost,seconds,accuracy,learning_rate")
    #expect(try Self.json(folder, "two/metrics.json")["validationCost"] == nil)
    try BadInputTests.expect(
      64, "has no validation part", "mnist-dump-errors", ["two", "--split", "validation"], in: folder)
  }

  @Test(
    "a canonical split can have a stratified validation part, which shares no samples with the training part")
  func stratified() throws {
    let folder = try ScratchFolder()
    let run = try Self.train(
      [
        "--dataset", Fixture("mnist-subset").path, "--epochs", "1", "--stratify", "--validation-size", "0.2", "--quiet",
      ],
      in: folder)
    #expect(run.status == 0 && run.output.contains("training on 240, validating on 60, testing on 100"))
    var indices: [String: Set<Int>] = [:]
    for (part, count) in [("train", 240), ("validation", 60), ("test", 100)] {
      let dump = try ProgramRun("mnist-dump-errors", ["run", "--split", part, "--output", part], in: folder.path)
      let word = part == "train" ? "training" : part
      #expect(dump.status == 0 && dump.output.contains("of \(count) \(word) samples"), "\(dump.errors)")
      indices[part] = Set(try DumpErrorsCommandTests.rows(folder, "\(part)/errors.csv").compactMap { Int($0[0]) })
    }
    #expect(indices["train"]?.isDisjoint(with: indices["validation"] ?? []) == true)
    #expect(indices["validation"]?.allSatisfy { $0 < 300 } == true && indices["test"]?.allSatisfy { $0 >= 300 } == true)
  }

  /// Returns whether two numbers are equal except for the last digit. Reading JSON can change the last digit.
  private static func agree(_ one: Any?, _ other: Double) -> Bool {
    (one as? Double).map { abs($0 - other) <= 1e-15 } ?? false
  }

  @Test("early stopping ends the training before the last epoch and keeps the weights of the best epoch")
  func earlyStopping() throws {
    let folder = try ScratchFolder()
    let arguments = ["--preset", "fast", "--epochs", "200", "--validation-size", "0.2"]
    let run = try Self.train(arguments + ["--early-stopping", "2"], in: folder)
    #expect(run.status == 0)
    let costs = try Self.history(folder).rows.map { $0[5] }
    let best = try #require(costs.indices.min { costs[$0] < costs[$1] }) + 1
    #expect(costs.count < 200 && costs.count == best + 2)
    #expect(run.errors.hasSuffix("stopped early after epoch \(costs.count); the weights are those of epoch \(best)\n"))
    let metrics = try Self.json(folder, "run/metrics.json")
    #expect(metrics["end"] as? String == "stoppedEarly" && metrics["weightsEpoch"] as? Int == best)
    #expect(Self.agree(metrics["validationCost"], costs[best - 1]))
    #expect(try Self.json(folder, "run/config.json")["end"] as? String == "stoppedEarly")
  }

  @Test(
    "a training run that diverges saves its last finite weights, and ends with status 65 and advice",
    arguments: [
      (["--learning-rate", "1e308"], 1, "those before the training", "1e+308"),
      (["--learning-rate", "1e30", "--preset", "fast"], 1, "those before the training", "1e+30"),
      (
        ["--learning-rate", "1e20", "--preset", "accurate", "--dataset", Fixture("mnist-subset").path], nil, "",
        "1e+20, or a weight decay below 3e-05"
      ),
      (
        ["--preset", "fast", "--learning-rate-schedule", "step", "--step-epochs", "2", "--step-factor", "1e30"], 3,
        "those of epoch 2", "0.3, or a step factor below 1e+30"
      ),
      (
        // If an epoch has a single batch, the cost of the new weights is known one epoch later.
        ["--preset", "fast", "--learning-rate-schedule", "constant", "--epochs", "100", "--batch-size", "5000"]
          + ["--learning-rate", "30", "--weight-decay", "0.1"], 6, "those of epoch 4",
        "30.0, or a weight decay below 0.1"
      ),
      (
        ["--learning-rate-schedule", "step", "--step-epochs", "2", "--step-factor", "1e308", "--epochs", "5"]
          + ["--validation-size", "0.1", "--early-stopping", "5"], 5, "those of epoch 2",
        "0.1, or a step factor below 1e+308"
      ),
    ])
  func diverged(_ arguments: [String], _ epoch: Int?, _ kept: String, _ learningRate: String) throws {
    let folder = try ScratchFolder()
    let run = try Self.train(arguments + ["--quiet"], in: folder)
    #expect(run.status == 65 && run.errorLines.count == 1, "\(run.errors)")
    #expect(run.errors.contains("the weights kept are \(kept)"), "\(run.errors)")
    #expect(run.errors.hasSuffix("; try a learning rate below \(learningRate); saved in run\n"), "\(run.errors)")
    #expect(run.output.contains("\nAccuracy: ") && run.output.hasSuffix("Run folder: run\n"))
    #expect(folder.names(in: "run").count == 8)
    let completed = try Self.history(folder).rows.count
    let config = try Self.json(folder, "run/config.json")
    #expect(config["end"] as? String == "diverged" && config["completedEpochs"] as? Int == completed)
    if let epoch {
      #expect(completed == epoch - 1 && run.errors.contains("in epoch \(epoch) the cost or a weight"))
    }
    let metrics = try Self.json(folder, "run/metrics.json")
    #expect(metrics["end"] as? String == "diverged")
    let weightsEpoch = kept.hasPrefix("those of epoch ") ? Int(kept.dropFirst(15)) : completed
    #expect(metrics["weightsEpoch"] as? Int == weightsEpoch)
    let model = try TrainedModel(parsing: folder.bytes("run/model.safetensors"))
    #expect(model.training != nil)
    #expect(try model.outputs(for: [UInt8](repeating: 9, count: model.rowCount * model.columnCount)).isFinite)
    // The errors of a diverged run can be dumped like the errors of any other run.
    #expect(try ProgramRun("mnist-dump-errors", ["run", "--limit", "1"], in: folder.path).status == 0)
  }

  @Test("if the outputs are not finite before the training, the advice does not mention the learning rate")
  func hugeFromTheStart() throws {
    // The weighted sums grow by a factor of about four from layer to layer.
    let layers = [64] + [Int](repeating: 30, count: 100) + [10]
    let architecture = layers.map { String($0) }.joined(separator: ",")
    let arguments = ["--preset", "fast", "--initializer", "standard-normal", "--architecture", architecture]
    let run = try Self.train(arguments + ["--epochs", "1", "--quiet"], in: try ScratchFolder())
    #expect(run.status == 65 && run.errorLines.count == 1, "\(run.errors)")
    #expect(
      run.errors.hasSuffix(
        "those before the training; try another initializer or normalization; saved in run\n"), "\(run.errors)")
  }

  @Test("with a far too large learning rate, the training succeeds or is reported as diverged")
  func largeLearningRates() throws {
    let folder = try ScratchFolder()
    for preset in ["article", "fast", "accurate"] {
      for rate in ["1e6", "1e30", "1e200"] {
        let run = try Self.train(
          ["--preset", preset, "--learning-rate", rate, "--epochs", "3", "--architecture", "64,16,10", "--quiet"],
          in: folder)
        #expect(run.status == 0 || run.status == 65 && run.errors.contains("the training diverged"), "\(run.errors)")
        #expect(try ProgramRun("mnist-dump-errors", ["run", "--limit", "1"], in: folder.path).status == 0)
      }
    }
  }

  @Test(
    "every combination of training options reaches an accuracy above 90 % on the digits",
    arguments: [
      ["--preset", "accurate", "--architecture", "64,64,64,10"],
      ["--preset", "fast", "--activation", "tanh"],
      ["--preset", "fast", "--loss", "binary-cross-entropy"], ["--preset", "fast", "--precision", "float64"],
      ["--preset", "fast", "--loss", "squared-error", "--biases", "units", "--initializer", "xavier"]
        + ["--learning-rate", "0.1", "--batch-size", "32"],
      ["--preset", "fast", "--optimizer", "adamw", "--learning-rate", "0.005", "--weight-decay", "0.01"],
      ["--preset", "fast", "--optimizer", "momentum", "--learning-rate-schedule", "cosine", "--no-shuffle"],
      ["--preset", "fast", "--learning-rate-schedule", "step", "--step-epochs", "10", "--step-factor", "0.5"],
      ["--optimizer", "momentum", "--momentum", "0.5", "--batch-size", "4"],
      ["--preset", "fast", "--warm-up", "0.1", "--label-smoothing", "0.1", "--instruction-set", "plain"],
    ])
  func ways(_ arguments: [String]) throws {
    let folder = try ScratchFolder()
    let run = try Self.train(arguments + ["--epochs", "20", "--quiet"], in: folder)
    #expect(run.status == 0, "\(run.errors)")
    let accuracy = try #require(Self.json(folder, "run/metrics.json")["accuracy"] as? Double)
    #expect(accuracy > 0.9, "\(arguments)")
    #expect(try ProgramRun("mnist-dump-errors", ["run", "--split", "train"], in: folder.path).status == 0)
  }
}
