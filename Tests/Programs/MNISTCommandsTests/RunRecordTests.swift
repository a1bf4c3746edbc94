import Foundation
import NeuralNetwork
import TestFixtures
import Testing

/// `config.json`: what is written today, and what runs of before had.
@Suite struct RunRecordTests {
  /// As mnist-train 0.1.0 wrote it for `--epochs 2 --seed 7` before it had other trainings than the article's.
  static let first = """
    {
      "completedEpochs" : 2,
      "configuration" : {
        "architecture" : [
          64,
          16,
          12,
          10
        ],
        "dataset" : "digits",
        "epochs" : 2,
        "initializer" : "standard-normal",
        "learningRate" : 0.1,
        "normalization" : "minmax",
        "preset" : "article",
        "seed" : 7,
        "split" : "random",
        "stratify" : false,
        "testSize" : 0.25
      },
      "data" : {
        "columnCount" : 8,
        "name" : "digits",
        "rowCount" : 8,
        "sampleCount" : 1797,
        "sha256" : "87ff0c9e40dc7e2c0e34e7257799c2e3f3aec1a016363bb11cad869ec428a826"
      },
      "format" : "mnist-toolkit-run-1",
      "version" : "0.1.0",
      "wasInterrupted" : false
    }

    """

  static func trained(_ arguments: [String]) throws -> ScratchFolder {
    let folder = try ScratchFolder()
    let run = try TrainingRunTests.train(arguments + ["--quiet"], in: folder)
    #expect(run.status == 0, "\(run.errors)")
    return folder
  }

  @Test("a run of the first format is read as the article's training")
  func firstFormat() throws {
    let folder = try Self.trained(["--epochs", "2", "--seed", "7"])
    func dump(_ prefix: String) throws {
      for part in ["test", "train"] {
        let run = try ProgramRun(
          "mnist-dump-errors", ["run", "--output", "\(prefix)-\(part)", "--split", part], in: folder.path)
        #expect(run.status == 0, "\(run.errors)")
      }
    }
    try dump("new")
    try folder.write(Self.first.utf8, to: "run/config.json")
    try dump("old")
    for part in ["test", "train"] {
      #expect(try folder.bytes("new-\(part)/errors.csv") == folder.bytes("old-\(part)/errors.csv"))
    }
    try folder.write(Self.first.replacing("\"seed\" : 7,", with: "").utf8, to: "run/config.json")
    try BadInputTests.expect(65, "the key configuration.seed is missing", "mnist-dump-errors", ["run"], in: folder)
    // A new run takes its place, as that of any run.
    #expect(try TrainingRunTests.train(["--epochs", "1", "--quiet"], in: folder).status == 0)
  }

  @Test("the record and the model hold every option")
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
    // The parts are found again from the record.
    for part in ["train", "validation", "test"] {
      #expect(try ProgramRun("mnist-dump-errors", ["run", "--split", part], in: folder.path).status == 0)
    }
  }

  @Test("a run made with instructions that this machine lacks is looked at with those that it has")
  func otherMachine() throws {
    let folder = try Self.trained(["--preset", "fast", "--epochs", "1"])
    // Few machines have all of them.
    for set in ["plain", "avx2", "avx512"] {
      let text = try folder.text("run/config.json").replacing(/"instructionSet" : "[a-z0-9]+"/) { _ in
        "\"instructionSet\" : \"\(set)\""
      }
      try folder.write(text.utf8, to: "run/config.json")
      #expect(try ProgramRun("mnist-dump-errors", ["run", "--split", "train"], in: folder.path).status == 0)
    }
  }
}
