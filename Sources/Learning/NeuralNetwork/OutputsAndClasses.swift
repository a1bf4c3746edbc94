public import Matrices

/// What a network makes of many samples.
public struct OutputsAndClasses: Equatable, Sendable {
  /// The outputs, `[sampleCount, outputCount]`.
  public let outputs: Matrix<Double>
  /// The class of each sample, `[sampleCount]`: the one with the largest output, told apart also where outputs are so near to
  /// 1 that several are rounded to the same number.
  public let classes: [Int]
}
