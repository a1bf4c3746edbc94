public import Matrices

/// The outputs wanted for samples, `[sampleCount, outputCount]`: each sample's class as a one-hot row, or any numbers.
///
/// ```swift
/// let targets = try LabelBinarizer(classCount: data.classCount).transform(data.labels)
/// let training = targets.rows(at: split.train)
/// let numbers = training.matrix()
/// ```
public struct Targets: Sendable {
  /// Each sample's class: two bytes a sample, however many classes there are. Empty if there are numbers.
  @usableFromInline let classes: [UInt16]
  @usableFromInline let numbers: Matrix<Double>?

  /// The number of outputs.
  public let outputCount: Int

  @usableFromInline
  init(classes: [UInt16], classCount: Int) {
    (self.classes, numbers, outputCount) = (classes, nil, classCount)
  }

  /// The rows of a matrix, `[sampleCount, outputCount]`.
  public init(_ matrix: Matrix<Double>) {
    (classes, numbers, outputCount) = ([], matrix, matrix.columnCount)
  }

  /// The number of samples.
  public var count: Int { numbers?.rowCount ?? classes.count }

  /// Returns the targets of the samples with the given indices, in the given order.
  ///
  /// - Precondition: There are samples with those indices.
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

  /// Whether the targets are classes, and not other numbers.
  @inlinable package var areClasses: Bool { numbers == nil }

  /// Returns the class of a sample, if the targets are classes.
  @inlinable package func `class`(of index: Int) -> UInt16 { classes[index] }

  /// Writes one sample's targets, `[outputCount]`.
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
