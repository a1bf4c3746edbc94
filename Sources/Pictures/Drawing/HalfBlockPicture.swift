public import Images

/// A picture as lines of text for a terminal: each character is the half block `▀`, its two colours two pixels.
///
/// ```swift
/// for line in HalfBlockPicture(digit, colours: .trueColour).lines { print(line) }
/// ```
///
/// Each line is as wide as the picture, and ends with the terminal's own colours; two rows of pixels make a line, a row
/// that is missing at the bottom is black.
public struct HalfBlockPicture: Sendable, Equatable {
  /// What a terminal can show.
  public enum Colours: String, CaseIterable, Sendable {
    /// All 256 greys, by 24-bit colours.
    case trueColour
    /// 26 greys, those of the usual palette of 256 colours.
    case palette256
    /// The terminal's own two colours: what is lighter than half is drawn.
    case none
  }

  /// The lines, `[(height + 1) / 2]`, each of `width` characters and what sets their colours.
  public let lines: [String]

  /// The lines that a picture makes.
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

  /// A grey's numbers behind 38 or 48.
  private static func colour(_ grey: UInt8, _ colours: Colours) -> String {
    guard colours == .palette256 else { return "2;\(grey);\(grey);\(grey)" }
    // 232 to 255 are the greys 8, 18, ... 238; 16 is black, 231 white.
    if grey < 4 { return "5;16" }
    if grey > 246 { return "5;231" }
    return "5;\(232 + min(max((Int(grey) - 3) / 10, 0), 23))"
  }
}

extension HalfBlockPicture.Colours {
  /// What a terminal shows, by the variables that it sets and that people set; nil where it shows no blocks at all.
  ///
  /// - Parameter environment: The process's variables: `TERM`, `COLORTERM`, `NO_COLOR`, and those of the locale, which has to
  ///   be one of UTF-8.
  public init?(environment: [String: String]) {
    func value(_ name: String) -> String { environment[name] ?? "" }
    let terminal = value("TERM")
    // The first of these that is set decides, as in the system's libraries.
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
