import CKernels
import NeuralNetwork
import RandomSources
import Testing

/// Products with panels, and transposing, against plain Swift.
@Suite struct BatchProductTests {
  /// The sum of products, and how far rounding may carry a sum of so many of them.
  static func sum<Scalar: KernelScalar>(_ terms: [(Scalar, Scalar)], start: Scalar = 0) -> Expected {
    var (sum, magnitude) = (Double(start), abs(Double(start)))
    for (a, b) in terms {
      sum += Double(a) * Double(b)
      magnitude += abs(Double(a) * Double(b))
    }
    return Expected(value: sum, tolerance: magnitude * Double(Scalar.ulpOfOne) * Double(terms.count + 2))
  }

  @Test("a panel is as wide as the kernels say, and rows are padded to cache lines")
  func widths() {
    #expect(Float.panelWidth * MemoryLayout<Float>.stride == MNIST_PANEL_BYTES)
    #expect(Double.panelWidth * MemoryLayout<Double>.stride == MNIST_PANEL_BYTES)
    #expect([0, 1, 16, 17, 33].map(Float.paddedLength) == [0, 16, 16, 32, 48])
    #expect([0, 1, 8, 9, 17].map(Double.paddedLength) == [0, 8, 8, 16, 24])
  }

  @Test("multiply is the product of rows, or of columns, with a panel", arguments: 1...30)
  func multiply(_ rowCount: Int) {
    func check<Scalar: KernelScalar>(_: Scalar.Type) {
      var source = SplittableRandomSource(seed: UInt64(rowCount))
      for depth in [0, 1, 7, 130] {
        for (width, panelStride) in [
          (Scalar.panelWidth, nil), (Scalar.panelWidth / 2, nil), (Scalar.panelWidth, 2 * Scalar.panelWidth),
        ] {
          for isTransposed in [false, true] {
            // The other matrix may begin anywhere.
            let (offset, stride) = (3, (isTransposed ? rowCount : depth) + 5)
            let a: [Scalar] = source.scalars((isTransposed ? depth : rowCount) * stride + offset + 1)
            let panel: [Scalar] = source.scalars(depth * (panelStride ?? width))
            var expected = [Expected](repeating: .untouched, count: (rowCount + 1) * 2 * width)
            for row in 0..<rowCount {
              for column in 0..<width {
                let terms = (0..<depth).map { k in
                  let place = offset + (isTransposed ? k * stride + row : row * stride + k)
                  return (a[place], panel[k * (panelStride ?? width) + column])
                }
                expected[row * 2 * width + column] = Self.sum(terms)
              }
            }
            let results = resultsInAllSets { kernels, workspace in
              let out = workspace.untouchedRows(Scalar.self, rowCount: rowCount + 1, stride: 2 * width)
              kernels.multiply(
                workspace.rows(a, stride: stride).from(row: 0, column: offset), isTransposed: isTransposed,
                panel: workspace.rows(panel, stride: width).start, panelStride: panelStride, width: width,
                rowCount: rowCount, depth: depth, into: out)
              return out.elements(rowCount: rowCount + 1)
            }
            for result in results {
              #expect(deviation(of: result, from: expected) == nil, "depth \(depth), width \(width), \(isTransposed)")
            }
          }
        }
      }
    }
    check(Float.self)
    check(Double.self)
  }

  @Test("multiply gives a row the same bits alone and among others, and half a panel those of the whole")
  func multiplyAlone() {
    func check<Scalar: KernelScalar>(_: Scalar.Type) {
      var source = SplittableRandomSource(seed: 3)
      let (rowCount, depth, width) = (29, 37, Scalar.panelWidth)
      let a: [Scalar] = source.scalars(rowCount * depth)
      let panel: [Scalar] = source.scalars(depth * width)
      /// The product, so many rows and columns at a time.
      func product(_ rowsAtOnce: Int, _ columnsAtOnce: Int) -> [[Scalar]] {
        resultsInAllSets { kernels, workspace in
          let a = workspace.rows(a, stride: depth)
          let panel = workspace.rows(panel, stride: width)
          let out = workspace.untouchedRows(Scalar.self, rowCount: rowCount, stride: width)
          for row in stride(from: 0, to: rowCount, by: rowsAtOnce) {
            for column in stride(from: 0, to: width, by: columnsAtOnce) {
              kernels.multiply(
                a.from(row: row), panel: panel.start + column, panelStride: width, width: columnsAtOnce,
                rowCount: min(rowsAtOnce, rowCount - row), depth: depth, into: out.from(row: row, column: column))
            }
          }
          return out.elements(rowCount: rowCount)
        }
      }
      let whole = product(rowCount, width).map(bits)
      for rowsAtOnce in [1, 2, 3, 5, 7, 12, 16] {
        #expect(product(rowsAtOnce, width).map(bits) == whole)
        #expect(product(rowsAtOnce, width / 2).map(bits) == whole)
      }
    }
    check(Float.self)
    check(Double.self)
  }

  @Test("multiply reads the same row again where rows lie 0 apart")
  func multiplySameRow() {
    func check<Scalar: KernelScalar>(_: Scalar.Type) {
      var source = SplittableRandomSource(seed: 4)
      let panel: [Scalar] = source.scalars(9 * Scalar.panelWidth)
      let results = resultsInAllSets { kernels, workspace in
        let out = workspace.untouchedRows(Scalar.self, rowCount: 7, stride: Scalar.panelWidth)
        kernels.multiply(
          workspace.rows([Scalar](repeating: 1, count: 9), stride: 0),
          panel: workspace.rows(panel, stride: Scalar.panelWidth).start, width: Scalar.panelWidth, rowCount: 7,
          depth: 9, into: out)
        return out.elements(rowCount: 7)
      }
      let expected = (0..<7 * Scalar.panelWidth).map { place in
        Self.sum((0..<9).map { (Scalar(1), panel[$0 * Scalar.panelWidth + place % Scalar.panelWidth]) })
      }
      for result in results { #expect(deviation(of: result, from: expected) == nil) }
    }
    check(Float.self)
    check(Double.self)
  }

  @Test("transpose turns rows into columns, whatever the edges", arguments: [1, 2, 3, 4, 5, 8, 11, 16, 19, 32])
  func transpose(_ rowCount: Int) {
    func check<Scalar: KernelScalar>(_: Scalar.Type) {
      var source = SplittableRandomSource(seed: UInt64(rowCount))
      for columnCount in [1, 2, 3, 4, 5, 7, 9, 16, 18, 32] {
        let (stride, outStride) = (columnCount + 2, rowCount + 3)
        let matrix: [Scalar] = source.scalars(rowCount * stride)
        var expected = [Scalar](repeating: Scalar(untouched), count: (columnCount + 1) * outStride)
        for row in 0..<rowCount {
          for column in 0..<columnCount { expected[column * outStride + row] = matrix[row * stride + column] }
        }
        let results = resultsInAllSets { kernels, workspace in
          let out = workspace.untouchedRows(Scalar.self, rowCount: columnCount + 1, stride: outStride)
          kernels.transpose(
            workspace.rows(matrix, stride: stride), rowCount: rowCount, columnCount: columnCount, into: out)
          return out.elements(rowCount: columnCount + 1)
        }
        for result in results { #expect(result == expected) }
      }
    }
    check(Float.self)
    check(Double.self)
  }

  @Test("transposeBytes turns rows into columns", arguments: [16, 32, 48, 128], [16, 48])
  func transposeBytes(_ rowCount: Int, _ columnCount: Int) {
    var source = SplittableRandomSource(seed: 5)
    let (length, stride, firstColumn) = (columnCount + 21, rowCount + 5, 13)
    var bytes = source.bytes(rowCount * length, blank: 0, share: 0)
    var expected = [UInt8](repeating: 99, count: columnCount * stride)
    for row in 0..<rowCount {
      for column in 0..<columnCount {
        expected[column * stride + row] = bytes[row * length + firstColumn + column]
      }
    }
    func check<Scalar: KernelScalar>(_: Scalar.Type) {
      for set in InstructionSet.allCases where set.isAvailable {
        var out = [UInt8](repeating: 99, count: columnCount * stride)
        bytes.withUnsafeMutableBufferPointer { bytes in
          out.withUnsafeMutableBufferPointer { out in
            BatchKernels<Scalar>(available: set).transposeBytes(
              RowsPointer(bytes.baseAddress! + firstColumn, stride: length), rowCount: rowCount,
              columnCount: columnCount, into: RowsPointer(out.baseAddress!, stride: stride))
          }
        }
        #expect(out == expected, "\(set)")
      }
    }
    check(Float.self)
    check(Double.self)
  }

  @Test("sumPanels adds up panels in their order", arguments: [1, 2, 3, 5])
  func sumPanels(_ panelCount: Int) {
    func check<Scalar: KernelScalar>(_: Scalar.Type) {
      var source = SplittableRandomSource(seed: 6)
      for (rowCount, columnCount, gap) in [
        (1, Scalar.panelWidth, 0), (7, Scalar.panelWidth / 2, 0), (3, 3 * Scalar.panelWidth, Scalar.panelWidth),
      ] {
        let panelStride = columnCount + gap
        let (stride, outStride) = (panelCount * panelStride + Scalar.panelWidth, columnCount + Scalar.panelWidth)
        let parts: [Scalar] = source.scalars(rowCount * stride)
        for isActivated in [false, true] {
          var expected = [Scalar](repeating: Scalar(untouched), count: rowCount * outStride)
          for row in 0..<rowCount {
            for column in 0..<columnCount {
              let terms = (0..<panelCount).map { parts[row * stride + $0 * panelStride + column] }
              let sum = terms.dropFirst().reduce(terms[0], +)
              expected[row * outStride + column] = isActivated ? max(sum, 0) : sum
            }
          }
          let results = resultsInAllSets { kernels, workspace in
            let out = workspace.untouchedRows(Scalar.self, rowCount: rowCount, stride: outStride)
            kernels.sumPanels(
              workspace.rows(parts, stride: stride), panelCount: panelCount, panelStride: panelStride,
              activation: isActivated ? .relu : nil, rowCount: rowCount, columnCount: columnCount, into: out)
            return out.elements(rowCount: rowCount)
          }
          for result in results { #expect(result == expected) }
        }
      }
    }
    check(Float.self)
    check(Double.self)
  }
}
