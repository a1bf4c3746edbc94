public import CKernels

/// Bytes of which blank ones are left out: masks that say where those stood that are not, and these, one after the other. Only
/// pointers.
@usableFromInline
package struct PackedBytes {
  /// A mask for each 64 bytes, the first one in its lowest bit.
  @usableFromInline
  package let masks: UnsafePointer<UInt64>
  @usableFromInline
  package let maskCount: Int
  @usableFromInline
  package let bytes: UnsafePointer<UInt8>

  @inlinable
  package init(masks: UnsafePointer<UInt64>, maskCount: Int, bytes: UnsafePointer<UInt8>) {
    self.masks = masks
    self.maskCount = maskCount
    self.bytes = bytes
  }

  /// How many masks so many bytes have.
  @inlinable
  package static func maskCount(of byteCount: Int) -> Int { (byteCount + 63) / 64 }

  /// What may be written behind packed bytes, and read behind them.
  package static var room: Int { Int(MNIST_LIST_ROOM) }
}

extension BatchKernels {
  /// Packs bytes. Returns how many are not blank.
  ///
  /// - Parameters:
  ///   - bytes: the bytes.
  ///   - count: how many there are.
  ///   - blank: which one is left out.
  ///   - masks: room for a mask for each 64 of them.
  ///   - packed: room for all of them and ``PackedBytes/room`` more.
  @inlinable
  package func pack(
    _ bytes: UnsafePointer<UInt8>, count: Int, blank: UInt8, masks: UnsafeMutablePointer<UInt64>,
    into packed: UnsafeMutablePointer<UInt8>
  ) -> Int {
    self.bytes.pointee.pack(masks, packed, bytes, count, blank)
  }

  /// Writes 64 bytes for each mask.
  @inlinable
  package func unpack(_ packed: PackedBytes, blank: UInt8, into bytes: UnsafeMutablePointer<UInt8>) {
    self.bytes.pointee.unpack(bytes, packed.masks, packed.maskCount, packed.bytes, blank)
  }
}
