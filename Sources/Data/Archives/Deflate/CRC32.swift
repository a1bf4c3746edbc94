private import CZlib

/// The checksum of gzip and zip files, summed up piece by piece.
///
/// ```swift
/// var checksum = CRC32()
/// for piece in pieces { checksum.add(piece) }
/// checksum.value  // 0xCBF43926 for the digits "123456789"
/// ```
///
/// It is the one of RFC 1952, section 8, over the polynomial 0xEDB88320.
public struct CRC32: Equatable, Sendable {
  /// The checksum of all that was added.
  public private(set) var value: UInt32 = 0

  /// The checksum of no bytes, 0.
  public init() {}

  /// The checksum of bytes.
  public init(_ bytes: UnsafeRawBufferPointer) {
    add(bytes)
  }

  /// Goes on with further bytes.
  ///
  /// - Complexity: O(`bytes.count`).
  public mutating func add(_ bytes: UnsafeRawBufferPointer) {
    // For no memory at all zlib would give the checksum's beginning.
    guard let start = bytes.baseAddress else { return }
    value = UInt32(crc32_z(UInt(value), start.assumingMemoryBound(to: UInt8.self), bytes.count))
  }
}
