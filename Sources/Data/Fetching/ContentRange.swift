/// The header field `Content-Range` of a partial answer (RFC 9110, section 14.4): `bytes 500-999/1000`.
package struct ContentRange: Equatable {
  /// The first byte's place.
  package let first: Int
  /// The last byte's place.
  package let last: Int
  /// The whole resource's size; nil for `*`.
  package let total: Int?

  /// Reads a field; nil where it is none of a range that can be.
  package init?(_ field: String) {
    let parts = field.split(separator: " ", omittingEmptySubsequences: true)
    guard parts.count == 2, parts[0].lowercased() == "bytes" else { return nil }
    let halves = parts[1].split(separator: "/", omittingEmptySubsequences: false)
    guard halves.count == 2 else { return nil }
    let ends = halves[0].split(separator: "-", omittingEmptySubsequences: false)
    guard ends.count == 2, let first = Self.number(ends[0]), let last = Self.number(ends[1]), first <= last else {
      return nil
    }
    if halves[1] == "*" {
      total = nil
    } else {
      guard let total = Self.number(halves[1]), last < total else { return nil }
      self.total = total
    }
    self.first = first
    self.last = last
  }

  /// No file is larger than 2^62 bytes, so that sums and differences of places do not overflow.
  private static func number(_ text: Substring) -> Int? {
    guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(text), number < 1 << 62 else {
      return nil
    }
    return number
  }
}
