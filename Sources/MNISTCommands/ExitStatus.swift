/// How a program ends; the numbers are those of sysexits.h.
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
  /// The user interrupted the program.
  case interrupted = 130
}
