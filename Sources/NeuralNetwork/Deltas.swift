internal import Matrices

/// The deltas of what a layer of weights leads to, `[rows, padded outputs]`; 0 behind the outputs. Only pointers: the memory
/// belongs to a workspace.
///
/// The gradient of weights takes them a group of panels after the other. Where nothing else reads them, the columns of a group
/// lie close together; otherwise a row has all of them.
struct Deltas<Scalar: KernelScalar> {
  /// Panels that go through a batch together: as many columns as fit the registers.
  static var panelsPerGroup: Int { 2 }

  /// What lies where.
  enum Layout {
    /// All columns of a row together.
    case rows
    /// The columns of a group of a row together.
    case groups
    /// The same, but there is room for one group in each of some copies, which is used up before the next one is written.
    case oneGroup(copyCount: Int)
  }

  private let start: UnsafeMutablePointer<Scalar>
  private let rowCount: Int
  private let panelCount: Int
  private let width: Int
  private let layout: Layout
  /// How far one copy is from the next.
  private let copySize: Int

  init(of weights: WeightPanels<Scalar>, rowCount: Int, _ layout: Layout, in workspace: Workspace) {
    (panelCount, width) = (weights.panelCount, weights.width)
    (self.rowCount, self.layout) = (rowCount, layout)
    if case .oneGroup(let copyCount) = layout {
      copySize = rowCount * Self.panelsPerGroup * weights.width
      start = workspace.allocate(count: copyCount * copySize)
    } else {
      copySize = 0
      start = workspace.allocate(count: rowCount * weights.paddedOutputCount)
    }
  }

  /// The groups of some panels; the first and the last one may be parts of groups.
  static func groups(of panels: Range<Int>) -> some Sequence<Range<Int>> {
    let size = panelsPerGroup
    return (panels.lowerBound / size..<(panels.upperBound + size - 1) / size).lazy.map {
      ($0 * size..<($0 + 1) * size).clamped(to: panels)
    }
  }

  /// All columns.
  ///
  /// - Precondition: they are not in groups.
  var rows: RowsPointer<Scalar> {
    guard case .rows = layout else { preconditionFailure("the deltas are in groups") }
    return RowsPointer(start, stride: panelCount * width)
  }

  /// A panel's columns, in one of the copies.
  func panel(_ panel: Int, copy: Int = 0) -> RowsPointer<Scalar> {
    let first = panel / Self.panelsPerGroup * Self.panelsPerGroup
    let group: UnsafeMutablePointer<Scalar>
    switch layout {
    case .rows: return rows.from(row: 0, column: panel * width)
    case .groups: group = start + first * width * rowCount
    case .oneGroup: group = start + copy * copySize
    }
    let groupWidth = min(Self.panelsPerGroup, panelCount - first) * width
    return RowsPointer(group + (panel - first) * width, stride: groupWidth)
  }
}
