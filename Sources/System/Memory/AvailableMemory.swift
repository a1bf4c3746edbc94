private import CSystemCalls

#if canImport(Darwin)
  private import Darwin
#else
  private import Glibc
#endif

/// The memory that this process can still have. An allocation whose size comes from a file or an option is checked here
/// first, because the system ends a process whose allocation fails.
///
/// ```swift
/// try AvailableMemory.check(rowCount * columnCount * 8)
/// let matrix = [Double](repeating: 0, count: rowCount * columnCount)
/// ```
public enum AvailableMemory {
  /// The bytes that have to be available besides, for everything small.
  private static let reserve = 16 << 20
  /// The reserve covers smaller amounts, which are not worth the time of a check.
  private static let smallestCheckedByteCount = 1 << 20

  /// Checks that an amount of memory can be had.
  ///
  /// - Parameter byteCount: The bytes that are about to be allocated; `Int.max` stands for more than can be counted.
  /// - Throws: ``MemoryError`` where the machine, a container's limit or RLIMIT_AS (`ulimit -v`) leaves less than that.
  /// - Complexity: O(1): a few small files of the system are read.
  public static func check(_ byteCount: Int) throws(MemoryError) {
    if let error = shortage(of: byteCount) { throw error }
  }

  /// Returns the error that ``check(_:)`` throws, for callers that throw it as part of an error of their own; nil where
  /// there is enough memory.
  public static func shortage(of byteCount: Int) -> MemoryError? {
    guard byteCount >= smallestCheckedByteCount else { return nil }
    let needed = byteCount > .max - reserve ? .max : byteCount + reserve
    for (limit, available) in [(MemoryError.Limit.addressSpace, addressSpace), (.memory, memory)] {
      guard let available, needed > available else { continue }
      return MemoryError(needed: needed, available: max(available, 0), limit: limit)
    }
    return nil
  }

  /// Returns the memory that it takes to append bytes to an array: none if it has space for them, otherwise another array
  /// of twice its size.
  public static func growth(of bytes: [UInt8], appending byteCount: Int) -> Int {
    bytes.count + byteCount <= bytes.capacity ? 0 : max(2 * bytes.capacity, bytes.count + byteCount)
  }

  /// Returns whether RLIMIT_AS leaves space to map a file of a size, which takes no memory.
  package static func hasAddressSpace(_ byteCount: Int) -> Bool {
    addressSpace.map { byteCount <= $0 - reserve } ?? true
  }

  /// Limits the C library to one arena where `ulimit -v` limits the address space, of which each arena reserves 64 MB. To be
  /// called when a program begins.
  package static func limitArenas() {
    if addressSpace != nil { mnist_use_one_arena() }
  }

  /// The part of RLIMIT_AS that is not used yet; nil where there is no such limit.
  private static var addressSpace: Int? {
    #if os(Linux)
      var limit = rlimit()
      guard getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0, limit.rlim_cur < 1 << 62,
        let pageCount = firstNumber(in: "/proc/self/statm")
      else { return nil }
      return Int(limit.rlim_cur) - pageCount * Int(getpagesize())
    #else
      return nil
    #endif
  }

  /// The memory that the machine, or a container's limit, leaves; nil where the system does not say.
  private static var memory: Int? {
    #if os(Linux)
      let machine = text(of: "/proc/meminfo").flatMap { text in
        number(after: "MemAvailable:", in: text).map { ($0 + (number(after: "SwapFree:", in: text) ?? 0)) << 10 }
      }
      return [machine, controlGroup].compactMap(\.self).min()
    #else
      var byteCount: UInt64 = 0
      var size = MemoryLayout<UInt64>.size
      return sysctlbyname("hw.memsize", &byteCount, &size, nil, 0) == 0 ? Int(byteCount) : nil
    #endif
  }

  #if os(Linux)
    /// The memory that a container's limit leaves; nil without one. Pages of files count as free.
    private static var controlGroup: Int? {
      let folder = "/sys/fs/cgroup/"
      guard let limit = firstNumber(in: folder + "memory.max"), let used = firstNumber(in: folder + "memory.current")
      else { return nil }
      let reclaimable = text(of: folder + "memory.stat").flatMap { number(after: "inactive_file", in: $0) } ?? 0
      return limit - used + reclaimable
    }

    private static func firstNumber(in path: String) -> Int? {
      text(of: path)?.split { $0 == " " || $0 == "\n" }.first.flatMap { Int($0) }
    }

    private static func number(after name: String, in text: String) -> Int? {
      let line = text.split(separator: "\n").first { $0.hasPrefix(name) }
      return line?.dropFirst(name.count).split(separator: " ").first.flatMap { Int($0) }
    }

    /// Reads the beginning of a file that the system makes when it is read.
    private static func text(of path: String) -> String? {
      let descriptor = open(path, O_RDONLY | O_CLOEXEC)
      guard descriptor >= 0 else { return nil }
      defer { close(descriptor) }
      let bytes = [UInt8](unsafeUninitializedCapacity: 1 << 13) { buffer, count in
        count = max(0, read(descriptor, buffer.baseAddress, buffer.count))
      }
      return String(decoding: bytes, as: UTF8.self)
    }
  #endif
}

/// A need for memory that cannot be met.
public struct MemoryError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The limits that memory has.
  public enum Limit: Sendable {
    /// The machine's memory, or a container's.
    case memory
    /// The address space that the process may use, RLIMIT_AS.
    case addressSpace
  }

  /// The memory that is needed, in bytes; `Int.max` for more than can be counted.
  public let needed: Int
  /// The memory that is available, in bytes.
  public let available: Int
  /// The limit that is too low.
  public let limit: Limit

  /// Creates an error with its evidence.
  public init(needed: Int, available: Int, limit: Limit) {
    self.needed = needed
    self.available = available
    self.limit = limit
  }

  /// One sentence without a subject: what is needed, and what is available.
  public var description: String {
    "needs \(Self.text(needed)) of memory, but only \(Self.text(available)) are available"
      + (limit == .addressSpace ? " within the limit that ulimit -v shows" : "")
  }

  private static func text(_ byteCount: Int) -> String {
    if byteCount == .max { return "more than \(Int.max >> 60) EB" }
    let megabytes = (byteCount + 999_999) / 1_000_000
    return megabytes < 10_000 ? "\(megabytes) MB" : "\((megabytes + 999) / 1000) GB"
  }
}

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
