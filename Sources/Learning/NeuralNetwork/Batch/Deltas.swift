/// The deltas of what a layer of weights leads to, a row a sample; 0 behind the outputs. Only pointers: the memory belongs to a
/// workspace.
///
/// The gradient of weights takes them a group of panels after the other. Where nothing else reads them, the columns of a group
/// lie close together, and where a worker takes them right after it has written them, there is room for one group alone.
struct Deltas<Scalar: KernelScalar> {
  /// Panels that go through a batch together: as many columns as fit the registers.
  static var panelsPerGroup: Int { 2 }

  /// What lies where.
  enum Layout {
    /// All columns of a row together, `[rows, padded outputs]`.
    case rows
    /// Group after group, `[rows, group's columns]` each.
    case groups
    /// For each worker one group, or the part of one that falls to it, which it uses up before it writes the next one.
    case oneGroup(workerCount: Int)
  }

  private let start: UnsafeMutablePointer<Scalar>
  private let rowCount: Int
  private let panelCount: Int
  private let width: Int
  private let layout: Layout
  /// How far one worker's group is from the next one's.
  private let groupSize: Int

  init(of weights: WeightPanels<Scalar>, rowCount: Int, _ layout: Layout, in workspace: Workspace) {
    (panelCount, width) = (weights.panelCount, weights.width)
    (self.rowCount, self.layout) = (rowCount, layout)
    groupSize = rowCount * Self.panelsPerGroup * weights.width
    if case .oneGroup(let workerCount) = layout {
      start = workspace.allocate(count: workerCount * groupSize)
    } else {
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

  /// A panel's columns, of those panels that a worker takes together.
  func panel(_ panel: Int, of panels: Range<Int>, worker: Int) -> RowsPointer<Scalar> {
    switch layout {
    case .rows: return rows.from(row: 0, column: panel * width)
    case .groups:
      let first = panel / Self.panelsPerGroup * Self.panelsPerGroup
      let groupWidth = min(Self.panelsPerGroup, panelCount - first) * width
      return RowsPointer(start + first * width * rowCount + (panel - first) * width, stride: groupWidth)
    case .oneGroup:
      assert(panels.count <= Self.panelsPerGroup, "there is room for one group")
      return RowsPointer(
        start + worker * groupSize + (panel - panels.lowerBound) * width, stride: panels.count * width)
    }
  }
}
