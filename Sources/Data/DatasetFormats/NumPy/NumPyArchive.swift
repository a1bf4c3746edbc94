public import Archives
internal import Memory

/// The arrays in a .npz file, which `numpy.savez` and `numpy.savez_compressed` write: a zip archive of .npy files.
///
/// ```swift
/// let file = try FileReader("digits.npz")
/// let arrays = NumPyArchive(try ZipArchive(byteCount: file.byteCount, reading: file.read))
/// arrays.names  // ["x_train", "y_train", "x_test", "y_test"]
/// let labels = try arrays.array("y_train", maximumByteCount: 1 << 20)
/// ```
public struct NumPyArchive {
  private let archive: ZipArchive

  /// The arrays' names in the archive's order, each without `.npy`. Entries that are no .npy files are passed over.
  public let names: [String]

  /// The arrays in an archive.
  public init(_ archive: ZipArchive) {
    self.archive = archive
    names = archive.entries.map(\.name).filter { $0.hasSuffix(".npy") }.map { String($0.dropLast(4)) }
  }

  /// The header of an array, after a check that the array's file has just the length that it says.
  ///
  /// - Throws: ``NumPyError``, also where there is no array of the name; `ZipError`, or what reading the archive throws.
  public func header(_ name: String) throws -> NumPyHeader {
    let entry = try entry(name)
    let beginning = try archive.prefix(of: entry, byteCount: NumPyHeader.maximumByteCount)
    do throws(NumPyError) {
      let header = try NumPyHeader(parsing: beginning)
      try header.check(fileByteCount: entry.byteCount)
      return header
    } catch {
      throw error.inArray(name)
    }
  }

  /// An array.
  ///
  /// - Parameters:
  ///   - name: one of the ``names``.
  ///   - maximumByteCount: the most bytes to unpack; an array whose file has more is refused before that.
  /// - Throws: ``NumPyError``, `ZipError`, `MemoryError`, or what reading the archive throws.
  /// - Complexity: O(*n*) in the bytes read and unpacked, with less than a MiB of memory besides the result.
  public func array(_ name: String, maximumByteCount: Int) throws -> NumPyArray {
    let header = try header(name)
    let byteCount = header.byteCount + header.payloadByteCount
    guard byteCount <= maximumByteCount else {
      throw NumPyError(.tooLarge(maximumByteCount: maximumByteCount, found: byteCount), array: name)
    }
    try AvailableMemory.check(header.elementCount)
    let values = try [UInt8](unsafeUninitializedCapacity: header.elementCount) { memory, count in
      let target = UnsafeMutableBufferPointer(rebasing: memory.prefix(header.elementCount))
      adviseLargePages(target)
      try read(name, header, into: target)
      count = header.elementCount
    }
    return NumPyArray(shape: header.shape, values: values)
  }

  /// Reads an array's elements into memory that has room for just them.
  func read(_ name: String, _ header: NumPyHeader, into target: UnsafeMutableBufferPointer<UInt8>) throws {
    var stream = ElementStream(header, into: target)
    do {
      try archive.extract(entry(name)) { try stream.take($0) }
    } catch let error as NumPyError {
      throw error.inArray(name)
    }
    precondition(stream.isComplete, "an entry's length is checked when it is unpacked")
  }

  private func entry(_ name: String) throws -> ZipEntry {
    guard let entry = archive[name + ".npy"] else { throw NumPyError(.missingArrays([name], found: names)) }
    return entry
  }
}
