#if canImport(FoundationEssentials)
  private import FoundationEssentials
#else
  private import Foundation
#endif

// Text from outside the programs: names of files, classes and arrays, metadata, cells, option values. It can hold control
// characters, which move a terminal's cursor, break a list's line in two or hide what stands on a page. All text that is
// shown or listed goes through this file.

extension Unicode.Scalar {
  /// Whether the scalar can be shown as it is.
  ///
  /// Control characters, line separators, direction overrides and other invisible formatting, and code points without a
  /// meaning cannot. U+200C and U+200D can: several scripts and many emoji need them.
  package var isDisplayable: Bool {
    switch self {
    // Variation selectors choose the form of what is before them.
    case " "..."~", "\u{200C}", "\u{200D}", "\u{FE00}"..."\u{FE0F}": true
    // Invisible letters and tags.
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
  /// The text on one line, with a visible escape such as `\n` or `\u{1B}` for every scalar that cannot be shown.
  ///
  /// An escaped text stays the same when it is escaped again. Backslashes are therefore left alone.
  ///
  /// - Complexity: O(n).
  package var escapedForDisplay: String {
    // Nearly all texts are plain ASCII, for which no Unicode property has to be looked up.
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

  /// Returns JSON with a JSON escape for every scalar that cannot be shown, except line feeds between its elements. The
  /// values stay the same: such scalars stand only inside JSON's strings.
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

  /// Returns the escaped text, with `...` for its middle where it is longer than a number of scalars.
  ///
  /// - Parameter maximumCount: The most scalars of the result, at least 5.
  package func shortenedForDisplay(to maximumCount: Int = 100) -> String {
    let scalars = escapedForDisplay.unicodeScalars
    guard scalars.index(scalars.startIndex, offsetBy: maximumCount + 1, limitedBy: scalars.endIndex) != nil else {
      return String(scalars)
    }
    let tailCount = maximumCount / 3
    return String(scalars.prefix(maximumCount - tailCount - 3)) + "..." + String(scalars.suffix(tailCount))
  }

  /// Returns the text as a part of a file's name: scalars that cannot be shown, and slashes, become hyphens.
  package func asFileNamePart() -> String {
    String(String.UnicodeScalarView(unicodeScalars.map { $0.isDisplayable && $0 != "/" ? $0 : "-" }))
  }
}

// Bytes that were found in place of what a file should hold.

extension FixedWidthInteger {
  /// All hexadecimal digits of the number, such as `0F` for a byte.
  package var hexadecimal: String {
    let digits = String(self, radix: 16, uppercase: true)
    return String(repeating: "0", count: bitWidth / 4 - digits.count) + digits
  }
}

extension Sequence<UInt8> {
  /// The hexadecimal digits of the bytes, such as `1F 8B`.
  package var hexadecimal: String { map(\.hexadecimal).joined(separator: " ") }
}

extension Collection<UInt8> {
  /// Whether the first visible character is `<`: a server's error page saved under a data file's name.
  package var looksLikeMarkup: Bool {
    let text = dropFirst(starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0)
    return text.first { ![0x09, 0x0A, 0x0D, 0x20].contains($0) } == UInt8(ascii: "<")
  }
}

/// Returns a value as JSON with its keys in order, so that equal values give the same text.
package func sortedJSON(_ value: some Encodable) throws -> String {
  try json(value, [.sortedKeys, .withoutEscapingSlashes])
}

/// Returns a value as JSON for people and `diff`: as ``sortedJSON(_:)``, with each element on a line of its own, and
/// characters that cannot be shown as JSON's escapes, which stand for the same values.
package func indentedJSON(_ value: some Encodable) throws -> String {
  (try json(value, [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]) + "\n").escapedAsJSON()
}

private func json(_ value: some Encodable, _ formatting: JSONEncoder.OutputFormatting) throws -> String {
  let encoder = JSONEncoder()
  encoder.outputFormatting = formatting
  return String(decoding: try encoder.encode(value), as: UTF8.self)
}
