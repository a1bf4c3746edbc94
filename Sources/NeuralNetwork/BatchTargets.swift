internal import Matrices

/// What is wanted of the outputs for some samples, in a row of places as the kernels read it. Only pointers.
struct BatchTargets<Scalar: KernelScalar> {
  /// For targets that are numbers, `[capacity, padded outputs]`; all 0 at first.
  private let rows: RowsPointer<Scalar>
  /// For those that are classes, `[capacity]`.
  private let classes: UnsafeMutablePointer<UInt16>

  init(capacity: Int, outputCount: Int, in workspace: Workspace) {
    rows = workspace.allocateRows(count: capacity, columnCount: outputCount)
    classes = workspace.allocate(count: capacity)
  }

  /// Puts a sample's targets in a place.
  func set(_ place: Int, to sample: Int, of targets: Targets) {
    if targets.areClasses {
      classes[place] = targets.class(of: sample)
    } else {
      targets.write(sample, to: rows.from(row: place).start)
    }
  }

  /// Those from a place on, which were set from targets that are classes or are not.
  func from(_ place: Int, areClasses: Bool) -> KernelTargets<Scalar> {
    areClasses ? .classes(UnsafePointer(classes + place)) : .rows(rows.from(row: place))
  }
}
