import NeuralNetwork
import RandomSources
import Testing

/// Products of lists with matrices, against plain Swift.
@Suite struct CombineTests {
  /// Lists of bytes over 255, each of a matrix's rows.
  struct Input<Scalar: KernelScalar> {
    let bytes: [[UInt8]]
    let matrix: [Scalar]
    let start: [Scalar]
    let columnCount: Int
    let width: Int
    let hasStart: Bool

    var rowCount: Int { bytes[0].count }

    /// Lists in memory.
    func lists(_ kernels: BatchKernels<Scalar>, in workspace: Workspace) -> ByteLists<Scalar> {
      let values = (0...255).map { Double($0) / 255 }
      let scale = values.withUnsafeBufferPointer { ByteScale<Scalar>($0.baseAddress!, blank: 0, in: workspace) }
      let lists = ByteLists(count: bytes.count, length: rowCount, scale: scale, in: workspace)
      for (list, bytes) in bytes.enumerated() {
        lists.fill(list, from: bytes, count: bytes.count, kernels)
      }
      return lists
    }

    /// The panels that a range of lists comes to, so many lists at a time: first all rows of the first panel.
    func combined(_ range: Range<Int>, atOnce: Int) -> [[Scalar]] {
      resultsInAllSets { kernels, workspace in
        let lists = lists(kernels, in: workspace)
        let panelCount = columnCount / width
        let out = workspace.untouchedRows(Scalar.self, rowCount: panelCount * (range.count + 1), stride: width)
        for first in stride(from: range.lowerBound, to: range.upperBound, by: atOnce) {
          kernels.combine(
            lists, first..<min(first + atOnce, range.upperBound),
            start: hasStart ? UnsafePointer(workspace.rows(start, stride: 0).start) : nil,
            matrix: workspace.rows(matrix, stride: columnCount), columnCount: columnCount,
            into: out.from(row: first - range.lowerBound), panelStride: (range.count + 1) * width, width: width)
        }
        return out.elements(rowCount: panelCount * (range.count + 1))
      }
    }

    /// The same by plain sums; a row behind each panel's last one stays as it was.
    func expected(_ range: Range<Int>) -> [Expected] {
      (0..<columnCount / width).flatMap { panel in
        range.flatMap { list in
          (0..<width).map { place in
            let column = panel * width + place
            let terms = (0..<rowCount).map { row in
              (Scalar(Double(bytes[list][row]) / 255), matrix[row * columnCount + column])
            }
            return BatchProductTests.sum(terms, start: hasStart ? start[column] : 0)
          }
        } + [Expected](repeating: .untouched, count: width)
      }
    }
  }

  static func input<Scalar: KernelScalar>(
    rowCount: Int, panelCount: Int, width: Int, blankShare: Double, hasStart: Bool, _: Scalar.Type
  ) -> Input<Scalar> {
    var source = SplittableRandomSource(seed: UInt64(rowCount))
    return Input(
      bytes: (0..<9).map { _ in source.bytes(rowCount, blank: 0, share: blankShare) },
      matrix: source.scalars(rowCount * panelCount * width), start: source.scalars(panelCount * width),
      columnCount: panelCount * width, width: width, hasStart: hasStart)
  }

  @Test(
    "combine is the sum of a matrix's rows at the lists' indices times their values, behind a start",
    arguments: [1, 2, 3, 4, 5, 6, 7, 8, 31, 130], [0, 0.8, 1])
  func combine(_ rowCount: Int, _ blankShare: Double) {
    func check<Scalar: KernelScalar>(_: Scalar.Type) {
      for panelCount in 1...3 {
        for width in [Scalar.panelWidth / 2, Scalar.panelWidth] {
          for hasStart in [false, true] {
            let input = Self.input(
              rowCount: rowCount, panelCount: panelCount, width: width, blankShare: blankShare, hasStart: hasStart,
              Scalar.self)
            for range in [0..<9, 3..<5, 4..<4] {
              let expected = input.expected(range)
              for result in input.combined(range, atOnce: 9) {
                #expect(deviation(of: result, from: expected) == nil, "\(panelCount) of \(width), \(range)")
              }
            }
          }
        }
      }
    }
    check(Float.self)
    check(Double.self)
  }

  @Test("combine gives a list the same bits alone and among others, and a panel alone and beside others")
  func alone() {
    func check<Scalar: KernelScalar>(_: Scalar.Type) {
      for hasStart in [false, true] {
        let width = Scalar.panelWidth
        let input = Self.input(
          rowCount: 130, panelCount: 3, width: width, blankShare: 0.7, hasStart: hasStart, Scalar.self)
        let whole = input.combined(0..<9, atOnce: 9).map(bits)
        for atOnce in [1, 2, 4] { #expect(input.combined(0..<9, atOnce: atOnce).map(bits) == whole) }
        let panels = (0..<3).map { panel in
          func columns(_ elements: [Scalar]) -> [Scalar] {
            elements.indices.filter { $0 % input.columnCount / width == panel }.map { elements[$0] }
          }
          return Input(
            bytes: input.bytes, matrix: columns(input.matrix), start: columns(input.start), columnCount: width,
            width: width, hasStart: hasStart
          ).combined(0..<9, atOnce: 9)
        }
        #expect(whole.indices.map { set in bits(panels.flatMap { $0[set] }) } == whole)
      }
    }
    check(Float.self)
    check(Double.self)
  }
}
