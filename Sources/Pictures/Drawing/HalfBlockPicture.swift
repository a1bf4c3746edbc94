public import Images

/// A picture as lines of text for a terminal. Each character shows two pixels as a half block, usually `▀`.
///
/// ```swift
/// for line in HalfBlockPicture(digit, colours: .trueColour).lines { print(line) }
/// ```
///
/// Two rows of pixels make one line. If the number of rows is odd, a black row is added at the bottom. Each line has
/// one character for each column of the picture. A line that sets colours restores the terminal's default colours at
/// its end.
public struct HalfBlockPicture: Sendable, Equatable {
  /// The colours that a terminal can show.
  public enum Colours: String, CaseIterable, Sendable {
    /// All 256 greys, as 24-bit colours.
    case trueColour
    /// The 26 greys of the usual palette of 256 colours.
    case palette256
    /// The terminal's two default colours. Only pixels of at least 128 are drawn.
    case none
  }

  /// The lines from top to bottom, `[(height + 1) / 2]`.
  ///
  /// Each line has `width` characters and the escape sequences that set their colours.
  public let lines: [String]

  /// Creates the lines for a picture.
  ///
  /// - Complexity: O(width * height).
  public init(_ image: GreyscaleImage, colours: Colours) {
    lines = stride(from: 0, to: image.height, by: 2).map { row in
      var line = ""
      var last: (upper: UInt8, lower: UInt8)?
      for column in 0..<image.width {
        let upper = image[x: column, y: row]
        let lower = row + 1 < image.height ? image[x: column, y: row + 1] : 0
        if colours == .none {
          line += [" ", "▄", "▀", "█"][(upper >= 128 ? 2 : 0) + (lower >= 128 ? 1 : 0)]
          continue
        }
        if last == nil || last! != (upper, lower) {
          line += "\u{1B}[38;\(Self.colour(upper, colours));48;\(Self.colour(lower, colours))m"
          last = (upper, lower)
        }
        line += "▀"
      }
      return colours == .none || image.width == 0 ? line : line + "\u{1B}[0m"
    }
  }

  /// Returns the parameters for a grey in an escape sequence. They follow 38 for the foreground and 48 for the
  /// background.
  private static func colour(_ grey: UInt8, _ colours: Colours) -> String {
    guard colours == .palette256 else { return "2;\(grey);\(grey);\(grey)" }
    // In the palette, the colours 232 to 255 are the greys 8, 18, ... 238. Colour 16 is black, and colour 231 is white.
    if grey < 4 { return "5;16" }
    if grey > 246 { return "5;231" }
    return "5;\(232 + min(max((Int(grey) - 3) / 10, 0), 23))"
  }
}

extension HalfBlockPicture.Colours {
  /// Determines the colours of a terminal from environment variables. Returns nil if the terminal cannot show blocks.
  ///
  /// - Parameter environment: The environment variables of the process. The variables `TERM`, `COLORTERM` and
  ///   `NO_COLOR` determine the colours. The variables of the locale must name UTF-8.
  public init?(environment: [String: String]) {
    func value(_ name: String) -> String { environment[name] ?? "" }
    let terminal = value("TERM")
    // As in the C library, LC_ALL has precedence over LC_CTYPE, and LC_CTYPE has precedence over LANG.
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].map(value).first { !$0.isEmpty } ?? ""
    let isUnicode = locale.lowercased().replacing("-", with: "").hasSuffix("utf8")
    guard !terminal.isEmpty, terminal != "dumb", isUnicode else { return nil }
    if !value("NO_COLOR").isEmpty {
      self = .none
    } else if ["truecolor", "24bit"].contains(value("COLORTERM")) || terminal.hasSuffix("-direct") {
      self = .trueColour
    } else {
      self = terminal.contains("256color") ? .palette256 : .none
    }
  }
}
