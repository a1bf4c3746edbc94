extension ImageDataset {
  /// Returns a different name for each of some classes: the set's own names, and numbers for classes beyond them, because
  /// a folder's labels only tell how many classes there are at least.
  ///
  /// A number that is the name of another class already has `class` before it.
  public func classNames(count: Int) -> [String] {
    var names = Array(classNames.prefix(count))
    var taken = Set(names)
    for number in names.count..<max(count, names.count) {
      var name = String(number)
      while !taken.insert(name).inserted { name = "class " + name }
      names.append(name)
    }
    return names
  }
}
