public import Matrices

/// The outputs that a network should produce for samples, `[sampleCount, outputCount]`.
///
/// Targets are either one-hot rows of classes or arbitrary numbers.
///
/// ```swift
/// let targets = try LabelBinarizer(classCount: data.classCount).transform(data.labels)
/// let training = targets.rows(at: split.train)
/// let numbers = training.matrix()
/// ```
public struct Targets: Sendable {
  /// The class of each sample, stored in two bytes; empty if the targets are numbers.
  @usableFromInline let classes: [UInt16]
  @usableFromInline let numbers: Matrix<Double>?

  /// The number of outputs.
  public let outputCount: Int

  @usableFromInline
  init(classes: [UInt16], classCount: Int) {
    (self.classes, numbers, outputCount) = (classes, nil, classCount)
  }

  /// Creates targets from numbers, `[sampleCount, outputCount]`.
  public init(_ matrix: Matrix<Double>) {
    (classes, numbers, outputCount) = ([], matrix, matrix.columnCount)
  }

  /// The number of samples.
  public var count: Int { numbers?.rowCount ?? classes.count }

  /// Returns the targets of the samples with the given indices, in the order of the indices.
  ///
  /// - Precondition: Each index is in `0..<count`.
  public func rows(at indices: [Int]) -> Targets {
    if let numbers { return Targets(numbers.rows(at: indices)) }
    return Targets(classes: indices.map { classes[$0] }, classCount: outputCount)
  }

  /// Returns the targets as numbers, `[sampleCount, outputCount]`.
  public func matrix() -> Matrix<Double> {
    if let numbers { return numbers }
    var matrix = Matrix<Double>(rowCount: classes.count, columnCount: outputCount)
    matrix.withUnsafeMutableElements { elements in
      for (row, column) in classes.enumerated() { elements[row * outputCount + Int(column)] = 1 }
    }
    return matrix
  }

  /// Whether the targets are classes, not arbitrary numbers.
  @inlinable package var areClasses: Bool { numbers == nil }

  /// Returns the class of a sample.
  ///
  /// - Precondition: The targets are classes.
  @inlinable package func `class`(of index: Int) -> UInt16 { classes[index] }

  /// Writes the `outputCount` targets of one sample to `target`.
  @inlinable package func write<Scalar: BinaryFloatingPoint>(_ index: Int, to target: UnsafeMutablePointer<Scalar>) {
    guard let numbers else {
      for output in 0..<outputCount { target[output] = 0 }
      target[Int(classes[index])] = 1
      return
    }
    numbers.withUnsafeElements { elements in
      for output in 0..<outputCount { target[output] = Scalar(elements[index * outputCount + output]) }
    }
  }
}
