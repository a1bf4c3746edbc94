internal import DatasetFormats
internal import Datasets
internal import DurableFiles
internal import Export
internal import Images
internal import NeuralNetwork
internal import Splitting

/// An error that stops an experiment, or stops the reading or writing of a run folder.
public struct ExperimentError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The cause of an error. The raw value is the exit status of the programs, as in sysexits.h.
  public enum Kind: Int32, Sendable {
    /// A request that is invalid or cannot be fulfilled (`EX_USAGE`).
    case usage = 64
    /// Input that is damaged, or does not fit other input (`EX_DATAERR`).
    case badData = 65
    /// An input that does not exist (`EX_NOINPUT`).
    case missingInput = 66
    /// An output that cannot be created (`EX_CANTCREAT`).
    case cannotCreate = 73
    /// A failure while reading or writing (`EX_IOERR`).
    case inputOutput = 74
  }

  /// The cause of the error.
  public let kind: Kind
  /// The message, one sentence. It names the problem and its place, the expected and found values, and the remedy.
  ///
  /// Names and other text from files are included without escaping.
  public let message: String

  /// Creates an error with a cause and a message.
  public init(_ kind: Kind, _ message: String) {
    self.kind = kind
    self.message = message
  }

  /// Creates an error from an error of another module.
  ///
  /// An invalid request becomes an error of the kind `usage`. A fault in a file becomes an error of the kind `badData`.
  public init(_ error: any Error) {
    switch error {
    case let error as ExperimentError: self = error
    case DatasetError.noDataFolder:
      self.init(.usage, "\(error); set one of them, or name a folder with --data-dir")
    default: self.init(Self.kind(of: error), "\(error)")
    }
  }

  /// Calls `body`. If `body` throws an error, `place` is put in front of the error's message.
  ///
  /// A `FileError` is thrown unchanged, because its message already names the file.
  static func at<Result>(_ place: String, _ body: () throws -> Result) throws -> Result {
    do { return try body() } catch let error as FileError { throw error } catch {
      let error = ExperimentError(error)
      throw ExperimentError(error.kind, "\(place): \(error.message)")
    }
  }

  private static func kind(of error: any Error) -> Kind {
    switch error {
    case let error as FileError:
      switch error.kind {
      case .missing: .missingInput
      case .cannotCreate: .cannotCreate
      case .failed: .inputOutput
      case .tooLarge, .memory: .badData
      }
    case let error as DatasetError:
      switch error {
      case .file(let error): kind(of: error)
      case .unknown, .missing: .missingInput
      default: .badData
      }
    case let error as ConversionError:
      switch error {
      case .file(let error): kind(of: error)
      case .idx(let error): kind(of: error)
      case .missingPart, .partsInOneFile, .tooLargeForCSV: .usage
      default: .badData
      }
    case let error as ErrorDumpError:
      switch error {
      case .file(let error): kind(of: error)
      case .png: .cannotCreate
      }
    case let error as TrainerError:
      if case .diverged = error { .badData } else { .usage }
    case is ArchitectureError, is SplittingError: .usage
    case is PNGError: .cannotCreate
    default: .badData
    }
  }

  /// The error's message.
  public var description: String { message }
}
