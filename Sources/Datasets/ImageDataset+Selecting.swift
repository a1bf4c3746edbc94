extension ImageDataset {
  /// The pixels of some of the images, `[indices.count, rowCount, columnCount]`, in the order of the indices.
  ///
  /// - Complexity: O(indices.count * featureCount).
  public func pixels(at indices: some Collection<Int>) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: indices.count * featureCount) { target, count in
      pixels.withUnsafeBufferPointer { source in
        guard var to = target.baseAddress, let from = source.baseAddress else { return }
        for index in indices {
          precondition(index >= 0 && index < self.count, "image out of range")
          to.update(from: from + index * featureCount, count: featureCount)
          to += featureCount
        }
      }
      count = indices.count * featureCount
    }
  }
}
