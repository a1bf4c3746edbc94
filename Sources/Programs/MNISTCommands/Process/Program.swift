public import ArgumentParser
internal import DurableFiles
internal import Experiments
internal import Foundation
internal import Memory

/// The entry point of all programs. It parses the arguments, runs the command, prints an error, and sets the exit
/// status.
public enum Program {
  /// The common version of all programs.
  public static let version = RunRecord.currentVersion

  /// Runs a command with the arguments of the process, and ends the process.
  public static func run<Command: ParsableCommand>(_ command: Command.Type) -> Never {
    openStandardStreams()
    // Writing beyond the file size limit must cause a write error, not a signal.
    signal(SIGXFSZ, SIG_IGN)
    // Writing to a closed pipe must cause a write error, because a signal would end a training run.
    signal(SIGPIPE, SIG_IGN)
    AvailableMemory.limitArenas()
    if let error = AvailableMemory.shortage(of: 1 << 20) { end(command, .usage, "the program \(error)") }
    Interruption.handle(as: name(of: command))
    MappedFile.whenLost { [name = name(of: command)] path in
      func end() -> Never {
        StatusOutput(isQuiet: false).line(
          "\(name): \(path): cannot read: the file was cut short while it was in use")
        _exit(ExitStatus.inputOutput.rawValue)
      }
      UnfinishedOutputs.removeAll(then: end)
    }
    checkArguments(of: command)
    do {
      var parsed = try command.parseAsRoot()
      try parsed.run()
      Interruption.ignoreSignals()
      exit(ExitStatus.done.rawValue)
    } catch let failure as CommandFailure {
      end(command, failure.status, failure.message)
    } catch let error where command.exitCode(for: error).isSuccess {
      // The parser throws the texts of --help and --version as errors.
      do {
        try StandardOutput.write(command.fullMessage(for: error) + "\n")
        exit(ExitStatus.done.rawValue)
      } catch {
        end(command, CommandFailure(error).status, "\(error)")
      }
    } catch let error where command.exitCode(for: error) == .validationFailure {
      // Some messages of the parser have several lines.
      let lines = command.message(for: error).split(whereSeparator: \.isNewline)
      let message = CommandFailure(.usage, lines.joined(separator: " ")).message
      end(command, .usage, "\(message) (see \(name(of: command)) --help)")
    } catch {
      let failure = CommandFailure(error)
      end(command, failure.status, failure.message)
    }
  }

  /// Ends the process if an argument is not valid UTF-8. Replacing the invalid bytes would give the name of a different
  /// file.
  private static func checkArguments<Command: ParsableCommand>(of command: Command.Type) {
    for number in 1..<max(1, Int(CommandLine.argc)) {
      guard let argument = CommandLine.unsafeArgv[number], String(validatingCString: argument) == nil else { continue }
      end(
        command, .usage,
        "argument \(number), \(String(cString: argument)), is not valid UTF-8; rename the file or give another one")
    }
  }

  /// Opens `/dev/null` for each standard stream that the parent process has closed.
  ///
  /// Without `/dev/null`, the next opened file would get the descriptor of the stream. Output for the stream would then
  /// go to that file.
  private static func openStandardStreams() {
    for (descriptor, mode) in [(STDIN_FILENO, O_RDONLY), (STDOUT_FILENO, O_RDONLY), (STDERR_FILENO, O_WRONLY)]
    where fcntl(descriptor, F_GETFD) == -1 {
      // A command whose results would be lost must fail, so standard output is opened for reading only. Lost notes on
      // standard error are harmless.
      _ = open("/dev/null", mode)
    }
  }

  private static func end<Command: ParsableCommand>(
    _ command: Command.Type, _ status: ExitStatus, _ message: String
  ) -> Never {
    Interruption.ignoreSignals()
    StatusOutput(isQuiet: false).line("\(name(of: command)): \(message)")
    exit(status.rawValue)
  }

  private static func name<Command: ParsableCommand>(of command: Command.Type) -> String {
    command.configuration.commandName ?? ""
  }
}
