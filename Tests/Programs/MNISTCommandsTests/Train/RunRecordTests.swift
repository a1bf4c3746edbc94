import Foundation
import NeuralNetwork
import TestFixtures
import Testing

/// Tests of writing and reading `config.json`.
@Suite struct RunRecordTests {
  /// Runs mnist-train with the given arguments in a new folder. The run folder is `run`.
  static func trained(_ arguments: [String]) throws -> ScratchFolder {
    let folder = try ScratchFolder()
    let run = try TrainingRunTests.train(arguments + ["--quiet"], in: folder)
    #expect(run.status == 0, "\(run.errors)")
    return folder
  }

  @Test("config.json and the model contain the value of every option")
  func allOptions() throws {
    let folder = try Self.trained([
      "--preset", "fast", "--architecture", "64,20,10", "--activation", "tanh", "--biases", "units", "--precision",
      "float64", "--initializer", "xavier", "--epochs", "2", "--batch-size", "50", "--learning-rate", "0.01",
      "--learning-rate-schedule", "step", "--step-epochs", "1", "--step-factor", "0.5", "--optimizer", "momentum",
      "--momentum", "0.8", "--loss", "squared-error", "--weight-decay", "0.001", "--dropout", "0.1",
      "--label-smoothing", "0.05", "--no-shuffle", "--early-stopping", "9", "--validation-size", "100", "--test-size",
      "0.3", "--stratify", "--normalization", "standard", "--seed", "5", "--threads", "2", "--instruction-set", "plain",
    ])
    let configuration = try #require(TrainingRunTests.json(folder, "run/config.json")["configuration"] as? NSDictionary)
    let expected = """
      {"dataset": "digits", "preset": "fast", "initializer": "xavier", "normalization": "standard", "split": "random",
      "testSize": 0.3, "validationSize": 100, "stratify": true, "seed": 5, "instructionSet": "plain",
      "form": {"architecture": [64, 20, 10], "biases": "units", "activation": "tanh", "outputActivation": "sigmoid",
      "precision": "float64"},
      "training": {"epochs": 2, "batchSize": 50, "learningRate": 0.01, "schedule": {"name": "step", "everyEpochs": 1,
      "factor": 0.5}, "optimizer": {"name": "momentum", "momentum": 0.8}, "loss": "squared-error",
      "weightDecay": 0.001, "dropout": 0.1, "labelSmoothing": 0.05, "shuffles": false, "patience": 9}}
      """
    #expect(try configuration == JSONSerialization.jsonObject(with: Data(expected.utf8)) as? NSDictionary)

    let model = try TrainedModel(parsing: folder.bytes("run/model.safetensors"))
    #expect(
      model.training
        == TrainingSettings(
          epochs: 2, batchSize: 50, learningRate: 0.01, schedule: .step(everyEpochs: 1, factor: 0.5),
          optimizer: .momentum(0.8), loss: .squaredError, weightDecay: 0.001, dropout: 0.1, labelSmoothing: 0.05,
          shuffles: false, patience: 9))
    #expect(model.network.form == NetworkForm(try Architecture([64, 20, 10]), activation: .tanh))
    // The training, validation and test parts are computed again from config.json.
    for part in ["train", "validation", "test"] {
      #expect(try ProgramRun("mnist-dump-errors", ["run", "--split", part], in: folder.path).status == 0)
    }
  }

  @Test("a run with an instruction set that this machine lacks can be evaluated with another one")
  func otherMachine() throws {
    let folder = try Self.trained(["--preset", "fast", "--epochs", "1"])
    // Most machines lack at least one of these instruction sets.
    for set in ["plain", "avx2", "avx512"] {
      let text = try folder.text("run/config.json").replacing(/"instructionSet" : "[a-z0-9]+"/) { _ in
        "\"instructionSet\" : \"\(set)\""
      }
      try folder.write(text.utf8, to: "run/config.json")
      #expect(try ProgramRun("mnist-dump-errors", ["run", "--split", "train"], in: folder.path).status == 0)
    }
  }
}
