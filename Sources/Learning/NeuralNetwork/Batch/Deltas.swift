/// The deltas of what a layer of weights leads to, a row a sample; 0 behind the outputs. Only pointers: the memory belongs to a
/// workspace.
///
/// The gradient of weights takes them a group of panels after the other. Where nothing else reads them, the columns of a group
/// lie close together.
struct Deltas<Scalar: KernelScalar> {
  /// Panels that go through a batch together: as many columns as fit the registers.
  static var panelsPerGroup: Int { 2 }

  /// What lies where.
  enum Layout {
    /// All columns of a row together, `[rows, padded outputs]`.
    case rows
    /// Group after group, `[rows, group's columns]` each.
    case groups
  }

  private let start: UnsafeMutablePointer<Scalar>
  private let rowCount: Int
  private let panelCount: Int
  private let width: Int
  private let layout: Layout

  init(of weights: WeightPanels<Scalar>, rowCount: Int, _ layout: Layout, in workspace: Workspace) {
    (panelCount, width) = (weights.panelCount, weights.width)
    (self.rowCount, self.layout) = (rowCount, layout)
    start = workspace.allocate(count: rowCount * weights.paddedOutputCount)
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

  /// A panel's columns.
  func panel(_ panel: Int) -> RowsPointer<Scalar> {
    switch layout {
    case .rows: return rows.from(row: 0, column: panel * width)
    case .groups:
      let first = panel / Self.panelsPerGroup * Self.panelsPerGroup
      let groupWidth = min(Self.panelsPerGroup, panelCount - first) * width
      return RowsPointer(start + first * width * rowCount + (panel - first) * width, stride: groupWidth)
    }
  }
}
