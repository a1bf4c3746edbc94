extension Range<Int> {
  /// One of the parts of so many elements that it consists of; the last one may have fewer.
  func part(_ part: Int, size: Int) -> Range {
    let start = lowerBound + part * size
    return start..<Swift.min(start + size, upperBound)
  }

  /// All of these parts.
  func parts(size: Int) -> some Sequence<Range<Int>> {
    (0..<(count + size - 1) / size).lazy.map { part($0, size: size) }
  }
}
