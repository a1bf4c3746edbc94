public import ArgumentParser
internal import Foundation

/// The frame around a command's run: its arguments, its one line of error, its exit status.
public enum Program {
  /// The version of all programs.
  public static let version = "0.1.0"

  /// Runs a command with the process's arguments and ends the process.
  public static func run<Command: ParsableCommand>(_ command: Command.Type) -> Never {
    do {
      var parsed = try command.parseAsRoot()
      try parsed.run()
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
      let message = CommandFailure(.usage, command.message(for: error)).message
      end(command, .usage, "\(message) (see \(name(of: command)) --help)")
    } catch {
      let failure = CommandFailure(error)
      end(command, failure.status, failure.message)
    }
  }

  private static func end<Command: ParsableCommand>(
    _ command: Command.Type, _ status: ExitStatus, _ message: String
  ) -> Never {
    // A message that names no file is a line of its own; nothing is left to do where not even this can be written.
    FileHandle.standardError.write(Data("\(name(of: command)): \(message)\n".utf8))
    exit(status.rawValue)
  }

  private static func name<Command: ParsableCommand>(of command: Command.Type) -> String {
    command.configuration.commandName ?? ""
  }
}
