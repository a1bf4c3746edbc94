internal import Memory
internal import Normalization
internal import Workers

/// The samples of a training as it reads them again and again in ever new orders: a bit for each
/// pixel and a byte for each that is not blank. MNIST's are a third of their size so, and come from memory three times as fast.
///
/// Only pointers, the memory belongs to a workspace: counting references to an object that all threads use would cost more than
/// to read a sample.
struct PackedSamples {
  private let maskCount: Int
  /// Each sample's masks and then its bytes.
  private let storage: UnsafeMutableRawPointer
  /// Where in the storage each sample begins, and where the last one ends, in steps of ``alignment``.
  private let starts: UnsafeMutablePointer<UInt32>
  private let largestSize: Int

  private static var alignment: Int { MemoryLayout<UInt64>.alignment }

  /// Whether all places can be told: those of 35 million images of MNIST's size can.
  static func canHold(_ memory: SampleMemory) -> Bool {
    memory.count <= Int(UInt32.max) / (largestSize(of: memory.featureCount) / alignment)
  }

  /// What a sample of so many features takes at most.
  private static func largestSize(of featureCount: Int) -> Int {
    aligned(PackedBytes.maskCount(of: featureCount) * 8 + featureCount + PackedBytes.room)
  }

  /// A number of bytes, up to a multiple of ``alignment``.
  private static func aligned(_ byteCount: Int) -> Int { (byteCount + alignment - 1) / alignment * alignment }

  /// - Complexity: O(samples * pixels). Memory: an eighth of the pixels' bytes, and those that are not blank. There is room for
  ///   all of them, of which the system gives memory only to what is written.
  init<Scalar: KernelScalar>(
    _ memory: SampleMemory, blank: UInt8, kernels: BatchKernels<Scalar>, pool: WorkerPool,
    in workspace: Workspace
  ) {
    let featureCount = memory.featureCount
    let maskCount = PackedBytes.maskCount(of: featureCount)
    let largestSize = Self.largestSize(of: featureCount)
    let bytes = workspace.allocateUntouched(UInt8.self, count: memory.count * largestSize)
    // Samples are read in random order: small pages would have to be looked up for nearly each of them.
    adviseLargePages(UnsafeMutableBufferPointer(start: bytes, count: memory.count * largestSize))
    let storage = UnsafeMutableRawPointer(bytes)
    let starts = workspace.allocate(UInt32.self, count: memory.count + 1)
    (self.maskCount, self.largestSize) = (maskCount, largestSize)
    (self.storage, self.starts) = (storage, starts)
    pool.run { worker in
      let share = pool.share(of: memory.count, for: worker)
      var start = share.lowerBound * largestSize
      for sample in share {
        starts[sample] = UInt32(start / Self.alignment)
        let masks = (storage + start).bindMemory(to: UInt64.self, capacity: maskCount)
        let bytes = (storage + start + maskCount * 8).bindMemory(to: UInt8.self, capacity: featureCount)
        let count = kernels.pack(
          memory.bytes(sample), count: featureCount, blank: blank, masks: masks, into: bytes)
        start += Self.aligned(maskCount * 8 + count)
      }
      if share.upperBound == memory.count { starts[memory.count] = UInt32(start / Self.alignment) }
    }
  }

  /// Where a sample lies: to look this up in a random order takes as long as to read the sample.
  struct Location {
    fileprivate let start: UnsafeRawPointer
    fileprivate let size: Int
  }

  func location(of sample: Int) -> Location {
    // Behind a worker's last sample there is a gap.
    let (start, end) = (Int(starts[sample]) * Self.alignment, Int(starts[sample + 1]) * Self.alignment)
    return Location(start: storage + start, size: min(end - start, largestSize))
  }

  subscript(location: Location) -> PackedBytes {
    PackedBytes(
      masks: location.start.assumingMemoryBound(to: UInt64.self), maskCount: maskCount,
      bytes: (location.start + maskCount * 8).assumingMemoryBound(to: UInt8.self))
  }

  /// Asks for the memory of a sample that will be read soon.
  func prefetch(_ location: Location) {
    // They are read 64 bytes at a time, and so the last ones with some behind them.
    ByteKernels.prefetch(location.start.assumingMemoryBound(to: UInt8.self), count: location.size + 63)
  }
}
