import NeuralNetwork
import RandomSources
import Testing

/// Gradients by lists, and what goes back to the lists' elements, in one.
@Suite struct CombineAndDotTests {
  /// Rows of which one is empty and one full.
  static func rows<Scalar: KernelScalar>(
    _ count: Int, columnCount: Int, using source: inout SplittableRandomSource
  ) -> [[Scalar]] {
    (0..<count).map { row in
      SegmentedListsTests.scalars(columnCount, zeros: row == 3 ? 1 : row == 4 ? 0 : 0.5, using: &source)
    }
  }

  static func list<Scalar: KernelScalar>(
    _ rows: [[Scalar]], _ kernels: BatchKernels<Scalar>, in workspace: Workspace
  ) -> SegmentedLists<Scalar> {
    let width = 2 * Scalar.panelWidth
    let lists = SegmentedLists<Scalar>(
      rowCount: rows.count, columnCount: rows[0].count, width: width, in: workspace)
    for (row, scalars) in rows.enumerated() {
      lists.fill(
        row, isNext: row > 0, from: workspace.rows(scalars, stride: 0).start, count: scalars.count, kernels)
    }
    return lists
  }

  @Test(
    "the rows' products with a matrix, and those of their weights with the matrix's rows at their elements",
    arguments: [1, 16, 61, 96, 97, 250], [1, 2, 3])
  func bothInOne(_ sampleCount: Int, panelCount: Int) {
    func check<Scalar: KernelScalar>(_: Scalar.Type) {
      var source = SplittableRandomSource(seed: UInt64(sampleCount))
      let (rowCount, range, width) = (7, 2..<6, Scalar.panelWidth)
      let columnCount = panelCount * width
      let rows: [[Scalar]] = Self.rows(rowCount, columnCount: sampleCount, using: &source)
      let matrix: [Scalar] = source.scalars(sampleCount * columnCount)
      // Weights panel after panel, with a gap between the panels.
      let weightsPanelStride = rowCount * width + 16
      let weights: [Scalar] = source.scalars(panelCount * weightsPanelStride)
      func weight(_ row: Int, _ column: Int) -> Scalar {
        weights[column / width * weightsPanelStride + row * width + column % width]
      }

      let products = (0..<panelCount).flatMap { panel in
        range.flatMap { row in
          (panel * width..<(panel + 1) * width).map { column in
            BatchProductTests.sum((0..<sampleCount).map { (rows[row][$0], matrix[$0 * columnCount + column]) })
          }
        }
      }
      let dots = (0..<sampleCount).flatMap { sample in
        range.map { row in
          guard rows[row][sample] != 0 else { return Expected(value: 0, tolerance: 0) }
          var dot = BatchProductTests.sum(
            (0..<columnCount).map { (weight(row, $0), matrix[sample * columnCount + $0]) })
          // Each of two calls adds it.
          dot.value *= 2
          dot.tolerance *= 2
          return dot
        } + [Expected.untouched]
      }
      let results: [[Scalar]] = resultsInAllSets { kernels, workspace in
        let lists = Self.list(rows, kernels, in: workspace)
        let out = workspace.untouchedRows(Scalar.self, rowCount: panelCount * range.count, stride: width)
        let numbers = workspace.untouchedRows(Scalar.self, rowCount: 1, stride: lists.room).start
        let panels = workspace.rows(weights, stride: width)
        for isDotsOnto in [false, true] {
          kernels.combineAndDot(
            lists, range, weights: panels.from(row: range.lowerBound).start, weightsPanelStride: weightsPanelStride,
            dots: numbers, isDotsOnto: isDotsOnto, matrix: workspace.rows(matrix, stride: columnCount),
            columnCount: columnCount, into: out, panelStride: range.count * width, width: width)
        }
        let scattered = workspace.untouchedRows(Scalar.self, rowCount: sampleCount, stride: range.count + 1)
        kernels.scatter(numbers, of: lists, range, columnCount: sampleCount, into: scattered)
        return out.elements(rowCount: panelCount * range.count) + scattered.elements(rowCount: sampleCount)
      }
      for result in results { #expect(deviation(of: result, from: products + dots) == nil) }
    }
    check(Float.self)
    check(Double.self)
  }

  @Test("a row's results do not depend on the rows that go with it")
  func alone() {
    func check<Scalar: KernelScalar>(_: Scalar.Type) {
      var source = SplittableRandomSource(seed: 8)
      let (rowCount, sampleCount, width) = (9, 130, Scalar.panelWidth)
      let rows: [[Scalar]] = Self.rows(rowCount, columnCount: sampleCount, using: &source)
      let matrix: [Scalar] = source.scalars(sampleCount * 2 * width)
      let weights: [Scalar] = source.scalars(2 * rowCount * width)
      func results(atOnce: Int) -> [[Scalar]] {
        resultsInAllSets { kernels, workspace in
          let lists = Self.list(rows, kernels, in: workspace)
          let out = workspace.untouchedRows(Scalar.self, rowCount: 2 * rowCount, stride: width)
          let numbers = workspace.untouchedRows(Scalar.self, rowCount: 1, stride: lists.room).start
          let scattered = workspace.untouchedRows(
            Scalar.self, rowCount: sampleCount, stride: Scalar.paddedLength(rowCount + 20))
          let panels = workspace.rows(weights, stride: width)
          for start in stride(from: 0, to: rowCount, by: atOnce) {
            let range = start..<min(start + atOnce, rowCount)
            kernels.combineAndDot(
              lists, range, weights: panels.from(row: start).start, weightsPanelStride: rowCount * width,
              dots: numbers, isDotsOnto: false, matrix: workspace.rows(matrix, stride: 2 * width),
              columnCount: 2 * width, into: out.from(row: start), panelStride: rowCount * width, width: width)
            kernels.scatter(
              numbers, of: lists, range, columnCount: sampleCount, into: scattered.from(row: 0, column: start))
          }
          return out.elements(rowCount: 2 * rowCount) + scattered.elements(rowCount: sampleCount)
        }
      }
      let whole = results(atOnce: rowCount).map(bits)
      for atOnce in [1, 2, 4] { #expect(results(atOnce: atOnce).map(bits) == whole) }
    }
    check(Float.self)
    check(Double.self)
  }

  @Test("what belongs to the elements of rows goes to the rows' columns", arguments: [5, 16, 40])
  func scatter(_ rowCount: Int) {
    func check<Scalar: KernelScalar>(_: Scalar.Type) {
      var source = SplittableRandomSource(seed: UInt64(rowCount))
      let (sampleCount, width, stride) = (210, Scalar.panelWidth, Scalar.paddedLength(rowCount))
      let rows: [[Scalar]] = Self.rows(rowCount, columnCount: sampleCount, using: &source)
      // The dot products are (row + 1) * (sample + 1), as only the first column counts.
      func firsts(_ count: Int) -> [Scalar] {
        (0..<count).flatMap { [Scalar($0 + 1)] + [Scalar](repeating: 0, count: width - 1) }
      }
      let expected: [Scalar] = (0..<sampleCount).flatMap { sample in
        (0..<stride).map { row in
          guard row < rowCount else { return Scalar(untouched) }
          return rows[row][sample] == 0 ? 0 : Scalar((row + 1) * (sample + 1))
        }
      }
      let results: [[Scalar]] = resultsInAllSets { kernels, workspace in
        let lists = Self.list(rows, kernels, in: workspace)
        let gradients = workspace.untouchedRows(Scalar.self, rowCount: rowCount, stride: width)
        let numbers = workspace.untouchedRows(Scalar.self, rowCount: 1, stride: lists.room).start
        kernels.combineAndDot(
          lists, 0..<rowCount, weights: workspace.rows(firsts(rowCount), stride: width).start, weightsPanelStride: 0,
          dots: numbers, isDotsOnto: false, matrix: workspace.rows(firsts(sampleCount), stride: width),
          columnCount: width, into: gradients, panelStride: 0, width: width)
        let out = workspace.untouchedRows(Scalar.self, rowCount: sampleCount, stride: stride)
        kernels.scatter(numbers, of: lists, 0..<rowCount, columnCount: sampleCount, into: out)
        return out.elements(rowCount: sampleCount)
      }
      for result in results { #expect(result == expected) }
    }
    check(Float.self)
    check(Double.self)
  }
}
