import CKernels
import NeuralNetwork
import RandomSources
import Testing

/// Bytes without the blank ones.
@Suite struct PackedBytesTests {
  @Test("packed bytes are the masks of those that are not blank, and these", arguments: [0, 255] as [UInt8])
  func pack(_ blank: UInt8) {
    var source = SplittableRandomSource(seed: 1)
    for (name, kernels) in ByteListTests.variants {
      for count in Array(0...200) + [784] {
        for share in [0.8, 0, 1] {
          let bytes = source.bytes(count, blank: blank, share: share)
          let (masks, packed) = packed(bytes, blank: blank, kernels)
          #expect(packed == bytes.filter { $0 != blank }, "\(name), \(count) bytes")
          #expect(masks.count == (count + 63) / 64)
          for place in 0..<masks.count * 64 {
            let isThere = masks[place / 64] >> UInt64(place % 64) & 1 == 1
            #expect(isThere == (place < count && bytes[place] != blank), "\(name), \(count) bytes, at \(place)")
          }
        }
      }
    }
  }

  @Test(
    "packed bytes are listed as they would be before, and unpacked to what they were", arguments: [0, 255] as [UInt8])
  func readBack(_ blank: UInt8) {
    var source = SplittableRandomSource(seed: 2)
    for (name, kernels) in ByteListTests.variants {
      for count in Array(1...140) + [784] {
        let workspace = Workspace()
        defer { withExtendedLifetime(workspace) {} }
        let lists = ByteListTests.lists(3, length: count, blank: blank, in: workspace)
        let images = [0.8, 0, 1].map { source.bytes(count, blank: blank, share: $0) }
        for (list, bytes) in images.enumerated() {
          let (masks, packed) = packed(bytes, blank: blank, kernels)
          // What lies behind packed bytes is read, and must not show.
          let behind = [UInt8](repeating: 7, count: PackedBytes.room)
          (packed + behind).withUnsafeBufferPointer { packed in
            let packed = PackedBytes(masks: masks, maskCount: masks.count, bytes: packed.baseAddress!)
            lists.fill(list, isNext: list > 0, from: packed, kernels)
            var unpacked = [UInt8](repeating: 99, count: masks.count * 64 + 1)
            kernels.unpack(packed, blank: blank, into: &unpacked)
            let blanks = [UInt8](repeating: blank, count: masks.count * 64 - count)
            #expect(unpacked == bytes + blanks + [99], "\(name), \(count) bytes")
          }
        }
        for list in 0..<3 {
          #expect(ByteListTests.isRight(lists[list], images[list], blank: blank), "\(name), \(count) bytes")
        }
      }
    }
  }

  @Test("packing leaves what lies behind its room as it was")
  func room() {
    for (name, kernels) in ByteListTests.variants {
      for count in [1, 15, 63, 64, 65, 784] {
        var packed = [UInt8](repeating: 77, count: count + PackedBytes.room + 100)
        var masks = [UInt64](repeating: 77, count: PackedBytes.maskCount(of: count) + 1)
        let bytes = [UInt8](repeating: 1, count: count)
        let found = kernels.pack(bytes, count: count, blank: 0, masks: &masks, into: &packed)
        #expect(found == count)
        #expect(packed[(count + PackedBytes.room)...].allSatisfy { $0 == 77 }, "\(name), \(count) bytes")
        #expect(masks.last == 77)
      }
    }
  }

  private func packed(
    _ bytes: [UInt8], blank: UInt8, _ kernels: BatchKernels<Float>
  ) -> (masks: [UInt64], bytes: [UInt8]) {
    var masks = [UInt64](repeating: 77, count: PackedBytes.maskCount(of: bytes.count))
    var packed = [UInt8](repeating: 77, count: bytes.count + PackedBytes.room)
    let count = kernels.pack(bytes, count: bytes.count, blank: blank, masks: &masks, into: &packed)
    return (masks, Array(packed[..<count]))
  }
}
