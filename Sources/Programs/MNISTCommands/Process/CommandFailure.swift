internal import DisplayText
internal import Experiments

/// An error that ends a command, with its exit status and its message.
public struct CommandFailure: Error, Equatable, Sendable, CustomStringConvertible {
  /// The exit status.
  public let status: ExitStatus
  /// The message, one line without invisible characters. The message names the failure and its place, and the expected
  /// and found values.
  public let message: String

  /// The largest length of a message in Unicode scalars. A sentence with a long path is several times shorter.
  static let maximumMessageCount = 2000

  /// Creates a failure. The message is escaped and shortened for display.
  public init(_ status: ExitStatus, _ message: String) {
    self.status = status
    self.message = message.shortenedForDisplay(to: Self.maximumMessageCount)
  }

  /// Creates a failure from an error of any module in the package. The kind of error decides the exit status.
  public init(_ error: any Error) {
    if let failure = error as? CommandFailure {
      self = failure
    } else {
      let error = ExperimentError(error)
      self.init(ExitStatus(rawValue: error.kind.rawValue) ?? .badData, error.message)
    }
  }

  /// The message.
  public var description: String { message }
}

/// The exit status of a program: a number from sysexits.h, or 128 plus the number of a signal.
public enum ExitStatus: Int32, Sendable {
  /// The command succeeded.
  case done = 0
  /// The command line is wrong.
  case usage = 64
  /// The input data is damaged or unsuitable.
  case badData = 65
  /// An input is missing.
  case missingInput = 66
  /// No source of the data set could be reached.
  case unavailable = 69
  /// An output cannot be created.
  case cannotCreate = 73
  /// A read or write operation failed.
  case inputOutput = 74
  /// SIGHUP ended the program, because its terminal closed.
  case hungUp = 129
  /// SIGINT ended the program, for example because the user pressed Control-C.
  case interrupted = 130
  /// SIGTERM ended the program.
  case terminated = 143

  /// Creates the status for a signal that asked the program to end.
  package init(signal: Int32) {
    self = ExitStatus(rawValue: 128 + signal) ?? .interrupted
  }
}
