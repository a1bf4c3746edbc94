internal import Matrices

/// A weight matrix `[inputCount, outputCount]` as the batch kernels read it: in panels, strips of columns, each row after
/// row without gaps. Columns behind the last output are 0. Only pointers: the memory belongs to a workspace.
struct WeightPanels<Scalar: KernelScalar> {
  let inputCount: Int
  let outputCount: Int
  /// The columns of a panel.
  let width: Int
  let panelCount: Int
  private let start: UnsafeMutablePointer<Scalar>

  /// Panels of zeros.
  init(inputCount: Int, outputCount: Int, in workspace: Workspace) {
    self.inputCount = inputCount
    self.outputCount = outputCount
    width = Self.width(of: outputCount)
    panelCount = Self.panelCount(of: outputCount)
    start = workspace.allocate(count: panelCount * inputCount * width)
  }

  private static func width(of outputCount: Int) -> Int { min(Scalar.panelWidth, Scalar.paddedLength(outputCount)) }

  /// The panels that weights into so many outputs have.
  static func panelCount(of outputCount: Int) -> Int {
    (outputCount + width(of: outputCount) - 1) / width(of: outputCount)
  }

  init(_ matrix: Matrix<Double>, in workspace: Workspace) {
    self.init(inputCount: matrix.rowCount, outputCount: matrix.columnCount, in: workspace)
    matrix.withUnsafeElements { elements in
      // Row by row: what lies in one stretch comes from memory faster.
      for row in 0..<inputCount {
        for panel in 0..<panelCount {
          let columns = panel * width..<min((panel + 1) * width, outputCount)
          let to = self[panel] + row * width
          let from = elements.baseAddress! + row * outputCount + columns.lowerBound
          for column in 0..<columns.count { to[column] = Scalar(from[column]) }
        }
      }
    }
  }

  /// A panel, `[inputCount, width]`.
  subscript(panel: Int) -> UnsafeMutablePointer<Scalar> { start + panel * panelStride }

  /// How far one panel is from the next.
  var panelStride: Int { inputCount * width }

  /// The outputs with the columns that fill the last panel.
  var paddedOutputCount: Int { panelCount * width }

  /// The weights as they are now.
  var matrix: Matrix<Double> {
    var matrix = Matrix<Double>(rowCount: inputCount, columnCount: outputCount)
    matrix.withUnsafeMutableElements { elements in
      for row in 0..<inputCount {
        for panel in 0..<panelCount {
          let columns = panel * width..<min((panel + 1) * width, outputCount)
          let from = self[panel] + row * width
          let to = elements.baseAddress! + row * outputCount + columns.lowerBound
          for column in 0..<columns.count { to[column] = Double(from[column]) }
        }
      }
    }
    return matrix
  }
}
