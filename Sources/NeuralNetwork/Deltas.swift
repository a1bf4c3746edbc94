internal import Matrices

/// The deltas of what a layer of weights leads to, `[rows, padded outputs]`; 0 behind the outputs. Only pointers: the memory
/// belongs to a workspace.
///
/// The gradient of weights takes them a group of panels after the other. Where nothing else reads them, the columns of a group
/// lie close together; otherwise a row has all of them.
struct Deltas<Scalar: KernelScalar> {
  /// Panels that go through a batch together: as many columns as fit the registers.
  static var panelsPerGroup: Int { 2 }

  private let start: UnsafeMutablePointer<Scalar>
  private let rowCount: Int
  private let panelCount: Int
  private let width: Int
  private let isGrouped: Bool

  init(of weights: WeightPanels<Scalar>, rowCount: Int, isGrouped: Bool, in workspace: Workspace) {
    (panelCount, width) = (weights.panelCount, weights.width)
    (self.rowCount, self.isGrouped) = (rowCount, isGrouped)
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
    precondition(!isGrouped, "the deltas are in groups")
    return RowsPointer(start, stride: panelCount * width)
  }

  /// A panel's columns.
  func panel(_ panel: Int) -> RowsPointer<Scalar> {
    guard isGrouped else { return rows.from(row: 0, column: panel * width) }
    let first = panel / Self.panelsPerGroup * Self.panelsPerGroup
    let groupWidth = min(Self.panelsPerGroup, panelCount - first) * width
    return RowsPointer(start + first * width * rowCount + (panel - first) * width, stride: groupWidth)
  }
}
