import NeuralNetwork
import RandomSources
import Testing

/// Dropout.
@Suite struct DropTests {
  /// What is left of rows of ones, and by what they were multiplied, dropped in rectangles of some size.
  static func dropped<Scalar: KernelScalar>(
    _ share: Double, key: UInt64 = 42, rowCount: Int = 60, columnCount: Int = 67, rowsAtOnce: Int = 60,
    columnsAtOnce: Int = 67, _: Scalar.Type
  ) -> (values: [Scalar], kept: [Scalar]) {
    var kept: [[Scalar]] = []
    let stride = columnCount + 5
    let values = resultsInAllSets { kernels, workspace in
      let values = workspace.untouchedRows(Scalar.self, rowCount: rowCount, stride: stride)
      let factors = workspace.untouchedRows(Scalar.self, rowCount: rowCount, stride: stride)
      for row in 0..<rowCount { values.from(row: row).start.update(repeating: 3, count: columnCount) }
      for row in Swift.stride(from: 0, to: rowCount, by: rowsAtOnce) {
        for column in Swift.stride(from: 0, to: columnCount, by: columnsAtOnce) {
          kernels.drop(
            share, of: values.from(row: row, column: column), kept: factors.from(row: row, column: column), key: key,
            firstRow: row, firstColumn: column, rowCount: min(rowsAtOnce, rowCount - row),
            columnCount: min(columnsAtOnce, columnCount - column))
        }
      }
      kept.append(factors.elements(rowCount: rowCount))
      return values.elements(rowCount: rowCount)
    }
    // No rounding hangs on the instructions here.
    #expect(values.allSatisfy { $0 == values[0] } && kept.allSatisfy { $0 == kept[0] })
    return (values[0], kept[0])
  }

  @Test("about the share asked for is dropped, and what is kept is scaled", arguments: [0, 0.1, 0.5, 0.9])
  func share(_ share: Double) {
    func check<Scalar: KernelScalar>(_: Scalar.Type) {
      let (rowCount, columnCount) = (400, 67)
      let (values, kept) = Self.dropped(
        share, rowCount: rowCount, columnCount: columnCount, rowsAtOnce: rowCount, Scalar.self)
      let scale = Scalar(1 / (1 - share))
      let isRight = values.indices.map { place in
        if place % (columnCount + 5) >= columnCount {
          return values[place] == Scalar(untouched) && kept[place] == Scalar(untouched)
        }
        return (kept[place] == 0 || kept[place] == scale) && values[place] == 3 * kept[place]
      }
      #expect(isRight.allSatisfy { $0 })
      let droppedCount = kept.count { $0 == 0 }
      // Within five standard deviations.
      let count = Double(rowCount * columnCount)
      #expect(abs(Double(droppedCount) - share * count) <= 5 * (count * share * (1 - share)).squareRoot())
    }
    check(Float.self)
    check(Double.self)
  }

  @Test("what is dropped hangs on a place alone, not on the rectangle, the instructions or the precision")
  func places() {
    let whole = Self.dropped(0.4, Double.self)
    for (rowsAtOnce, columnsAtOnce) in [(1, 67), (7, 16), (60, 1), (13, 32)] {
      let pieces = Self.dropped(0.4, rowsAtOnce: rowsAtOnce, columnsAtOnce: columnsAtOnce, Double.self)
      #expect(pieces == whole)
    }
    let float32 = Self.dropped(0.4, Float.self)
    #expect(float32.kept.map { $0 == 0 } == whole.kept.map { $0 == 0 })
  }

  @Test("another key drops others; so do another row and another column")
  func keys() {
    /// Which of the first rows and columns were dropped, as rows.
    func mask(_ key: UInt64) -> [[Bool]] {
      let kept = Self.dropped(0.5, key: key, Double.self).kept
      return (0..<60).map { row in (0..<67).map { kept[row * 72 + $0] == 0 } }
    }
    /// The share of places that are dropped in both or in neither: half, if they have nothing to do with each other.
    func agreement(_ a: [[Bool]], _ b: [[Bool]]) -> Double {
      let equal = zip(a, b).map { zip($0, $1).count { $0 == $1 } }.reduce(0, +)
      return Double(equal) / Double(a.map(\.count).reduce(0, +))
    }
    let one = mask(42)
    #expect(abs(agreement(one, mask(43)) - 0.5) < 0.05)
    #expect(abs(agreement(Array(one.dropFirst()), Array(one.dropLast())) - 0.5) < 0.05)
    #expect(abs(agreement(one.map { Array($0.dropFirst()) }, one.map { Array($0.dropLast()) }) - 0.5) < 0.05)
  }
}
