internal import DisplayText
internal import Drawing
public import DurableFiles
internal import Evaluation
internal import Export
public import Foundation
internal import NeuralNetwork
internal import RunReport
internal import Splitting

/// The run folder of a training run: its settings, the trained model, and the results.
public enum RunFolder {
  /// The files of a run folder, in the order in which they are written.
  public enum File: String, CaseIterable {
    /// The settings and the data set of the run, as a ``RunRecord``.
    case configuration = "config.json"
    /// The trained model.
    case model = "model.safetensors"
    /// A table with one line for each epoch.
    case history = "history.csv"
    /// A chart of the cost in each epoch.
    case costCurve = "cost.svg"
    /// The classification report, with the scores of each class.
    case report = "report.txt"
    /// The scores, and numbers about the training.
    case metrics = "metrics.json"
    /// A table with one line for each test sample.
    case predictions = "predictions.csv"
    /// The report page.
    case page = "report.html"

    /// Whether other commands can use the run folder if this file is missing.
    var isDispensable: Bool { self != .configuration && self != .model }
  }

  /// The default folder of an error dump, inside a run folder.
  public static let errorsFolder = "errors"

  /// The default folder of a dump of suspects, inside a run folder.
  public static let suspectsFolder = "suspects"

  private static let dumps: [String: DumpKind] = [errorsFolder: .errors, suspectsFolder: .suspects]

  /// The default folder that contains all run folders.
  static let defaultParent = "runs"
  static let latestLink = "latest"
  /// The path of the link to the latest run in `runs`.
  public static let latestPath = FilePaths.join(defaultParent, latestLink)

  /// Checks that a run folder exists.
  ///
  /// - Throws: `ExperimentError` of the kind `missingInput` if nothing is at the path, or `usage` if a file is there.
  public static func checkExists(_ path: String) throws(ExperimentError) {
    guard !FilePaths.isFolder(path) else { return }
    throw FilePaths.exists(path)
      ? ExperimentError(.usage, "\(path) is a file, expected a run folder; a model file is given with --model")
      : ExperimentError(.missingInput, "\(path): this run folder does not exist; make one with: mnist-train")
  }

  /// Returns the name of an item in the folder that neither a training run nor an error dump wrote.
  ///
  /// - Returns: The name, relative to `folder`; nil if the folder is a run folder or is empty.
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
    // Other programs may write files with the same names as a training run. Only `config.json` identifies a run folder.
    guard let first = names.first else { return nil }
    let configuration = path(of: .configuration, in: folder)
    guard FilePaths.exists(configuration) else { return first }
    let bytes: [UInt8]
    do throws(FileError) {
      bytes = try DurableFile.read(configuration, maximumByteCount: RunRecord.maximumByteCount)
    } catch {
      // A file that is too large for a run record belongs to another program.
      guard error.kind == .tooLarge else { throw error }
      return first
    }
    let format = try? RunRecord.format(of: bytes)
    return format?.hasPrefix(RunRecord.formatFamily) == true ? nil : first
  }

  /// Returns the path of a run's file.
  public static func path(of file: File, in folder: String) -> String { FilePaths.join(folder, file.rawValue) }

  /// A writer for a run folder. The folder gets its final name only when it is complete.
  public struct Writer {
    private let folder: StagedFolder
    private let isDefault: Bool

    /// Creates a run folder under a temporary name.
    ///
    /// Call this initializer before the training. An unusable path is then reported early.
    ///
    /// - Parameters:
    ///   - output: The path of the run folder. If nil, the folder is in `runs`, and its name consists of the time and
    ///     the name of the data set. The link `runs/latest` will then point to the folder.
    ///   - datasetName: The name of the data set.
    ///   - now: The time for the name of the folder.
    /// - Throws: `FileError` if the folder cannot be created, or `runs/latest` exists and is not a link.
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

    /// Writes all files and renames the folder to its final name.
    ///
    /// If no path was given, the link `runs/latest` is set to the new folder. A file that cannot be written is left out
    /// if the run folder is usable without the file.
    ///
    /// - Returns: The path of the folder, and an error that names the missing files. The error is nil if no file is
    ///   missing.
    /// - Throws: An error if `config.json`, the model or the folder cannot be written.
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
        // Another program created an item at the path during the training. The run folder gets a different name, so
        // that the result is not lost.
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

    /// Returns a folder name such as `20261122-204500-digits`. The time is UTC, so that names sort by age.
    private static func name(_ datasetName: String, _ now: Date) -> String {
      var calendar = Calendar(identifier: .gregorian)
      calendar.timeZone = .gmt
      let parts = calendar.dateComponents([.year, .month, .day, .hour, .minute, .second], from: now)
      func digits(_ value: Int?, _ count: Int = 2) -> String { String(format: "%0\(count)d", value ?? 0) }
      return digits(parts.year, 4) + digits(parts.month) + digits(parts.day) + "-" + digits(parts.hour)
        + digits(parts.minute) + digits(parts.second) + "-" + fileName(datasetName)
    }

    /// Returns a data set's name in a form that every file system accepts. The result is short and has no control
    /// characters.
    private static func fileName(_ name: String) -> String {
      String(name.unicodeScalars.prefix(40)).asFileNamePart()
    }
  }
}
