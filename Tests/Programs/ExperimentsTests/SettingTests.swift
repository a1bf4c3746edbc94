import Datasets
import Experiments
import Foundation
import NeuralNetwork
import Splitting
import TestFixtures
import Testing

/// Tests that every declared setting is in the options, in `config.json`, in the table of presets and in the summary.
@Suite struct SettingTests {
  /// Returns a value for each setting, by the setting's key. The value differs from the value in every preset.
  static func otherValues() throws -> [String: Any] {
    [
      "dataset": "fashion", "preset": Preset.accurate, "architecture": try Architecture([64, 5, 10]),
      "activation": Activation.tanh, "biases": NetworkForm.Biases.units, "precision": Precision.float64,
      "initializer": WeightInitializer.xavier, "epochs": 3, "batchSize": 7, "learningRate": 0.01,
      "learningRateSchedule": LearningRateSchedule.Name.step, "stepEpochs": 2, "stepFactor": 0.5,
      "optimizer": Optimizer.Name.momentum, "momentum": 0.8, "loss": Loss.squaredError, "weightDecay": 0.001,
      "dropout": 0.25, "labelSmoothing": 0.125, "shuffle": false, "earlyStopping": 4,
      "normalization": Configuration.Normalization.standard, "split": Configuration.Split.random,
      "testSize": TestSize.count(300), "validationSize": TestSize.count(100), "stratify": true, "seed": UInt32(5),
      "instructionSet": InstructionSet.plain,
    ]
  }

  /// Values that need another learning rate schedule, so they cannot be combined with `otherValues()`.
  static var alternatives: [String: Any] {
    [
      "warmUp": 0.125, "learningRateSchedule": LearningRateSchedule.Name.cosine,
    ]
  }

  /// Returns all values in the JSON of a configuration. The keys are paths such as `training.schedule.warmUp`.
  static func leaves(_ configuration: Configuration) throws -> [String: String] {
    var leaves: [String: String] = [:]
    func visit(_ value: Any, _ path: [String]) {
      if let object = value as? [String: Any] {
        for (key, value) in object { visit(value, path + [key]) }
      } else {
        leaves[path.joined(separator: ".")] = "\(value)"
      }
    }
    visit(try JSONSerialization.jsonObject(with: JSONEncoder().encode(configuration)), [])
    return leaves
  }

  static func configuration(_ preset: Preset) throws -> Configuration {
    try Configuration(preset, dataset: "digits", data: ImageDataset.digits())
  }

  @Test("mnist-train has an option for each setting, and its other options are listed in this test")
  func options() throws {
    let help = try ProgramRun("mnist-train", ["--help"]).output
    let options = Set(help.matches(of: /(?m)^  (?:-q, )?(--[a-z-]+)[ \/]/).map { String($0.output.1) })
    let others: Set = ["--output", "--threads", "--data-dir", "--quiet", "--version", "--help"]
    // The help text names some options again in its table of presets, so the names are compared as sets.
    #expect(options.subtracting(others) == Set(Setting.all.map(\.option)))
  }

  @Test("every setting changes a value in config.json, and every value in config.json belongs to a setting")
  func record() throws {
    let usual = try Self.configuration(.fast)
    var unchanged = Set(try Self.leaves(usual).keys)
    for values in [try Self.otherValues(), Self.alternatives] {
      for key in values.keys.sorted() {
        // Details of a schedule or an optimizer are valid only together with the schedule or the optimizer.
        var given = values.filter {
          ["learningRateSchedule", "stepEpochs", "optimizer"].contains($0.key) && key != "warmUp"
        }
        var before = try Self.configuration(.fast)
        try before.apply(given)
        if given[key] != nil { before = usual }
        given[key] = values[key]
        var after = try Self.configuration(.fast)
        try after.apply(given)
        let (old, new) = (try Self.leaves(before), try Self.leaves(after))
        let changed = Set(old.keys).union(new.keys).filter { old[$0] != new[$0] }
        #expect(!changed.isEmpty || key == "split", "\(key)")
        unchanged.subtract(changed)
      }
    }
    let known = Set(Setting.all.map(\.key))
    #expect(Set(try Self.otherValues().keys).union(Self.alternatives.keys) == known)
    #expect(unchanged == ["split"], "the digits have no test part, so their split is always random")
  }

  @Test("the table of presets has a row for every setting with a value in presets, under the option's name")
  func table() throws {
    let rows = Setting.presetTable().split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
    let names = Set(rows.dropFirst().map { $0[0] == "hidden" ? "--architecture" : $0[0] })
    let ofPresets = Setting.all.filter { setting in
      !["dataset", "preset", "seed", "instructionSet", "stepEpochs", "stepFactor", "earlyStopping", "testSize"]
        .contains(setting.key) && !["validationSize", "stratify"].contains(setting.key)
    }
    #expect(names.filter { $0.hasPrefix("--") } == Set(ofPresets.map(\.option)))
    #expect(rows.contains(["--epochs", "100", "10", "20"]))
    #expect(rows.contains(["hidden", "layers", "16,12", "256,128", "1024,512"]))
  }

  @Test("the summary lists the settings that differ from the article's, the most important first")
  func summary() throws {
    let data = try ImageDataset.digits()
    #expect(try Experiment(Self.configuration(.article), data: data).summary.count == 2)
    let lines = try Experiment(Self.configuration(.fast), data: data).summary
    #expect(
      lines[2]
        == "preset fast: batches of 128, nesterov 0.9, one-cycle learning rate, relu, categorical-cross-entropy, "
        + "label smoothing 0.05, shuffled, he weights, biases as weights, float32")
  }
}
