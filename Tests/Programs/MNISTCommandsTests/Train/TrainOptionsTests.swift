import Foundation
import NeuralNetwork
import TestFixtures
import Testing

/// Tests of the presets, and of the rules for combining options of mnist-train.
@Suite struct TrainOptionsTests {
  @Test("at most one thread for each processor is used")
  func threads() throws {
    let folder = try ScratchFolder()
    let run = try ProgramRun(
      "mnist-train", ["--threads", "1024", "--epochs", "1", "--output", "run", "--quiet"], in: folder.path)
    #expect(run.status == 0)
    struct Metrics: Decodable { var threads: Int }
    let metrics = try JSONDecoder().decode(Metrics.self, from: Data(folder.bytes("run/metrics.json")))
    #expect(metrics.threads == ProcessInfo.processInfo.activeProcessorCount)
  }

  @Test(
    "options that contradict each other or are out of range are refused before any work",
    arguments: [
      (["--momentum", "0.5"], "--momentum goes with --optimizer momentum or nesterov, not with sgd"),
      (["--momentum", "0.5", "--optimizer", "adam"], "not with adam"),
      (["--momentum", "0.5", "--preset", "accurate", "--optimizer", "adam"], "not with adam"),
      (["--momentum", "1", "--optimizer", "nesterov"], "the momentum is 1.0, expected from 0 to below 1"),
      (["--momentum", "-0.1", "--preset", "fast"], "the momentum is -0.1"),
      (["--optimizer", "best"], "best"),
      (["--batch-size", "0"], "the batch size is 0"),
      (["--weight-decay", "-1"], "the weight decay is -1.0"),
      (["--dropout", "1"], "the dropout is 1.0"),
      (["--label-smoothing", "nan"], "the label smoothing is nan"),
      (["--step-epochs", "3"], "--step-epochs goes with --learning-rate-schedule step, not with constant"),
      (["--step-factor", "0.5", "--preset", "fast"], "--step-factor goes with"),
      (["--learning-rate-schedule", "step"], "needs --step-epochs"),
      (["--learning-rate-schedule", "step", "--step-epochs", "0"], "--step-epochs is 0"),
      (["--learning-rate-schedule", "step", "--step-epochs", "1", "--step-factor", "0"], "--step-factor is 0.0"),
      (["--warm-up", "0.2"], "--warm-up goes with --learning-rate-schedule one-cycle, not with constant"),
      (["--warm-up", "0.2", "--preset", "fast", "--learning-rate-schedule", "cosine"], "not with cosine"),
      (["--warm-up", "1", "--preset", "fast"], "--warm-up is 1.0, expected a number above 0 and below 1"),
      (["--early-stopping", "3"], "--early-stopping needs a validation part; add --validation-size"),
      (["--early-stopping", "3", "--validation-size", "0"], "--early-stopping needs a validation part"),
      (["--early-stopping", "0", "--validation-size", "0.1"], "the patience of early stopping is 0"),
      (["--validation-size", "1"], "a fraction between 0 and 1, or a number of samples, at least 2"),
      (["--validation-size", "-0.1"], "expected a number above 0 and below 1"),
      (["--validation-size", "1347"], "the validation part"),
      (["--validation-size", "5", "--stratify"], "as many test samples as classes"),
      (["--split", "canonical", "--stratify"], "--stratify can be used only with --split random or --validation-size"),
      (["--threads", "0"], "--threads is 0, expected 1 to 1024"),
      (["--threads", "-2"], "--threads is -2"),
      (["--threads", "1000000"], "--threads is 1000000"),
      (["--instruction-set", "avx1024"], "avx1024"),
      (["--preset", "fast", "--shuffle", "--no-shuffle"], "--shuffle"),
    ])
  func refused(_ arguments: [String], _ text: String) throws {
    try BadInputTests.expect(64, text, "mnist-train", arguments, in: ScratchFolder())
  }

  @Test("the rules depend on the preset that is chosen for the data set")
  func byData() throws {
    let images = ["--dataset", Fixture("mnist-subset").path]
    let folder = try ScratchFolder()
    try BadInputTests.expect(
      64, "--stratify can be used only with --split random or --validation-size (the preset is fast)", "mnist-train",
      images + ["--stratify"], in: folder)
    for arguments in [["--momentum", "0.5"], ["--test-size", "50", "--stratify"], ["--warm-up", "0.5"]] {
      let run = try ProgramRun(
        "mnist-train", images + arguments + ["--epochs", "1", "--quiet", "--output", "run"], in: folder.path)
      #expect(run.status == 0 && run.output.contains("\npreset fast: batches of 128, nesterov"), "\(run.errors)")
    }
  }

  @Test("the error for an instruction set that this processor lacks names the available ones")
  func instructionSets() throws {
    let folder = try ScratchFolder()
    for set in InstructionSet.allCases {
      let arguments = ["--epochs", "1", "--quiet", "--output", "run", "--instruction-set", set.rawValue]
      if set.isAvailable {
        #expect(try ProgramRun("mnist-train", arguments, in: folder.path).status == 0)
      } else {
        try BadInputTests.expect(64, "expected one of plain", "mnist-train", arguments, in: folder)
      }
    }
  }

  @Test("the help contains the table of presets, and no line is wider than 80 characters")
  func help() throws {
    let lines = try ProgramRun("mnist-train", ["--help"]).output.split(separator: "\n")
    #expect(lines.allSatisfy { $0.count <= 80 })
    let epochs = try #require(lines.first { $0.hasPrefix("  --epochs ") }).split(separator: " ")
    #expect(epochs.count == 4 && epochs[1] == "100")
    for option in ["--optimizer", "--validation-size", "--threads"] {
      #expect(lines.contains { $0.hasPrefix("  \(option) <") }, "\(option)")
    }
  }
}
