internal import DatasetFormats
internal import Datasets
internal import DurableFiles
internal import Export
internal import Images
internal import NeuralNetwork
internal import Splitting

/// What keeps an experiment or a run folder from being made or read.
public struct ExperimentError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What is at fault; the numbers are those of sysexits.h, as which programs end.
  public enum Kind: Int32, Sendable {
    /// What is asked for cannot be.
    case usage = 64
    /// What was read is damaged or does not fit.
    case badData = 65
    /// An input is not there.
    case missingInput = 66
    /// An output cannot be made.
    case cannotCreate = 73
    /// Reading or writing failed under way.
    case inputOutput = 74
  }

  /// What is at fault.
  public let kind: Kind
  /// One sentence: what, where, expected, found, what to do. Text from outside stands in it as it is.
  public let message: String

  /// Creates an error with a message of its own.
  public init(_ kind: Kind, _ message: String) {
    self.kind = kind
    self.message = message
  }

  /// Creates the error that an error of another module amounts to.
  ///
  /// What a caller asks for and cannot have is a usage error; what is wrong in a file is bad data.
  public init(_ error: any Error) {
    switch error {
    case let error as ExperimentError: self = error
    case DatasetError.noDataFolder:
      self.init(.usage, "\(error); set one of them, or name a folder with --data-dir")
    default: self.init(Self.kind(of: error), "\(error)")
    }
  }

  /// Calls `body`, and puts a place before the messages of its errors; those of files name their place themselves.
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

  /// The message.
  public var description: String { message }
}
