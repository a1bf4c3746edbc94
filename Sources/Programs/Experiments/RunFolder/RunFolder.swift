internal import DisplayText
internal import Drawing
public import DurableFiles
internal import Evaluation
internal import Export
public import Foundation
internal import NeuralNetwork
internal import RunReport
internal import Splitting

/// The folder of one training: what it was, what came out.
public enum RunFolder {
  /// The files that a training writes, in this order.
  public enum File: String, CaseIterable {
    /// All that repeats the run: a ``RunRecord``.
    case configuration = "config.json"
    /// The trained model.
    case model = "model.safetensors"
    /// A line for each epoch.
    case history = "history.csv"
    /// The cost against the epoch.
    case costCurve = "cost.svg"
    /// The scores of each class.
    case report = "report.txt"
    /// The scores, and how the training went, in numbers.
    case metrics = "metrics.json"
    /// A line for each sample of the test part.
    case predictions = "predictions.csv"
    /// The run as a page.
    case page = "report.html"

    /// Whether a run can be used without the file.
    var isDispensable: Bool { self != .configuration && self != .model }
  }

  /// Where errors are dumped by default, inside a run folder.
  public static let errorsFolder = "errors"

  /// Where suspect labels are dumped by default.
  public static let suspectsFolder = "suspects"

  private static let dumps: [String: DumpKind] = [errorsFolder: .errors, suspectsFolder: .suspects]

  /// The folder of runs that were given no other.
  static let defaultParent = "runs"
  static let latestLink = "latest"
  /// The last run that was given no other folder.
  public static let latestPath = FilePaths.join(defaultParent, latestLink)

  /// Checks that a folder is there where a run is named.
  public static func checkExists(_ path: String) throws(ExperimentError) {
    guard FilePaths.isFolder(path) else {
      throw ExperimentError(.missingInput, "\(path): there is no such run folder; make one with: mnist-train")
    }
  }

  /// The name of something in a folder that no training and no dump wrote; nil for a run folder, and for an empty one.
  static func unownedItem(in folder: String) throws(FileError) -> String? {
    let names = try FilePaths.names(in: folder)
    for name in names where !TemporaryName.matches(name) {
      let path = FilePaths.join(folder, name)
      if let kind = dumps[name], FilePaths.isFolder(path), !FilePaths.isLink(path) {
        if let foreign = try kind.unownedItem(in: path) { return FilePaths.join(name, foreign) }
      } else if File(rawValue: name) == nil || !FilePaths.isRegularFile(path) {
        return name
      }
    }
    // Other programs have files of these names too; only the configuration says whose they are.
    guard let first = names.first else { return nil }
    let configuration = path(of: .configuration, in: folder)
    guard FilePaths.exists(configuration) else { return first }
    let bytes: [UInt8]
    do throws(FileError) {
      bytes = try DurableFile.read(configuration, maximumByteCount: RunRecord.maximumByteCount)
    } catch {
      // What is too large to be a run's record is somebody else's.
      guard error.kind == .tooLarge else { throw error }
      return first
    }
    let format = try? RunRecord.format(of: bytes)
    return format?.hasPrefix(RunRecord.formatFamily) == true ? nil : first
  }

  /// Returns the path of a run's file.
  public static func path(of file: File, in folder: String) -> String { FilePaths.join(folder, file.rawValue) }

  /// Writes a run folder, whole or not at all.
  public struct Writer {
    private let folder: StagedFolder
    private let isDefault: Bool

    /// Begins a run folder, so that a place where none can be made shows before the training.
    ///
    /// - Parameters:
    ///   - output: The folder; nil for one in `runs`, named by time and data set, to which `runs/latest` will lead.
    ///   - datasetName: The data set's name.
    ///   - now: The time that names the folder.
    public init(output: String?, datasetName: String, now: Date) throws(FileError) {
      isDefault = output == nil
      let path = output ?? FilePaths.join(RunFolder.defaultParent, Self.name(datasetName, now))
      folder = try StagedFolder(for: path, unownedItem: RunFolder.unownedItem)
      let link = RunFolder.latestPath
      if isDefault, FilePaths.exists(link), !FilePaths.isLink(link) {
        throw FileError(
          kind: .cannotCreate, path: link, action: "cannot make the link", reason: "something else is there")
      }
    }

    /// Writes all files, gives the folder its name, and points `runs/latest` at a run that was given no folder of its own.
    /// What cannot be written is left out, as long as the run can be used without it.
    ///
    /// - Returns: The folder's path; and the failure that says what is missing, nil where nothing is.
    @discardableResult
    public func write(
      _ result: ExperimentResult, of experiment: Experiment
    ) throws -> (path: String, incompleteness: ExperimentError?) {
      let record = RunRecord(result, of: experiment)
      var missing: [(name: String, failure: ExperimentError)] = []
      for file in File.allCases {
        do {
          try folder.write(content(of: file, result, experiment, record), as: file.rawValue)
        } catch {
          guard file.isDispensable else { throw error }
          missing.append((file.rawValue, ExperimentError(error)))
        }
      }
      let path: String
      do throws(FileError) {
        path = try folder.commit(avoidingCollisions: isDefault)
      } catch {
        guard error.kind == .cannotCreate else { throw error }
        // Something came to lie there during the training, which must not be lost for that.
        path = try folder.commit(avoidingCollisions: true)
        missing.append((folder.destination, ExperimentError(error)))
      }
      if isDefault {
        do throws(FileError) {
          try FilePaths.link(RunFolder.latestPath, to: FilePaths.name(of: path))
        } catch {
          missing.append((RunFolder.latestPath, ExperimentError(error)))
        }
      }
      let names = missing.map(\.name).joined(separator: ", ")
      let incompleteness = missing.first.map { first in
        ExperimentError(first.failure.kind, "\(first.failure); saved in \(path) without \(names)")
      }
      return (path, incompleteness)
    }

    private func content(
      of file: File, _ result: ExperimentResult, _ experiment: Experiment, _ record: RunRecord
    ) throws -> [UInt8] {
      switch file {
      case .configuration: Array(try indentedJSON(record).utf8)
      case .model: result.model.encoded()
      case .history: Array(HistoryTable.text(result.history, hasValidation: !experiment.split.validation.isEmpty).utf8)
      case .costCurve: Array(CostCurve.chart(result.history, of: experiment).svg().utf8)
      case .report: Array(result.report.text().utf8)
      case .metrics: Array(try indentedJSON(Metrics(result, of: experiment)).utf8)
      case .predictions: Array(PredictionTable.text(result.samples).utf8)
      case .page: Array(try RunPage.report(result, of: experiment, record: record).html().utf8)
      }
    }

    /// `20261122-204500-digits`, in universal time, so that names sort by age.
    private static func name(_ datasetName: String, _ now: Date) -> String {
      var calendar = Calendar(identifier: .gregorian)
      calendar.timeZone = .gmt
      let parts = calendar.dateComponents([.year, .month, .day, .hour, .minute, .second], from: now)
      func digits(_ value: Int?, _ count: Int = 2) -> String { String(format: "%0\(count)d", value ?? 0) }
      return digits(parts.year, 4) + digits(parts.month) + digits(parts.day) + "-" + digits(parts.hour)
        + digits(parts.minute) + digits(parts.second) + "-" + fileName(datasetName)
    }

    /// A name that every file system takes: a folder's may be long or hold control characters.
    private static func fileName(_ name: String) -> String {
      String(name.unicodeScalars.prefix(40)).asFileNamePart()
    }
  }
}
