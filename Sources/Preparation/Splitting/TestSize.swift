/// How many of the samples become test samples.
///
/// ```swift
/// try TestSize(parsing: "0.25")   // .fraction(0.25)
/// try TestSize(parsing: "68000")  // .count(68000)
/// ```
public enum TestSize: Equatable, Hashable, Sendable {
  /// A share of the samples, between 0 and 1, both excluded; the count is rounded up.
  case fraction(Double)
  /// A number of samples, at least 1.
  case count(Int)

  /// The size that a text gives: a count if it is digits alone (with or without a sign), a fraction if it has a decimal
  /// point or an exponent.
  ///
  /// - Throws: ``SplittingError`` if it is neither, or can fit no number of samples.
  public init(parsing text: some StringProtocol) throws(SplittingError) {
    // Double reads hexadecimal digits, "inf" and "nan" too; none of them is meant here.
    let isPlain = text.utf8.allSatisfy { "0123456789+-.eE".utf8.contains($0) }
    let isDecimal = text.utf8.contains { ".eE".utf8.contains($0) }
    if isPlain, isDecimal, let fraction = Double(text) {
      self = .fraction(fraction)
    } else if isPlain, !isDecimal, let count = Int(text) {
      self = .count(count)
    } else {
      throw .notATestSize(String(text))
    }
    if let problem { throw problem }
  }

  /// The number of test samples out of `sampleCount`, by scikit-learn's rules: a fraction is rounded up, and neither part
  /// may be empty.
  ///
  /// - Throws: ``SplittingError`` if the size does not suit the number of samples.
  public func testCount(outOf sampleCount: Int) throws(SplittingError) -> Int {
    precondition(sampleCount >= 0, "a number of samples is not negative")
    if let problem { throw problem }
    switch self {
    case .count(let count):
      guard count < sampleCount else { throw .countOutOfRange(count, sampleCount: sampleCount) }
      return count
    case .fraction(let fraction):
      let count = Int((fraction * Double(sampleCount)).rounded(.up))
      guard count < sampleCount else { throw .noTrainingSamples(testSize: self, sampleCount: sampleCount) }
      return count
    }
  }

  /// Why the size can fit no number of samples.
  private var problem: SplittingError? {
    switch self {
    case .fraction(let fraction): fraction > 0 && fraction < 1 ? nil : .fractionOutOfRange(fraction)
    case .count(let count): count > 0 ? nil : .countOutOfRange(count, sampleCount: nil)
    }
  }
}

extension TestSize: CustomStringConvertible {
  /// The text that ``init(parsing:)`` reads.
  public var description: String {
    switch self {
    case .fraction(let fraction): "\(fraction)"
    case .count(let count): "\(count)"
    }
  }
}

extension TestSize: Codable {
  /// Writes a number: a whole one is a count.
  public func encode(to encoder: any Encoder) throws {
    if let problem {
      // A fraction such as 1.0 would be read back as a count.
      throw EncodingError.invalidValue(
        self, .init(codingPath: encoder.codingPath, debugDescription: problem.description))
    }
    var container = encoder.singleValueContainer()
    switch self {
    case .fraction(let fraction): try container.encode(fraction)
    case .count(let count): try container.encode(count)
    }
  }

  /// Reads a number: a whole one is a count.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    self = try (try? container.decode(Int.self)).map(Self.count) ?? .fraction(container.decode(Double.self))
    if let problem { throw DecodingError.dataCorruptedError(in: container, debugDescription: problem.description) }
  }
}
