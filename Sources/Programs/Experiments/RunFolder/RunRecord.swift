internal import Datasets
internal import DisplayText
internal import Foundation
public import NeuralNetwork

/// `config.json`: all that repeats the run, and what it was run on.
public struct RunRecord: Codable, Equatable, Sendable {
  /// The version of the programs and modules.
  public static let currentVersion = "0.1.0"

  static let formatFamily = "mnist-toolkit-run-"
  static let currentFormat = formatFamily + "2"

  /// The largest file that is read: 1 MiB, several hundred times what a record has.
  static let maximumByteCount = 1 << 20

  /// The file's format.
  public private(set) var format = RunRecord.currentFormat
  /// The version that made the run.
  public private(set) var version = RunRecord.currentVersion
  /// All that repeats the run.
  public let configuration: Configuration
  /// What it was run on.
  public let data: DataFingerprint
  /// The epochs that were completed.
  public let completedEpochs: Int
  /// Why the training ended.
  public let end: TrainingHistory.End

  /// What tells a data set from any other.
  public struct DataFingerprint: Codable, Equatable, Sendable {
    /// The data set's name.
    public let name: String
    /// The number of samples.
    public let sampleCount: Int
    /// The rows of an image.
    public let rowCount: Int
    /// The columns of an image.
    public let columnCount: Int
    /// The SHA-256 of all pixels, then all labels, in hexadecimal.
    public let sha256: String

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

  /// Reads the record in a file.
  init(parsing bytes: [UInt8]) throws(ExperimentError) {
    let format = try Self.format(of: bytes)
    guard format == Self.currentFormat else {
      throw ExperimentError(.badData, "the format \(format), expected \(Self.currentFormat)")
    }
    self = try JSON.decode(bytes, as: RunRecord.self)
    try validate()
  }

  /// Checks the numbers that no training could have left.
  private func validate() throws(ExperimentError) {
    do throws(TrainerError) {
      try configuration.training.validate()
    } catch {
      throw ExperimentError(.badData, error.description)
    }
    let epochs = configuration.training.epochs
    guard (0...epochs).contains(completedEpochs) else {
      throw ExperimentError(
        .badData,
        "the key completedEpochs: expected from 0 to \(epochs), the epochs asked for, found \(completedEpochs)")
    }
    for (key, count) in [
      ("sampleCount", data.sampleCount), ("rowCount", data.rowCount), ("columnCount", data.columnCount),
    ] where count < 1 {
      throw ExperimentError(.badData, "the key data.\(key): expected at least 1, found \(count)")
    }
  }

  /// What the file says that its format is.
  static func format(of bytes: [UInt8]) throws(ExperimentError) -> String {
    struct Format: Decodable { var format: String }
    return try JSON.decode(bytes, as: Format.self).format
  }
}

/// Reads the JSON of a run folder.
enum JSON {
  /// The value in a JSON file; an error says which key is missing or malformed.
  static func decode<Value: Decodable>(_ bytes: [UInt8], as type: Value.Type) throws(ExperimentError) -> Value {
    do {
      return try JSONDecoder().decode(type, from: Data(bytes))
    } catch DecodingError.keyNotFound(let key, let context) {
      throw ExperimentError(.badData, "the key \(Self.path(context, key)) is missing")
    } catch DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context) {
      throw ExperimentError(.badData, "the key \(Self.path(context)) has a value of another type than expected")
    } catch DecodingError.dataCorrupted(let context) {
      let place = context.codingPath.isEmpty ? "not usable as JSON" : "the key \(Self.path(context)) is unusable"
      throw ExperimentError(.badData, "\(place): \(context.debugDescription)")
    } catch {
      throw ExperimentError(.badData, "not the JSON expected: \(error)")
    }
  }

  private static func path(_ context: DecodingError.Context, _ key: (any CodingKey)? = nil) -> String {
    (context.codingPath + (key.map { [$0] } ?? [])).map(\.stringValue).joined(separator: ".")
  }
}
