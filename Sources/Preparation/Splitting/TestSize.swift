/// The size of the test part, as a count or as a fraction of the samples.
///
/// ```swift
/// try TestSize(parsing: "0.25")   // .fraction(0.25)
/// try TestSize(parsing: "68000")  // .count(68000)
/// ```
public enum TestSize: Equatable, Hashable, Sendable {
  /// A fraction of the samples, above 0 and below 1. The number of test samples is rounded up.
  case fraction(Double)
  /// The number of test samples, at least 1.
  case count(Int)

  /// Creates a size from text.
  ///
  /// A whole number without a decimal point or an exponent is a count. Any other number is a fraction.
  ///
  /// - Throws: ``SplittingError`` if the text is not a number, or if the number can never be a valid size.
  public init(parsing text: some StringProtocol) throws(SplittingError) {
    // `Double` also accepts hexadecimal digits, "inf" and "nan", which are not valid sizes.
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

  /// Returns the number of test samples out of `sampleCount` samples, by the rules of scikit-learn.
  ///
  /// A fraction is rounded up. Neither part may be empty.
  ///
  /// - Throws: ``SplittingError`` if the size is not valid for this number of samples.
  public func testCount(outOf sampleCount: Int) throws(SplittingError) -> Int {
    precondition(sampleCount >= 0, "the number of samples must not be negative")
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

  /// The reason why the size can never be valid; nil if the size is valid for some number of samples.
  private var problem: SplittingError? {
    switch self {
    case .fraction(let fraction): fraction > 0 && fraction < 1 ? nil : .fractionOutOfRange(fraction)
    case .count(let count): count > 0 ? nil : .countOutOfRange(count, sampleCount: nil)
    }
  }
}

extension TestSize: CustomStringConvertible {
  /// The size as text, which ``init(parsing:)`` can read.
  public var description: String {
    switch self {
    case .fraction(let fraction): "\(fraction)"
    case .count(let count): "\(count)"
    }
  }
}

extension TestSize: Codable {
  /// Writes the size as a number. An integer is a count; any other number is a fraction.
  ///
  /// - Throws: `EncodingError` if the size can never be valid.
  public func encode(to encoder: any Encoder) throws {
    if let problem {
      // A fraction such as 1.0 would be read as a count.
      throw EncodingError.invalidValue(
        self, .init(codingPath: encoder.codingPath, debugDescription: problem.description))
    }
    var container = encoder.singleValueContainer()
    switch self {
    case .fraction(let fraction): try container.encode(fraction)
    case .count(let count): try container.encode(count)
    }
  }

  /// Reads the size from a number. An integer is a count; any other number is a fraction.
  ///
  /// - Throws: `DecodingError` if the size can never be valid.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    self = try (try? container.decode(Int.self)).map(Self.count) ?? .fraction(container.decode(Double.self))
    if let problem { throw DecodingError.dataCorruptedError(in: container, debugDescription: problem.description) }
  }
}
