#if canImport(FoundationEssentials)
  private import FoundationEssentials
#else
  private import Foundation
#endif

// Functions for text from outside the program, such as file names, class names, metadata and option values. Text from
// outside can contain control characters, which move a terminal's cursor, break a line in two or hide other text. All
// text from outside must be escaped with these functions before it is shown.

extension Unicode.Scalar {
  /// Whether this Unicode scalar can be shown unchanged.
  ///
  /// Control characters, line separators, direction overrides, other invisible formatting and unassigned code points
  /// cannot be shown. U+200C and U+200D are invisible but can be shown, because several scripts and many emoji need
  /// them.
  package var isDisplayable: Bool {
    switch self {
    // Variation selectors, U+FE00 to U+FE0F, change the form of the character before them.
    case " "..."~", "\u{200C}", "\u{200D}", "\u{FE00}"..."\u{FE0F}": true
    // Other invisible characters, such as tags.
    case _ where properties.isDefaultIgnorableCodePoint: false
    default:
      switch properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .unassigned, .privateUse, .surrogate: false
      default: true
      }
    }
  }
}

extension String {
  /// The text on one line, with an escape such as `\n` or `\u{1B}` in place of each scalar that cannot be shown.
  ///
  /// Backslashes are not escaped. Escaping a text twice therefore gives the same result as escaping it once.
  ///
  /// - Complexity: O(n), where n is the length of the text.
  package var escapedForDisplay: String {
    // Nearly all texts are plain ASCII. They need no lookup of Unicode properties.
    if utf8.allSatisfy({ (0x20...0x7E).contains($0) }) { return self }
    return escaping(where: { !$0.isDisplayable }) { scalar in
      switch scalar {
      case "\n": "\\n"
      case "\r": "\\r"
      case "\t": "\\t"
      default: "\\u{" + String(scalar.value, radix: 16, uppercase: true) + "}"
      }
    }
  }

  /// Returns this JSON text with a JSON escape for each scalar that cannot be shown.
  ///
  /// Only the line feeds between elements stay. All other such scalars are inside JSON strings, so the JSON values do
  /// not change.
  package func escapedAsJSON() -> String {
    escaping(where: { !$0.isDisplayable && $0 != "\n" }) { scalar in
      String(scalar).utf16.map { "\\u" + $0.hexadecimal }.joined()
    }
  }

  private func escaping(
    where isUnwanted: (Unicode.Scalar) -> Bool, as escape: (Unicode.Scalar) -> String
  ) -> String {
    guard let first = unicodeScalars.firstIndex(where: isUnwanted) else { return self }
    var escaped = String(unicodeScalars[..<first])
    for scalar in unicodeScalars[first...] {
      if isUnwanted(scalar) { escaped += escape(scalar) } else { escaped.unicodeScalars.append(scalar) }
    }
    return escaped
  }

  /// Returns the escaped text. If the escaped text is too long, `...` replaces its middle.
  ///
  /// - Parameter maximumCount: The largest number of scalars in the result. It must be 5 or more.
  package func shortenedForDisplay(to maximumCount: Int = 100) -> String {
    let scalars = escapedForDisplay.unicodeScalars
    guard scalars.index(scalars.startIndex, offsetBy: maximumCount + 1, limitedBy: scalars.endIndex) != nil else {
      return String(scalars)
    }
    let tailCount = maximumCount / 3
    return String(scalars.prefix(maximumCount - tailCount - 3)) + "..." + String(scalars.suffix(tailCount))
  }

  /// Returns the text in a form that can be part of a file name. Hyphens replace slashes and scalars that cannot be
  /// shown.
  package func asFileNamePart() -> String {
    String(String.UnicodeScalarView(unicodeScalars.map { $0.isDisplayable && $0 != "/" ? $0 : "-" }))
  }
}

// The properties below help to describe unexpected bytes of a file.

extension FixedWidthInteger {
  /// The number as hexadecimal digits with leading zeros, such as `0F` for a byte.
  package var hexadecimal: String {
    let digits = String(self, radix: 16, uppercase: true)
    return String(repeating: "0", count: bitWidth / 4 - digits.count) + digits
  }
}

extension Sequence<UInt8> {
  /// The bytes as hexadecimal digits with spaces between them, such as `1F 8B`.
  package var hexadecimal: String { map(\.hexadecimal).joined(separator: " ") }
}

extension Collection<UInt8> {
  /// Whether the bytes look like HTML: the first byte that is not white space is `<`.
  ///
  /// A server's error page is sometimes saved under the name of a data file.
  package var looksLikeMarkup: Bool {
    let text = dropFirst(starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0)
    return text.first { ![0x09, 0x0A, 0x0D, 0x20].contains($0) } == UInt8(ascii: "<")
  }
}

/// Returns a value as JSON with sorted keys. Equal values therefore give the same text.
package func sortedJSON(_ value: some Encodable) throws -> String {
  try json(value, [.sortedKeys, .withoutEscapingSlashes])
}

/// Returns a value as JSON that is easy to read and to compare with `diff`.
///
/// The keys are sorted, and each element has its own line. JSON escapes replace all characters that cannot be shown.
package func indentedJSON(_ value: some Encodable) throws -> String {
  (try json(value, [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]) + "\n").escapedAsJSON()
}

private func json(_ value: some Encodable, _ formatting: JSONEncoder.OutputFormatting) throws -> String {
  let encoder = JSONEncoder()
  encoder.outputFormatting = formatting
  return String(decoding: try encoder.encode(value), as: UTF8.self)
}
