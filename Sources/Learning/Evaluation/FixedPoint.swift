#if canImport(Darwin)
  private import Darwin
#else
  private import Glibc
#endif

/// A number with so many digits after the point, right-aligned, as Python's `f"{value:>{width}.{digits}f}"`.
///
/// C's formatting rounds the exact binary value, half to even, as Python's does; NaN is spelled `nan` whatever its sign.
func fixedPoint(_ value: Double, digits: Int, width: Int) -> String {
  if value.isNaN { return padded("nan", to: width) }
  let format = "%.\(digits)f"
  let length = withVaList([value]) { vsnprintf(nil, 0, format, $0) }
  let text = String(unsafeUninitializedCapacity: Int(length) + 1) { buffer in
    buffer.withMemoryRebound(to: CChar.self) { characters in
      Int(withVaList([value]) { vsnprintf(characters.baseAddress, characters.count, format, $0) })
    }
  }
  return padded(text, to: width)
}

/// A text with spaces before it up to a width, counted in Unicode scalars as Python counts.
func padded(_ text: String, to width: Int) -> String {
  String(repeating: " ", count: max(0, width - text.unicodeScalars.count)) + text
}
