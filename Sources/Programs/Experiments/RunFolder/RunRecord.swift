internal import Datasets
internal import DisplayText
internal import Foundation
public import NeuralNetwork

/// The content of `config.json`: the settings that repeat a run, and a fingerprint of the run's data set.
public struct RunRecord: Codable, Equatable, Sendable {
  /// The version of the programs and modules.
  public static let currentVersion = "0.1.0"

  static let formatFamily = "mnist-toolkit-run-"
  static let currentFormat = formatFamily + "2"

  /// The largest accepted size of the file in bytes: 1 MiB. A record is several hundred times smaller.
  static let maximumByteCount = 1 << 20

  /// The name and version of the file format.
  public private(set) var format = RunRecord.currentFormat
  /// The version of the program that made the run.
  public private(set) var version = RunRecord.currentVersion
  /// The settings of the run.
  public let configuration: Configuration
  /// The fingerprint of the data set.
  public let data: DataFingerprint
  /// The number of completed epochs.
  public let completedEpochs: Int
  /// The reason why the training ended.
  public let end: TrainingHistory.End

  /// The values that identify a data set.
  public struct DataFingerprint: Codable, Equatable, Sendable {
    /// The data set's name.
    public let name: String
    /// The number of samples.
    public let sampleCount: Int
    /// The number of rows in an image.
    public let rowCount: Int
    /// The number of columns in an image.
    public let columnCount: Int
    /// The SHA-256 of all pixels followed by all labels, in hexadecimal.
    public let sha256: String

    init(_ data: ImageDataset) {
      name = data.name
      sampleCount = data.count
      rowCount = data.rowCount
      columnCount = data.columnCount
      sha256 = Checksum.sha256(of: data.pixels, data.labels)
    }
  }

  /// Creates the record of an experiment and its result.
  init(_ result: ExperimentResult, of experiment: Experiment) {
    configuration = experiment.configuration
    data = DataFingerprint(experiment.data)
    completedEpochs = result.history.epochs.count
    end = result.history.end
  }

  /// Parses the content of a file.
  ///
  /// - Throws: `ExperimentError` if the format is unknown, a key is missing, or a number is out of range.
  init(parsing bytes: [UInt8]) throws(ExperimentError) {
    let format = try Self.format(of: bytes)
    guard format == Self.currentFormat else {
      throw ExperimentError(.badData, "the format \(format), expected \(Self.currentFormat)")
    }
    self = try JSON.decode(bytes, as: RunRecord.self)
    try validate()
  }

  /// Checks that all numbers are in the ranges that a training run can write.
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

  /// Returns the value of the key `format`, without reading the other keys.
  static func format(of bytes: [UInt8]) throws(ExperimentError) -> String {
    struct Format: Decodable { var format: String }
    return try JSON.decode(bytes, as: Format.self).format
  }
}

/// A decoder for JSON files. The decoder's errors name the missing or malformed key.
enum JSON {
  /// Decodes a value from JSON.
  ///
  /// - Throws: An `ExperimentError` that names the missing or malformed key.
  static func decode<Value: Decodable>(_ bytes: [UInt8], as type: Value.Type) throws(ExperimentError) -> Value {
    do {
      return try JSONDecoder().decode(type, from: Data(bytes))
    } catch DecodingError.keyNotFound(let key, let context) {
      throw ExperimentError(.badData, "the key \(Self.path(context, key)) is missing")
    } catch DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context) {
      throw ExperimentError(.badData, "the key \(Self.path(context)): the value has the wrong type")
    } catch DecodingError.dataCorrupted(let context) {
      let place = context.codingPath.isEmpty ? "not valid JSON" : "the key \(Self.path(context)) has an invalid value"
      throw ExperimentError(.badData, "\(place): \(context.debugDescription)")
    } catch {
      throw ExperimentError(.badData, "the JSON cannot be decoded: \(error)")
    }
  }

  private static func path(_ context: DecodingError.Context, _ key: (any CodingKey)? = nil) -> String {
    (context.codingPath + (key.map { [$0] } ?? [])).map(\.stringValue).joined(separator: ".")
  }
}
