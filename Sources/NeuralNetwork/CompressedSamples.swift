internal import Matrices

/// Samples without their zeros, and with the constant 1 that feeds the biases appended to each.
///
/// Four of five pixels of a digit are 0. A zero adds nothing to a sum and changes no weight, so leaving it out saves
/// most of the work; only the sums' rounding changes, as their terms are grouped by their place in the list.
struct CompressedSamples: Sendable {
  /// The features of one sample that are not 0: where they stand, and what they are.
  struct Sample {
    let indices: UnsafePointer<UInt32>
    let values: UnsafePointer<Double>
    let count: Int
  }

  /// Sample i is at `starts[i]..<starts[i + 1]` of `indices` and `values`.
  private var starts: [Int]
  private var indices: [UInt32]
  private var values: [Double]

  /// The rows of a matrix `[sampleCount, featureCount]`; the constant gets the index `featureCount`.
  ///
  /// - Complexity: O(sampleCount * featureCount).
  init(_ samples: Matrix<Double>, instructionSet: InstructionSet = .widest) {
    let kernels = Kernels(available: instructionSet)
    let (rowCount, featureCount) = (samples.rowCount, samples.columnCount)
    starts = [0]
    starts.reserveCapacity(rowCount + 1)
    indices = []
    values = []
    // A row's features and the constant, written here first: how many there will be shows only then.
    let rowIndices = AlignedBuffer<UInt32>(count: featureCount + 1)
    let rowValues = AlignedBuffer<Double>(count: featureCount + 1)
    samples.withUnsafeElements { elements in
      for row in 0..<rowCount {
        var count = 0
        if let base = elements.baseAddress {
          count = kernels.compress(
            base + row * featureCount, count: featureCount, indices: rowIndices.pointer, nonzero: rowValues.pointer)
        }
        rowIndices.pointer[count] = UInt32(truncatingIfNeeded: featureCount)
        rowValues.pointer[count] = 1
        count += 1
        indices.append(contentsOf: UnsafeBufferPointer(start: rowIndices.pointer, count: count))
        values.append(contentsOf: UnsafeBufferPointer(start: rowValues.pointer, count: count))
        starts.append(indices.count)
      }
    }
    withExtendedLifetime((rowIndices, rowValues)) {}
    if rowCount == 0 {
      // Never empty, so that there is a base address to count from.
      indices.append(0)
      values.append(0)
    }
  }

  /// Calls `body` with a view on the samples, so that a loop over them costs no more than the pointers' arithmetic.
  func withSamples<Result, Failure: Error>(_ body: (View) throws(Failure) -> Result) throws(Failure) -> Result {
    try indices.withUnsafeBufferPointer { indices throws(Failure) in
      try values.withUnsafeBufferPointer { values throws(Failure) in
        try starts.withUnsafeBufferPointer { starts throws(Failure) in
          try body(View(starts: starts, indices: indices.baseAddress!, values: values.baseAddress!))
        }
      }
    }
  }

  /// The samples, for as long as the call that gives it lasts.
  struct View {
    fileprivate let starts: UnsafeBufferPointer<Int>
    fileprivate let indices: UnsafePointer<UInt32>
    fileprivate let values: UnsafePointer<Double>

    var count: Int { starts.count - 1 }

    subscript(index: Int) -> Sample {
      let start = starts[index]
      return Sample(indices: indices + start, values: values + start, count: starts[index + 1] - start)
    }
  }
}
