/// A rectangle of scalars, stored row after row without gaps, aligned to 64 bytes.
///
/// Most often it holds samples as `[sampleCount, featureCount]` or the weights between two layers as
/// `[inputCount, outputCount]`. It is a value: a copy is independent, and costs nothing until one of the two is changed.
///
/// ```swift
/// var matrix = Matrix<Double>(rows: [[1, 2, 3], [4, 5, 6]])
/// matrix[1, 2] = 7
/// print(matrix.row(1))  // [4.0, 5.0, 7.0]
/// ```
public struct Matrix<Scalar: BitwiseCopyable & Sendable & AdditiveArithmetic>: Sendable {
  /// The number of rows.
  public let rowCount: Int

  /// The number of columns, equal in every row.
  public let columnCount: Int

  private var buffer: AlignedBuffer<Scalar>

  /// A matrix of zeros, `[rowCount, columnCount]`.
  public init(rowCount: Int, columnCount: Int) {
    precondition(rowCount >= 0 && columnCount >= 0, "a matrix has no negative counts")
    self.rowCount = rowCount
    self.columnCount = columnCount
    self.buffer = AlignedBuffer(count: rowCount * columnCount)
  }

  /// A matrix `[rowCount, columnCount]` of elements given row after row.
  ///
  /// - Precondition: `elements.count == rowCount * columnCount`.
  public init(rowCount: Int, columnCount: Int, elements: some Collection<Scalar>) {
    precondition(elements.count == rowCount * columnCount, "a matrix needs rowCount * columnCount elements")
    self.init(rowCount: rowCount, columnCount: columnCount)
    withUnsafeMutableElements { _ = $0.update(fromContentsOf: elements) }
  }

  /// A matrix of rows that are equally long.
  public init(rows: [[Scalar]]) {
    let columnCount = rows.first?.count ?? 0
    precondition(rows.allSatisfy { $0.count == columnCount }, "the rows of a matrix are equally long")
    self.init(rowCount: rows.count, columnCount: columnCount, elements: rows.flatMap { $0 })
  }

  /// The element in a row and a column, both counted from 0.
  ///
  /// - Precondition: there are such a row and such a column.
  public subscript(row: Int, column: Int) -> Scalar {
    get {
      withUnsafeElements { $0[index(row, column)] }
    }
    set {
      let place = index(row, column)
      withUnsafeMutableElements { $0[place] = newValue }
    }
  }

  /// A copy of one row, `[columnCount]`.
  ///
  /// - Precondition: there is such a row.
  public func row(_ row: Int) -> [Scalar] {
    precondition(row >= 0 && row < rowCount, "row out of range")
    return withUnsafeElements { Array($0[row * columnCount..<(row + 1) * columnCount]) }
  }

  /// The rows with the given indices, in the given order, `[indices.count, columnCount]`.
  ///
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

  /// A copy of all elements, row after row.
  public var elements: [Scalar] {
    withUnsafeElements { Array($0) }
  }

  /// Reads all elements in place, row after row.
  public func withUnsafeElements<Result, Failure: Error>(
    _ body: (UnsafeBufferPointer<Scalar>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    defer { withExtendedLifetime(buffer) {} }
    return try body(UnsafeBufferPointer(start: buffer.pointer, count: buffer.count))
  }

  /// Reads and writes all elements in place, row after row.
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
  /// Where the largest element of each row is, `[rowCount]`: the first one of several, and what is not a number counts as
  /// the largest, as in `np.argmax(matrix, axis=1)`.
  ///
  /// - Precondition: there is at least one column, or no row.
  @inlinable public var indicesOfRowMaxima: [Int] {
    precondition(columnCount > 0 || rowCount == 0, "a row without elements has no largest one")
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
  /// The largest magnitude of an element; 0 where there is none.
  @inlinable public var largestMagnitude: Scalar {
    withUnsafeElements { elements in elements.reduce(0) { max($0, $1.magnitude) } }
  }

  /// Whether no element is infinite or not a number.
  @inlinable public var isFinite: Bool {
    // A product with 0 is 0 for finite numbers only; unlike a test of each, the sum needs no branches.
    withUnsafeElements { elements in elements.reduce(0) { $0 + $1 * 0 } == 0 }
  }
}

extension Matrix: Equatable where Scalar: Equatable {
  /// Whether two matrices have equal shapes and equal elements.
  public static func == (left: Matrix, right: Matrix) -> Bool {
    guard left.rowCount == right.rowCount, left.columnCount == right.columnCount else { return false }
    return left.withUnsafeElements { l in right.withUnsafeElements { r in l.elementsEqual(r) } }
  }
}

extension Matrix: CustomStringConvertible {
  /// The rows as nested brackets.
  public var description: String {
    "[" + (0..<rowCount).map { "\(row($0))" }.joined(separator: ", ") + "]"
  }
}

/// Memory for a fixed number of scalars, aligned to 64 bytes (a cache line, and the widest vector), freed with the object.
///
/// The storage under ``Matrix``, and what the kernels read and write. All bits are zero at first.
package final class AlignedBuffer<Scalar: BitwiseCopyable>: @unchecked Sendable {
  // Sendable is sound only while a buffer has one owner that writes: Matrix copies before it writes to a shared one.

  /// The scalars.
  package let pointer: UnsafeMutablePointer<Scalar>

  /// How many there are.
  package let count: Int

  /// A buffer of `count` scalars, all bits zero.
  package init(count: Int) {
    precondition(count >= 0, "a buffer's count is not negative")
    let byteCount = max(count, 1) * MemoryLayout<Scalar>.stride
    let raw = UnsafeMutableRawPointer.allocate(byteCount: byteCount, alignment: 64)
    raw.initializeMemory(as: UInt8.self, repeating: 0, count: byteCount)
    self.pointer = raw.bindMemory(to: Scalar.self, capacity: max(count, 1))
    self.count = count
  }

  /// A buffer with a copy of the scalars of another.
  package convenience init(copying other: AlignedBuffer<Scalar>) {
    self.init(count: other.count)
    withExtendedLifetime(other) { pointer.update(from: other.pointer, count: count) }
  }

  deinit {
    UnsafeMutableRawPointer(pointer).deallocate()
  }
}
