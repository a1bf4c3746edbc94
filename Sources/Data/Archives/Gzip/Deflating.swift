/// Packs bytes as deflate data and appends it to a file.
///
/// - Returns: the CRC-32 of the bytes.
func deflate(_ bytes: UnsafeRawBufferPointer, level: Int, onto file: inout [UInt8]) -> UInt32 {
  let stream = DeflateStream(level: level)
  var rest = bytes
  var checksum = CRC32()
  while true {
    let step = stream.next(rest, isLast: true)
    checksum.add(UnsafeRawBufferPointer(rebasing: rest[..<step.consumedByteCount]))
    rest = UnsafeRawBufferPointer(rebasing: rest[step.consumedByteCount...])
    file.append(contentsOf: step.output)
    if step.isFinished { return checksum.value }
  }
}
