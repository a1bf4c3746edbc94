import NeuralNetwork
import RandomSources
import Testing

/// Lists of the scalars that are not 0, whole and in segments, against plain Swift.
@Suite struct SegmentedListsTests {
  /// Scalars of which a share are 0, some of them negative zeros.
  static func scalars<Scalar: KernelScalar>(
    _ count: Int, zeros share: Double, using source: inout SplittableRandomSource
  ) -> [Scalar] {
    source.scalars(count).map { source.uniform() < share ? (source.uniform() < 0.3 ? -0.0 : 0) : $0 }
  }

  @Test(
    "a list of scalars has those that are not 0, in order, and zeros up to a multiple of four",
    arguments: Array(0...40) + [63, 64, 65, 200, 1025])
  func list(_ count: Int) {
    func check<Scalar: KernelScalar>(_: Scalar.Type) {
      var source = SplittableRandomSource(seed: UInt64(count))
      for share in [0, 0.6, 1] {
        var row: [Scalar] = Self.scalars(count, zeros: share, using: &source)
        if count > 5 { row[5] = .nan }
        let expected = row.indices.filter { !(row[$0] == 0) }
        for set in InstructionSet.allCases where set.isAvailable {
          let workspace = Workspace()
          defer { withExtendedLifetime(workspace) {} }
          let lists = SparseLists<Scalar>(count: 1, length: count, in: workspace)
          lists.fill(0, from: workspace.rows(row + [7], stride: 0).start, count: count, BatchKernels(available: set))
          let list = lists[0]
          #expect(list.count == (expected.count + 3) / 4 * 4)
          #expect((0..<expected.count).map { Int(list.indices[$0]) } == expected, "\(set), \(count)")
          #expect(bits((0..<expected.count).map { list.values[$0] }) == bits(expected.map { row[$0] }))
          #expect((expected.count..<list.count).allSatisfy { list.values[$0] == 0 && list.indices[$0] == 0 })
        }
      }
    }
    check(Float.self)
    check(Double.self)
  }

  @Test(
    "combine over segments is the product of the listed rows and a matrix",
    arguments: [1, 15, 16, 17, 191, 192, 193, 400, 1000], [0.0, 0.7, 1])
  func combine(_ columnCount: Int, _ zeros: Double) {
    func check<Scalar: KernelScalar>(_: Scalar.Type) {
      let width = Scalar.panelWidth
      for usedCount in [columnCount, columnCount / 2] {
        var source = SplittableRandomSource(seed: UInt64(columnCount))
        let rows: [[Scalar]] = (0..<5).map { _ in Self.scalars(columnCount, zeros: zeros, using: &source) }
        let matrix: [Scalar] = source.scalars(columnCount * width)
        func expected(_ row: Int, _ column: Int) -> Expected {
          let terms = (0..<usedCount).map { (rows[row][$0], matrix[$0 * width + column]) }
          return BatchProductTests.sum(terms)
        }
        let all: [Expected] = (1..<4).flatMap { row in (0..<width).map { expected(row, $0) } }
        let results: [[Scalar]] = resultsInAllSets { kernels, workspace in
          let lists = SegmentedLists<Scalar>(rowCount: 5, columnCount: columnCount, width: width, in: workspace)
          // Filled twice: a batch leaves nothing behind for the next one. Two shares, the later one first: neither's lists
          // reach into the other's.
          for count in [columnCount, usedCount] {
            for share in [3..<5, 0..<3] {
              for row in share {
                lists.fill(
                  row, isNext: row > share.lowerBound, from: workspace.rows(rows[row], stride: 0).start, count: count,
                  kernels)
              }
            }
          }
          let out = workspace.untouchedRows(Scalar.self, rowCount: 3, stride: width)
          kernels.combine(
            lists, 1..<4,
            matrix: workspace.rows(matrix, stride: width), columnCount: width, into: out, width: width)
          return out.elements(rowCount: 3)
        }
        for result in results {
          #expect(deviation(of: result, from: all) == nil, "\(columnCount) columns, \(usedCount) used")
        }
      }
    }
    check(Float.self)
    check(Double.self)
  }

  @Test("rows lie an odd number of cache lines apart")
  func rows() {
    let workspace = Workspace()
    for columnCount in [1, 15, 16, 17, 32, 128, 1024] {
      let rows = workspace.allocateRows(Float.self, count: 3, columnCount: columnCount)
      #expect(rows.stride >= columnCount && rows.stride % 32 == 16)
    }
  }
}
