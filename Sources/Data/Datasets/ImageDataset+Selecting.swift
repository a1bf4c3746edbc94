internal import Pixels

extension ImageDataset {
  /// The pixels of some of the images, `[indices.count, rowCount, columnCount]`, in the order of the indices.
  ///
  /// - Complexity: O(indices.count * featureCount).
  public func pixels(at indices: some Collection<Int>) -> [UInt8] {
    guard !indices.isEmpty else { return [] }
    return [UInt8](unsafeUninitializedCapacity: indices.count * featureCount) { target, count in
      pixels.withUnsafeRows(of: featureCount) { rows in
        guard var to = target.baseAddress else { return }
        for index in indices {
          precondition(index >= 0 && index < self.count, "image out of range")
          to.initialize(from: rows[index], count: featureCount)
          to += featureCount
        }
      }
      count = indices.count * featureCount
    }
  }
}
