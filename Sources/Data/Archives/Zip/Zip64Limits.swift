/// From where on numbers are written as zip64 fields. The defaults are the format's; the values themselves stand for
/// "see the zip64 field".
package struct Zip64Limits {
  package var size = Int(Sentinel.size)
  package var count = Int(Sentinel.count)

  package init() {}

  /// Whether an entry may come to need 64 bits for its size or, deflated, its compressed size, which for noise is a
  /// little larger: by less than a part in 32, the most for which zlib allows.
  func needsLargeSizes(_ byteCount: Int) -> Bool {
    byteCount >= size - size / 32 - 64
  }
}
