internal import DisplayText
internal import Experiments

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

  /// Creates the failure that an error of one of the library's modules amounts to.
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

/// How a program ends; the numbers are those of sysexits.h, and 128 more than a signal's.
public enum ExitStatus: Int32, Sendable {
  /// All was done.
  case done = 0
  /// The command line asks for something that cannot be.
  case usage = 64
  /// What was read is damaged or does not fit.
  case badData = 65
  /// An input is not there.
  case missingInput = 66
  /// No source of the data could be reached.
  case unavailable = 69
  /// An output cannot be made.
  case cannotCreate = 73
  /// Reading or writing failed under way.
  case inputOutput = 74
  /// SIGHUP ended the program: its terminal closed.
  case hungUp = 129
  /// SIGINT ended the program: the user pressed Control-C.
  case interrupted = 130
  /// SIGTERM ended the program.
  case terminated = 143

  /// Creates the status for a signal that asked the program to end.
  package init(signal: Int32) {
    self = ExitStatus(rawValue: 128 + signal) ?? .interrupted
  }
}
