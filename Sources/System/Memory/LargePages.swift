#if canImport(Glibc)
  private import Glibc
#endif

/// Asks the system to use large pages for memory that is about to be filled, where it has to be asked: on Linux.
///
/// Otherwise reading the 47 MB of MNIST's training images takes twice as long or more, most of it for the system to hand
/// out its small pages one by one; and where memory is read in random order, nearly each access has to look up another one.
/// The system may decline, and nothing else changes.
package func adviseLargePages(_ memory: UnsafeMutableBufferPointer<UInt8>) {
  #if canImport(Glibc)
    // From where on NumPy does it too.
    let minimumByteCount = 1 << 22
    guard memory.count >= minimumByteCount, let start = memory.baseAddress else { return }
    let pageByteCount = UInt(getpagesize())
    let address = UInt(bitPattern: start)
    let firstPage = (address + pageByteCount - 1) / pageByteCount * pageByteCount
    madvise(UnsafeMutableRawPointer(bitPattern: firstPage), memory.count - Int(firstPage - address), MADV_HUGEPAGE)
  #endif
}
