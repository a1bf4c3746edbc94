extension ImageDataset {
  /// A name for each of some classes: the set's own, and numbers beyond them, as a folder's labels only tell how many
  /// classes there are at least.
  public func classNames(count: Int) -> [String] {
    Array(classNames.prefix(count)) + (min(classCount, count)..<count).map(String.init)
  }
}
