public import Matrices

/// The outputs wanted for samples: each sample's class, or any numbers.
public struct Targets: Sendable {
  /// Each sample's class: two bytes a sample, however many classes there are. Empty where there are rows.
  private let classes: [UInt16]
  private let rows: Matrix<Double>?
  /// The number of outputs.
  public let outputCount: Int

  /// For each sample 1 for its class and 0 for the others.
  ///
  /// - Parameters:
  ///   - classes: the class of each sample, from 0 to below `classCount`.
  ///   - classCount: the number of classes, at most 65,536.
  public init(classes: some Collection<some BinaryInteger>, classCount: Int) {
    precondition(classCount <= 1 << 16, "there are at most 65,536 classes")
    precondition(classes.allSatisfy { $0 >= 0 && $0 < classCount }, "a class is from 0 to below the number of classes")
    self.classes = classes.map { UInt16(truncatingIfNeeded: $0) }
    rows = nil
    outputCount = classCount
  }

  /// The rows of a matrix, `[sampleCount, outputCount]`.
  public init(_ rows: Matrix<Double>) {
    classes = []
    self.rows = rows
    outputCount = rows.columnCount
  }

  /// The number of samples.
  public var count: Int { rows?.rowCount ?? classes.count }

  /// Whether they are classes, and no other numbers.
  var areClasses: Bool { rows == nil }

  /// A sample's class, where they are classes.
  func `class`(of index: Int) -> UInt16 { classes[index] }

  /// Writes one sample's targets, `[outputCount]`.
  func write<Scalar: BinaryFloatingPoint>(_ index: Int, to target: UnsafeMutablePointer<Scalar>) {
    guard let rows else {
      for output in 0..<outputCount { target[output] = 0 }
      target[Int(classes[index])] = 1
      return
    }
    rows.withUnsafeElements { elements in
      for output in 0..<outputCount { target[output] = Scalar(elements[index * outputCount + output]) }
    }
  }
}

/// Samples, and the outputs wanted for them.
public struct LabelledSamples: Sendable {
  /// The samples.
  public let samples: Samples
  /// The outputs wanted, as many as there are samples.
  public let targets: Targets

  /// Samples with their targets.
  ///
  /// - Precondition: there are as many of the one as of the other.
  public init(samples: Samples, targets: Targets) {
    precondition(samples.count == targets.count, "there is a target for each sample")
    self.samples = samples
    self.targets = targets
  }
}
