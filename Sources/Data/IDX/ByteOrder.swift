/// Copies elements between the file's byte order, highest first, and the machine's; either way is the same exchange.
///
/// Floating-point numbers pass as whole numbers of the same size, so that a NaN keeps its bits.
func copy(
  _ source: UnsafeRawBufferPointer, to target: UnsafeMutableRawBufferPointer,
  swappingBytesOf elementType: IDXElementType
) {
  target.copyMemory(from: source)
  switch elementType.byteCount {
  case 2: exchange(target, UInt16.self)
  case 4: exchange(target, UInt32.self)
  case 8: exchange(target, UInt64.self)
  default: break
  }
}

/// The memory need not be aligned: in a file, elements follow a header of any multiple of four bytes.
private func exchange<Pattern: FixedWidthInteger & BitwiseCopyable>(
  _ memory: UnsafeMutableRawBufferPointer, _ type: Pattern.Type
) {
  for offset in stride(from: 0, to: memory.count, by: MemoryLayout<Pattern>.size) {
    let pattern = memory.loadUnaligned(fromByteOffset: offset, as: type)
    memory.storeBytes(of: pattern.bigEndian, toByteOffset: offset, as: type)
  }
}
