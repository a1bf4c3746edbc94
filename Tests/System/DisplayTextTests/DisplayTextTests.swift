import DisplayText
import Foundation
import Testing

@Suite struct DisplayTextTests {
  @Test(
    "scalars that cannot be shown are escaped, and all other scalars stay unchanged",
    arguments: [
      ("", ""),
      ("plain text ~ with \\ and \"", "plain text ~ with \\ and \""),
      ("\u{1B}[31mred\u{7}", "\\u{1B}[31mred\\u{7}"),
      ("a\0b\u{7F}", "a\\u{0}b\\u{7F}"),
      ("one\ntwo\r\n\tthree", "one\\ntwo\\r\\n\\tthree"),
      ("\u{85}\u{9B}31m", "\\u{85}\\u{9B}31m"),
      ("\u{202E}abc\u{2066}\u{FEFF}", "\\u{202E}abc\\u{2066}\\u{FEFF}"),
      ("\u{2028}\u{2029}", "\\u{2028}\\u{2029}"),
      ("\u{E000}\u{FFFE}\u{E0041}", "\\u{E000}\\u{FFFE}\\u{E0041}"),
      ("ünïcode 数字 お 🙂 é", "ünïcode 数字 お 🙂 é"),
      ("می\u{200C}خواهم 👩\u{200D}🔬 ❤\u{FE0F}", "می\u{200C}خواهم 👩\u{200D}🔬 ❤\u{FE0F}"),
    ])
  func escapes(_ text: String, _ expected: String) {
    #expect(text.escapedForDisplay == expected)
    #expect(text.escapedForDisplay.escapedForDisplay == expected)
  }

  @Test("every scalar is either unchanged or escaped in ASCII, and control characters are always escaped")
  func everyScalar() {
    let wrong = (UInt32(0)...0x10FFFF).compactMap(Unicode.Scalar.init).filter { scalar in
      let escaped = String(scalar).escapedForDisplay
      return scalar.isDisplayable
        ? escaped.unicodeScalars.count != 1 || escaped.unicodeScalars.first != scalar
        : !escaped.utf8.allSatisfy { (0x20...0x7E).contains($0) } || escaped.utf8.count < 2
    }
    #expect(wrong.isEmpty)
    for range in [0...0x1F, 0x7F...0x9F, 0x2028...0x202E, 0x2066...0x2069] as [ClosedRange<UInt32>] {
      #expect(range.compactMap(Unicode.Scalar.init).allSatisfy { !$0.isDisplayable })
    }
  }

  @Test("`...` replaces the middle of a long text, and shortening the result again changes nothing")
  func shortening() {
    #expect(String(repeating: "a", count: 100).shortenedForDisplay() == String(repeating: "a", count: 100))
    let long = "start" + String(repeating: "a", count: 60_000) + "end"
    let short = long.shortenedForDisplay()
    #expect(short.unicodeScalars.count == 100)
    #expect(short.hasPrefix("startaaa") && short.hasSuffix("aaaend") && short.contains("aaa...aaa"))
    #expect(short.shortenedForDisplay() == short)
    #expect(String(repeating: "\n", count: 60).shortenedForDisplay(to: 20) == #"\n\n\n\n\n\...\n\n\n"#)
  }

  @Test("escaped JSON keeps its values, and all its characters can be shown")
  func json() throws {
    let values = ["\u{1B}[2J", "\u{7F}\u{9B}\u{202E}", "\u{E0041}\u{F0000}", "ü 5\n"]
    let json = String(decoding: try JSONEncoder().encode(values), as: UTF8.self).escapedAsJSON() + "\n"
    #expect(json.unicodeScalars.allSatisfy { $0.isDisplayable || $0 == "\n" })
    #expect(try JSONDecoder().decode([String].self, from: Data(json.utf8)) == values)
    #expect("[\n  1\n]\n".escapedAsJSON() == "[\n  1\n]\n")
  }

  @Test("a part of a file name has no slashes, and all its characters can be shown")
  func fileNames() {
    #expect("a/b\u{1B}[1m\n\u{202E}ü".asFileNamePart() == "a-b-[1m--ü")
  }
}

@Suite struct NumberTextTests {
  @Test(
    "numbers are written as Python writes them",
    arguments: [
      (6, -1, "0.6"), (5, -5, "5e-05"), (1, -4, "0.0001"), (15, -5, "0.00015"), (15, -6, "1.5e-05"), (0, 7, "0"),
      (250, 0, "250"), (25, 4, "250000"), (25, 5, "2.5e+06"), (-125, -2, "-1.25"), (1200, -3, "1.2"),
      (-3, -12, "-3e-12"), (1, 120, "1e+120"),
    ])
  func decimalNumbers(_ mantissa: Int, _ exponent: Int, _ text: String) {
    let number = DecimalNumber(mantissa: mantissa, exponent: exponent)
    #expect(number.description == text)
    #expect(number.value == Double(text))
  }

  @Test(
    "`fixed` rounds decimal halves away from zero, and `printed` rounds the binary value as Python does",
    arguments: [
      (0.125, 2, "0.13", "0.12"), (0.375, 2, "0.38", "0.38"), (2.5, 0, "3", "2"), (-0.125, 2, "-0.13", "-0.12"),
      (-0.0001, 3, "0.000", "-0.000"), (1234.5678, 3, "1234.568", "1234.568"), (0, 3, "0.000", "0.000"),
    ])
  func fixed(_ value: Double, _ digits: Int, _ fixed: String, _ printed: String) {
    #expect(NumberText.fixed(value, digits: digits) == fixed)
    #expect(NumberText.printed(value, digits: digits) == printed)
  }

  @Test("counts have groups of three digits, other numbers have four significant digits, and durations have units")
  func numbers() {
    #expect([0, 999, 1000, -1_234_567].map(NumberText.count) == ["0", "999", "1,000", "-1,234,567"])
    #expect(NumberText.count(1, of: "error") == "1 error" && NumberText.count(10_000, of: "error") == "10,000 errors")
    #expect([0.03517, 5.7321e-05, 0, .nan].map(NumberText.significant) == ["0.03517", "5.732e-05", "0", "no number"])
    #expect(NumberText.fixed(.infinity, digits: 2) == "no number" && NumberText.fixed(1e16, digits: 0) == "1e+16")
    #expect(NumberText.percent(0.98714) == "98.71\u{A0}%")
    #expect(
      [0.00123, 0.0392, 4.0249, 125].map(NumberText.seconds) == [
        "1.23\u{A0}ms", "39.2\u{A0}ms", "4.02\u{A0}s", "2\u{A0}min 5\u{A0}s",
      ])
  }
}
