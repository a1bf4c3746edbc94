/// Packs the contents of one entry and sums them.
struct EntryPacker {
  private static let summedByteCount = 1 << 18

  /// The bytes taken so far.
  private(set) var byteCount = 0
  private var sum = CRC32()
  private let stream: DeflateStream?

  /// The CRC-32 of what was added.
  var checksum: UInt32 { sum.value }

  init(_ compression: ZipWriter.Compression) {
    switch compression {
    case .stored: stream = nil
    case .deflated(let level): stream = DeflateStream(level: level)
    }
  }

  /// Takes contents that are stored and whose sum is known.
  mutating func pass(_ bytes: UnsafeRawBufferPointer, to output: (UnsafeRawBufferPointer) throws -> Void) throws {
    byteCount += bytes.count
    try output(bytes)
  }

  /// Takes contents, in parts that stay in the processor's cache between being summed and being packed.
  mutating func add(_ bytes: UnsafeRawBufferPointer, to output: (UnsafeRawBufferPointer) throws -> Void) throws {
    byteCount += bytes.count
    var start = 0
    while start < bytes.count {
      var rest = UnsafeRawBufferPointer(rebasing: bytes[start...].prefix(Self.summedByteCount))
      start += rest.count
      sum.add(rest)
      guard let stream else {
        try output(rest)
        continue
      }
      while !rest.isEmpty {
        let step = stream.next(rest, isLast: false)
        try output(step.output)
        rest = UnsafeRawBufferPointer(rebasing: rest[step.consumedByteCount...])
      }
    }
  }

  /// Puts out what the packing kept back.
  func finish(to output: (UnsafeRawBufferPointer) throws -> Void) throws {
    guard let stream else { return }
    var isFinished = false
    while !isFinished {
      let step = stream.next(UnsafeRawBufferPointer(start: nil, count: 0), isLast: true)
      try output(step.output)
      isFinished = step.isFinished
    }
  }
}
