internal import DisplayText

/// How to do a run again: the command that does it, and what it stands for.
public struct Reproduction: Equatable, Sendable {
  /// Something that was set, or could have been.
  public struct Setting: Equatable, Sendable {
    /// What it is called.
    public var name: String
    /// What it was.
    public var value: String

    /// A setting.
    public init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  /// The program and its arguments.
  public var commandLine: [String]
  /// All settings, in the order to show them.
  public var settings: [Setting]
  /// The version of the programs.
  public var version: String

  /// A command and its settings.
  public init(commandLine: [String], settings: [Setting], version: String) {
    self.commandLine = commandLine
    self.settings = settings
    self.version = version
  }

  /// The command as a shell takes it: what is more than a plain word is quoted. An argument with characters that cannot
  /// be shown is written as `$'...'`, whose escapes bash, zsh and ksh understand.
  public var shellCommand: String {
    commandLine.map(Self.quoted).joined(separator: " ")
  }

  private static func quoted(_ argument: String) -> String {
    let isPlain = argument.utf8.allSatisfy {
      UInt8(ascii: "a")...UInt8(ascii: "z") ~= $0 || UInt8(ascii: "A")...UInt8(ascii: "Z") ~= $0
        || UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 || "-_./,:=+@%".utf8.contains($0)
    }
    guard argument.unicodeScalars.allSatisfy(\.isDisplayable) else { return quotedWithEscapes(argument) }
    return isPlain && !argument.isEmpty ? argument : "'" + argument.replacing("'", with: #"'\''"#) + "'"
  }

  private static func quotedWithEscapes(_ argument: String) -> String {
    let scalars = argument.unicodeScalars.map { scalar in
      switch scalar {
      case "'", "\\": "\\" + String(scalar)
      case _ where scalar.isDisplayable: String(scalar)
      default:
        String(scalar).utf8.map { #"\x"# + ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
      }
    }
    return "$'" + scalars.joined() + "'"
  }
}
