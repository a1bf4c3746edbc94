internal import DatasetFormats
internal import Datasets
internal import DisplayText
internal import DurableFiles
internal import Export
internal import Images
internal import NeuralNetwork
internal import Splitting

/// What ends a command early: the exit status, and the one line that it says.
public struct CommandFailure: Error, Equatable, Sendable, CustomStringConvertible {
  /// The exit status.
  public let status: ExitStatus
  /// One line that can be shown: what, where, expected, found.
  public let message: String

  /// The length at which messages are cut, in Unicode scalars: several times that of a long path and a sentence.
  static let maximumMessageCount = 2000

  /// Creates a failure with a message of its own, which is escaped and shortened for display.
  public init(_ status: ExitStatus, _ message: String) {
    self.status = status
    self.message = message.shortenedForDisplay(to: Self.maximumMessageCount)
  }

  /// The failure that an error of one of the library's modules amounts to.
  ///
  /// What an option asks for and cannot have is a usage error; what is wrong in a file is bad data.
  public init(_ error: any Error) {
    let status: ExitStatus
    switch error {
    case let failure as CommandFailure:
      self = failure
      return
    case let error as FileError:
      status = Self.status(of: error)
    case let error as DatasetError:
      status = Self.status(of: error)
    case let error as ConversionError:
      switch error {
      case .file(let error): status = Self.status(of: error)
      case .idx(let error): status = Self.status(of: error)
      case .missingPart, .partsInOneFile, .tooLargeForCSV: status = .usage
      default: status = .badData
      }
    case let error as ErrorDumpError:
      switch error {
      case .file(let error): status = Self.status(of: error)
      case .png: status = .cannotCreate
      }
    case is ArchitectureError, is SplittingError:
      status = .usage
    case let error as TrainerError:
      switch error {
      case .diverged: status = .badData
      default: status = .usage
      }
    case is PNGError:
      status = .cannotCreate
    default:
      status = .badData
    }
    if case DatasetError.noDataFolder = error {
      self.init(status, "\(error); set one of them, or name a folder with --data-dir")
    } else {
      self.init(status, "\(error)")
    }
  }

  /// The same failure with the place it happened before the message.
  func at(_ place: String) -> CommandFailure {
    CommandFailure(status, "\(place): \(message)")
  }

  private static func status(of error: DatasetError) -> ExitStatus {
    switch error {
    case .file(let error): status(of: error)
    case .noDataFolder: .usage
    case .unknown, .missing: .missingInput
    default: .badData
    }
  }

  private static func status(of error: FileError) -> ExitStatus {
    switch error.kind {
    case .missing: .missingInput
    case .cannotCreate: .cannotCreate
    case .failed: .inputOutput
    case .tooLarge, .memory: .badData
    }
  }

  /// The message.
  public var description: String { message }
}
