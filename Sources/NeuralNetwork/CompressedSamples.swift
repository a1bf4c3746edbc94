internal import Matrices

/// Samples without their zeros, and with the constant 1 that feeds the biases appended to each.
///
/// Four of five pixels of a digit are 0. A zero adds nothing to a sum and changes no weight, so leaving it out changes
/// no bit of the result and most of the work.
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
  init(_ samples: Matrix<Double>) {
    let (rowCount, featureCount) = (samples.rowCount, samples.columnCount)
    var starts = [0]
    starts.reserveCapacity(rowCount + 1)
    let (indices, values) = samples.withUnsafeElements { elements in
      var total = 0
      for row in 0..<rowCount {
        for feature in 0..<featureCount where elements[row * featureCount + feature] != 0 { total += 1 }
        total += 1
        starts.append(total)
      }
      // One place more than is filled: the loops write every feature, and step on only past those that count.
      let values = [Double](unsafeUninitializedCapacity: total + 1) { values, count in
        var position = 0
        for row in 0..<rowCount {
          for feature in 0..<featureCount {
            let value = elements[row * featureCount + feature]
            values[position] = value
            position += value != 0 ? 1 : 0
          }
          values[position] = 1
          position += 1
        }
        values[total] = 0
        count = total + 1
      }
      let indices = [UInt32](unsafeUninitializedCapacity: total + 1) { indices, count in
        var position = 0
        for row in 0..<rowCount {
          for feature in 0..<featureCount {
            indices[position] = UInt32(truncatingIfNeeded: feature)
            position += elements[row * featureCount + feature] != 0 ? 1 : 0
          }
          indices[position] = UInt32(truncatingIfNeeded: featureCount)
          position += 1
        }
        indices[total] = 0
        count = total + 1
      }
      return (indices, values)
    }
    (self.starts, self.indices, self.values) = (starts, indices, values)
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
