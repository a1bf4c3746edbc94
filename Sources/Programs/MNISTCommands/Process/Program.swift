public import ArgumentParser
internal import DurableFiles
internal import Experiments
internal import Foundation
internal import Memory

/// The frame around a command's run: its arguments, its one line of error, its exit status.
public enum Program {
  /// The version of all programs.
  public static let version = RunRecord.currentVersion

  /// Runs a command with the process's arguments and ends the process.
  public static func run<Command: ParsableCommand>(_ command: Command.Type) -> Never {
    openStandardStreams()
    // A file that grows beyond what is allowed is an error of writing, not the end of the program.
    signal(SIGXFSZ, SIG_IGN)
    // Writing to a closed pipe is an error to handle, not a signal that ends a training.
    signal(SIGPIPE, SIG_IGN)
    AvailableMemory.limitArenas()
    if let error = AvailableMemory.shortage(of: 1 << 20) { end(command, .usage, "the program \(error)") }
    Interruption.handle(as: name(of: command))
    MappedFile.whenLost { [name = name(of: command)] path in
      func end() -> Never {
        StatusOutput(isQuiet: false).line(
          "\(name): \(path): cannot read: the file lost its end while it was in use")
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
      // Help and version are asked for, not gone wrong.
      do {
        try StandardOutput.write(command.fullMessage(for: error) + "\n")
        exit(ExitStatus.done.rawValue)
      } catch {
        end(command, CommandFailure(error).status, "\(error)")
      }
    } catch let error where command.exitCode(for: error) == .validationFailure {
      // The parser's own messages may have several lines.
      let lines = command.message(for: error).split(whereSeparator: \.isNewline)
      let message = CommandFailure(.usage, lines.joined(separator: " ")).message
      end(command, .usage, "\(message) (see \(name(of: command)) --help)")
    } catch {
      let failure = CommandFailure(error)
      end(command, failure.status, failure.message)
    }
  }

  /// Ends the process for an argument that is not valid UTF-8: repaired, it would name another file.
  private static func checkArguments<Command: ParsableCommand>(of command: Command.Type) {
    for number in 1..<max(1, Int(CommandLine.argc)) {
      guard let argument = CommandLine.unsafeArgv[number], String(validatingCString: argument) == nil else { continue }
      end(
        command, .usage,
        "argument \(number), \(String(cString: argument)), is not valid UTF-8; rename the file, or name another one")
    }
  }

  /// A standard stream that the parent closed would give its number to the next file that is opened, and what is meant
  /// for the stream would end up in that file.
  private static func openStandardStreams() {
    for (descriptor, mode) in [(STDIN_FILENO, O_RDONLY), (STDOUT_FILENO, O_RDONLY), (STDERR_FILENO, O_WRONLY)]
    where fcntl(descriptor, F_GETFD) == -1 {
      // Standard output for reading only: results that go nowhere are an error, remarks are not.
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
