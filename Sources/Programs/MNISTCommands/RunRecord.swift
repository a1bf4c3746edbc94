internal import Datasets
internal import NeuralNetwork

/// `config.json`: all that repeats the run, and what it was run on.
struct RunRecord: Codable, Equatable {
  static let formatFamily = "mnist-toolkit-run-"
  static let currentFormat = formatFamily + "2"
  /// Which knew no other training than the article's.
  static let firstFormat = formatFamily + "1"

  /// The largest file that is read: 1 MiB, several hundred times what a record has.
  static let maximumByteCount = 1 << 20

  var format = RunRecord.currentFormat
  var version = Program.version
  var configuration: Configuration
  var data: DataFingerprint
  var completedEpochs: Int
  /// Why the training ended.
  var end: TrainingHistory.End

  /// What tells a data set from any other.
  struct DataFingerprint: Codable, Equatable {
    var name: String
    var sampleCount: Int
    var rowCount: Int
    var columnCount: Int
    /// Of all pixels, then all labels.
    var sha256: String

    init(_ data: ImageDataset) {
      name = data.name
      sampleCount = data.count
      rowCount = data.rowCount
      columnCount = data.columnCount
      sha256 = Checksum.sha256(of: data.pixels, data.labels)
    }
  }

  /// The record of an experiment's run.
  init(_ result: ExperimentResult, of experiment: Experiment) {
    configuration = experiment.configuration
    data = DataFingerprint(experiment.data)
    completedEpochs = result.history.epochs.count
    end = result.history.end
  }

  /// Reads the record in a file of either format.
  init(parsing bytes: [UInt8]) throws(CommandFailure) {
    let format = try Self.format(of: bytes)
    switch format {
    case Self.currentFormat: self = try JSON.decode(bytes, as: RunRecord.self)
    case Self.firstFormat: self.init(try JSON.decode(bytes, as: FirstRecord.self))
    default: throw CommandFailure(.badData, "the format \(format), expected \(Self.currentFormat)")
    }
    try validate()
  }

  /// Checks the numbers that no training could have left.
  private func validate() throws(CommandFailure) {
    do throws(TrainerError) {
      try configuration.training.validate()
    } catch {
      throw CommandFailure(.badData, error.description)
    }
    let epochs = configuration.training.epochs
    guard (0...epochs).contains(completedEpochs) else {
      throw CommandFailure(
        .badData,
        "the key completedEpochs: expected from 0 to \(epochs), the epochs asked for, found \(completedEpochs)")
    }
    for (key, count) in [
      ("sampleCount", data.sampleCount), ("rowCount", data.rowCount), ("columnCount", data.columnCount),
    ] where count < 1 {
      throw CommandFailure(.badData, "the key data.\(key): expected at least 1, found \(count)")
    }
  }

  /// What the file says that its format is.
  static func format(of bytes: [UInt8]) throws(CommandFailure) -> String {
    struct Format: Decodable { var format: String }
    return try JSON.decode(bytes, as: Format.self).format
  }

  private struct FirstRecord: Decodable {
    let version: String
    let configuration: FirstConfiguration
    let data: DataFingerprint
    let completedEpochs: Int
    let wasInterrupted: Bool
  }

  private init(_ first: FirstRecord) {
    version = first.version
    configuration = first.configuration.configuration
    data = first.data
    completedEpochs = first.completedEpochs
    end = first.wasInterrupted ? .stopped : .completed
  }
}
