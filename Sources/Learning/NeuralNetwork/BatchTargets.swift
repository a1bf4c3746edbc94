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

  /// Puts samples' targets in some places. Returns them as the kernels take them.
  func put(
    _ targets: Targets, of samples: some RandomAccessCollection<Int>, at places: Range<Int>
  ) -> KernelTargets<Scalar> {
    for (place, sample) in zip(places, samples) {
      if targets.areClasses {
        classes[place] = targets.class(of: sample)
      } else {
        targets.write(sample, to: rows.from(row: place).start)
      }
    }
    let first = places.lowerBound
    return targets.areClasses ? .classes(UnsafePointer(classes + first)) : .rows(rows.from(row: first))
  }

  /// Targets of 0, where none have been put.
  var zeros: KernelTargets<Scalar> { .rows(rows) }
}
