private import CSystemCalls

#if canImport(Darwin)
  private import Darwin
#else
  private import Glibc
#endif

/// The memory that this process can still allocate.
///
/// If the size of an allocation comes from a file or an option, call ``check(_:)`` before the allocation. The system
/// ends a process whose allocation fails.
///
/// ```swift
/// try AvailableMemory.check(rowCount * columnCount * 8)
/// let matrix = [Double](repeating: 0, count: rowCount * columnCount)
/// ```
public enum AvailableMemory {
  /// The number of bytes that must stay available for small allocations.
  private static let reserve = 16 << 20
  /// The size of the smallest allocation that is checked, in bytes. Checking smaller allocations would take too much
  /// time; the reserve covers them.
  private static let smallestCheckedByteCount = 1 << 20

  /// Checks that an amount of memory is available.
  ///
  /// - Parameter byteCount: The number of bytes to be allocated. `Int.max` means a number that is too large for `Int`.
  /// - Throws: ``MemoryError`` if the available memory is smaller. The limit can be the machine, a container or
  ///   RLIMIT_AS (`ulimit -v`).
  /// - Complexity: O(1). The check reads a few small system files.
  public static func check(_ byteCount: Int) throws(MemoryError) {
    if let error = shortage(of: byteCount) { throw error }
  }

  /// Returns the error that ``check(_:)`` would throw, or nil if there is enough memory.
  ///
  /// Use this method to put the error into an error of another type.
  public static func shortage(of byteCount: Int) -> MemoryError? {
    guard byteCount >= smallestCheckedByteCount else { return nil }
    let needed = byteCount > .max - reserve ? .max : byteCount + reserve
    for (limit, available) in [(MemoryError.Limit.addressSpace, addressSpace), (.memory, memory)] {
      guard let available, needed > available else { continue }
      return MemoryError(needed: needed, available: max(available, 0), limit: limit)
    }
    return nil
  }

  /// Returns the number of bytes that are allocated when bytes are appended to an array.
  ///
  /// The result is 0 if the array has enough capacity. Otherwise Swift copies the array to new memory with twice the
  /// capacity or more.
  public static func growth(of bytes: [UInt8], appending byteCount: Int) -> Int {
    bytes.count + byteCount <= bytes.capacity ? 0 : max(2 * bytes.capacity, bytes.count + byteCount)
  }

  /// Returns whether RLIMIT_AS leaves enough address space to map a file of `byteCount` bytes. Mapping a file needs no
  /// other memory.
  package static func hasAddressSpace(_ byteCount: Int) -> Bool {
    addressSpace.map { byteCount <= $0 - reserve } ?? true
  }

  /// Limits the C library to one memory arena if `ulimit -v` limits the address space.
  ///
  /// Each arena reserves 64 MB of address space. Call this function when the program starts.
  package static func limitArenas() {
    if addressSpace != nil { mnist_use_one_arena() }
  }

  /// The address space in bytes that RLIMIT_AS still allows, or nil if there is no such limit.
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

  /// The memory in bytes that is available on the machine or in the container. It is nil if the system does not report
  /// it.
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
    /// The memory in bytes that a container's limit still allows, or nil without such a limit. Cached pages of files
    /// count as available.
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

    /// Returns the beginning of a system file such as `/proc/meminfo`, or nil if the file cannot be opened.
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

/// The error for an allocation that needs more memory than is available.
public struct MemoryError: Error, Equatable, Sendable, CustomStringConvertible {
  /// A kind of memory limit.
  public enum Limit: Sendable {
    /// The memory of the machine or of a container.
    case memory
    /// The address space of the process, which RLIMIT_AS limits.
    case addressSpace
  }

  /// The needed memory in bytes. `Int.max` means a number that is too large for `Int`.
  public let needed: Int
  /// The available memory in bytes.
  public let available: Int
  /// The limit that the allocation exceeds.
  public let limit: Limit

  /// Creates an error from the needed and the available memory, in bytes.
  public init(needed: Int, available: Int, limit: Limit) {
    self.needed = needed
    self.available = available
    self.limit = limit
  }

  /// The predicate of a sentence, with the needed and the available memory. The caller puts a subject before it.
  public var description: String {
    "needs \(Self.text(needed)) of memory, but only \(Self.text(available)) are available"
      + (limit == .addressSpace ? " within the limit set by ulimit -v" : "")
  }

  private static func text(_ byteCount: Int) -> String {
    if byteCount == .max { return "more than \(Int.max >> 60) EB" }
    let megabytes = (byteCount + 999_999) / 1_000_000
    return megabytes < 10_000 ? "\(megabytes) MB" : "\((megabytes + 999) / 1000) GB"
  }
}

/// Asks Linux to use large pages for memory that is about to be filled. Does nothing on other systems.
///
/// Without large pages, the system provides many small pages one by one. Reading the 47 MB of MNIST's training images
/// then takes at least twice as long. Random access is slower too, because nearly every access must look up another
/// page. The system may refuse large pages. The memory can still be used then.
package func adviseLargePages(_ memory: UnsafeMutableBufferPointer<UInt8>) {
  #if canImport(Glibc)
    // NumPy also asks for large pages from this size.
    let minimumByteCount = 1 << 22
    guard memory.count >= minimumByteCount, let start = memory.baseAddress else { return }
    let pageByteCount = UInt(getpagesize())
    let address = UInt(bitPattern: start)
    let firstPage = (address + pageByteCount - 1) / pageByteCount * pageByteCount
    madvise(UnsafeMutableRawPointer(bitPattern: firstPage), memory.count - Int(firstPage - address), MADV_HUGEPAGE)
  #endif
}
