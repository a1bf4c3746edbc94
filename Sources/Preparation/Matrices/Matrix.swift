/// A matrix of scalars, stored row after row without gaps and aligned to 64 bytes.
///
/// Most matrices hold samples as `[sampleCount, featureCount]`, or the weights between two layers as
/// `[inputCount, outputCount]`. A matrix is a value with copy-on-write storage. A copy shares the memory of the
/// original matrix until one of the two matrices is changed.
///
/// ```swift
/// var matrix = Matrix<Double>(rows: [[1, 2, 3], [4, 5, 6]])
/// matrix[1, 2] = 7
/// print(matrix.row(1))  // [4.0, 5.0, 7.0]
/// ```
public struct Matrix<Scalar: BitwiseCopyable & Sendable & AdditiveArithmetic>: Sendable {
  /// The number of rows.
  public let rowCount: Int

  /// The number of columns, the same in every row.
  public let columnCount: Int

  private var buffer: AlignedBuffer<Scalar>

  /// Creates a `[rowCount, columnCount]` matrix of zeros.
  ///
  /// - Precondition: Both counts are at least 0.
  public init(rowCount: Int, columnCount: Int) {
    precondition(rowCount >= 0 && columnCount >= 0, "the numbers of rows and columns must not be negative")
    self.rowCount = rowCount
    self.columnCount = columnCount
    self.buffer = AlignedBuffer(count: rowCount * columnCount)
  }

  /// Creates a `[rowCount, columnCount]` matrix from its elements in row-major order.
  ///
  /// - Precondition: `elements.count == rowCount * columnCount`.
  public init(rowCount: Int, columnCount: Int, elements: some Collection<Scalar>) {
    precondition(elements.count == rowCount * columnCount, "the number of elements must be rowCount * columnCount")
    self.init(rowCount: rowCount, columnCount: columnCount)
    withUnsafeMutableElements { _ = $0.update(fromContentsOf: elements) }
  }

  /// Creates a `[rowCount, columnCount]` matrix from its rows.
  ///
  /// - Precondition: All rows have the same length.
  public init(rows: [[Scalar]]) {
    let columnCount = rows.first?.count ?? 0
    precondition(rows.allSatisfy { $0.count == columnCount }, "all rows of a matrix must have the same length")
    self.init(rowCount: rows.count, columnCount: columnCount, elements: rows.flatMap { $0 })
  }

  /// Accesses the element in a row and a column, both counted from 0.
  ///
  /// - Precondition: `row` is in `0..<rowCount` and `column` is in `0..<columnCount`.
  public subscript(row: Int, column: Int) -> Scalar {
    get {
      withUnsafeElements { $0[index(row, column)] }
    }
    set {
      let place = index(row, column)
      withUnsafeMutableElements { $0[place] = newValue }
    }
  }

  /// Returns a copy of one row, `[columnCount]`.
  ///
  /// - Precondition: `row` is in `0..<rowCount`.
  public func row(_ row: Int) -> [Scalar] {
    precondition(row >= 0 && row < rowCount, "row out of range")
    return withUnsafeElements { Array($0[row * columnCount..<(row + 1) * columnCount]) }
  }

  /// Returns the rows with the given indices as a matrix, `[indices.count, columnCount]`.
  ///
  /// The rows are in the order of the indices.
  ///
  /// - Precondition: Each index is in `0..<rowCount`.
  /// - Complexity: O(indices.count * columnCount).
  public func rows(at indices: some Collection<Int>) -> Matrix {
    var result = Matrix(rowCount: indices.count, columnCount: columnCount)
    withUnsafeElements { source in
      result.withUnsafeMutableElements { target in
        guard var to = target.baseAddress, let from = source.baseAddress else { return }
        for row in indices {
          precondition(row >= 0 && row < rowCount, "row out of range")
          to.update(from: from + row * columnCount, count: columnCount)
          to += columnCount
        }
      }
    }
    return result
  }

  /// A copy of all elements in row-major order, `[rowCount * columnCount]`.
  public var elements: [Scalar] {
    withUnsafeElements { Array($0) }
  }

  /// Calls `body` with all elements in row-major order, without copying them.
  ///
  /// The pointer is valid only during the call.
  public func withUnsafeElements<Result, Failure: Error>(
    _ body: (UnsafeBufferPointer<Scalar>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    defer { withExtendedLifetime(buffer) {} }
    return try body(UnsafeBufferPointer(start: buffer.pointer, count: buffer.count))
  }

  /// Calls `body` with all elements in row-major order. `body` can change the elements in place.
  ///
  /// The pointer is valid only during the call.
  public mutating func withUnsafeMutableElements<Result, Failure: Error>(
    _ body: (UnsafeMutableBufferPointer<Scalar>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    makeUnique()
    defer { withExtendedLifetime(buffer) {} }
    return try body(UnsafeMutableBufferPointer(start: buffer.pointer, count: buffer.count))
  }

  private func index(_ row: Int, _ column: Int) -> Int {
    precondition(row >= 0 && row < rowCount && column >= 0 && column < columnCount, "element out of range")
    return row * columnCount + column
  }

  private mutating func makeUnique() {
    if !isKnownUniquelyReferenced(&buffer) { buffer = AlignedBuffer(copying: buffer) }
  }
}

extension Matrix where Scalar: Comparable {
  /// The column of the largest element of each row, `[rowCount]`.
  ///
  /// NumPy's `np.argmax(matrix, axis=1)` returns the same columns. If several elements are equal, the first one wins.
  /// NaN counts as larger than every number.
  ///
  /// - Precondition: The matrix has at least one column, or it has no rows.
  @inlinable public var indicesOfRowMaxima: [Int] {
    precondition(columnCount > 0 || rowCount == 0, "a row without elements has no largest element")
    return withUnsafeElements { elements in
      (0..<rowCount).map { row in
        let start = row * columnCount
        var best = start
        for index in start..<start + columnCount {
          if elements[best] != elements[best] { break }
          if elements[index] > elements[best] || elements[index] != elements[index] { best = index }
        }
        return best - start
      }
    }
  }
}

extension Matrix where Scalar: FloatingPoint {
  /// The largest magnitude of an element; 0 if the matrix has no elements.
  @inlinable public var largestMagnitude: Scalar {
    withUnsafeElements { elements in elements.reduce(0) { max($0, $1.magnitude) } }
  }

  /// Whether all elements are finite numbers.
  @inlinable public var isFinite: Bool {
    // x * 0 is 0 if x is finite, and NaN otherwise. Adding these products needs no branches, unlike a test of each
    // element.
    withUnsafeElements { elements in elements.reduce(0) { $0 + $1 * 0 } == 0 }
  }
}

extension Matrix: Equatable where Scalar: Equatable {
  /// Returns whether two matrices have the same shape and equal elements.
  public static func == (left: Matrix, right: Matrix) -> Bool {
    guard left.rowCount == right.rowCount, left.columnCount == right.columnCount else { return false }
    return left.withUnsafeElements { l in right.withUnsafeElements { r in l.elementsEqual(r) } }
  }
}

extension Matrix: CustomStringConvertible {
  /// The rows as nested brackets, such as `[[1.0, 2.0], [3.0, 4.0]]`.
  public var description: String {
    "[" + (0..<rowCount).map { "\(row($0))" }.joined(separator: ", ") + "]"
  }
}

/// Memory for a fixed number of scalars, aligned to 64 bytes and freed with the object.
///
/// 64 bytes are the size of a cache line and of the widest vector register. ``Matrix`` and the numerical kernels store
/// their numbers in such buffers. All bits are zero at first.
package final class AlignedBuffer<Scalar: BitwiseCopyable>: @unchecked Sendable {
  // Writing is safe only if the buffer has a single owner. Matrix ensures a single owner: before it writes, it copies a
  // shared buffer.

  /// The address of the first scalar.
  package let pointer: UnsafeMutablePointer<Scalar>

  /// The number of scalars.
  package let count: Int

  /// Creates a buffer of `count` scalars whose bits are all zero.
  package init(count: Int) {
    precondition(count >= 0, "the number of scalars must not be negative")
    let byteCount = max(count, 1) * MemoryLayout<Scalar>.stride
    let raw = UnsafeMutableRawPointer.allocate(byteCount: byteCount, alignment: 64)
    raw.initializeMemory(as: UInt8.self, repeating: 0, count: byteCount)
    self.pointer = raw.bindMemory(to: Scalar.self, capacity: max(count, 1))
    self.count = count
  }

  /// Creates a buffer with a copy of the scalars of another buffer.
  package convenience init(copying other: AlignedBuffer<Scalar>) {
    self.init(count: other.count)
    withExtendedLifetime(other) { pointer.update(from: other.pointer, count: count) }
  }

  deinit {
    UnsafeMutableRawPointer(pointer).deallocate()
  }
}
