internal import Archives
internal import Datasets
internal import Memory

/// The arrays in a .npz file, which `numpy.savez` and `numpy.savez_compressed` write: a zip archive of .npy files.
struct NumPyArchive {
  private let archive: ZipArchive

  /// The arrays' names in the archive's order, each without `.npy`. Entries that are no .npy files are passed over.
  let names: [String]

  init(_ archive: ZipArchive) {
    self.archive = archive
    names = archive.entries.map(\.name).filter { $0.hasSuffix(".npy") }.map { String($0.dropLast(4)) }
  }

  /// The header of an array, after a check that the array's file has just the length that it says.
  ///
  /// - Throws: ``NumPyError``, also where there is no array of the name; `ZipError`, or what reading the archive throws.
  func header(_ name: String) throws -> NumPyHeader {
    let entry = try entry(name)
    let beginning = try archive.prefix(of: entry, byteCount: NumPyHeader.maximumByteCount)
    do throws(NumPyError) {
      let header = try NumPyHeader(parsing: beginning)
      try header.check(fileByteCount: entry.byteCount)
      return header
    } catch {
      throw NumPyError(error.problem, at: error.byteOffset, array: name)
    }
  }

  /// Reads the elements of some arrays, one array after the other.
  func values(of arrays: [(name: String, header: NumPyHeader)]) throws -> [UInt8] {
    let total = arrays.map(\.header.elementCount).reduce(0, +)
    try AvailableMemory.check(total)
    return try [UInt8](byteCount: total) { memory in
      var rest = memory[...]
      for (name, header) in arrays {
        var stream = ElementStream(header, into: .init(rebasing: rest.prefix(header.elementCount)))
        rest.removeFirst(header.elementCount)
        do {
          try archive.extract(entry(name)) { try stream.take($0) }
        } catch let error as NumPyError {
          throw NumPyError(error.problem, at: error.byteOffset, array: name)
        }
        precondition(stream.isComplete, "an entry's length is checked when it is unpacked")
      }
    }
  }

  private func entry(_ name: String) throws(NumPyError) -> ZipEntry {
    guard let entry = archive[name + ".npy"] else { throw NumPyError(.missingArrays([name], found: names)) }
    return entry
  }
}

/// An array of bytes of any shape, in the form of a .npy file.
///
/// ```swift
/// let array = try NumPyArray(parsing: bytes)
/// array.shape  // [60000, 28, 28]
///
/// NumPyArray(shape: [3], values: [5, 0, 4]).encoded()  // what numpy.save writes
/// ```
///
/// Arrays of other numbers are read too, if every value is a whole number from 0 to 255, so that nothing is lost.
public struct NumPyArray: Equatable, Sendable {
  /// The size of every dimension; none for a single number.
  public let shape: [Int]

  /// The elements, the last index changing fastest.
  public let values: [UInt8]

  /// An array of values.
  ///
  /// - Precondition: there are as many values as the shape says, and the product of the sizes other than 0 fits in an `Int`.
  public init(shape: [Int], values: [UInt8]) {
    precondition(
      NumPyHeader(elementType: .uint8, shape: shape).elementCount == values.count,
      "an array has as many elements as its shape says")
    self.shape = shape
    self.values = values
  }

  /// Reads a whole .npy file.
  ///
  /// - Throws: ``NumPyError``, which says at which byte, or at which index, what was expected.
  /// - Complexity: O(`bytes.count`).
  public init(parsing bytes: [UInt8]) throws(NumPyError) {
    let header = try NumPyHeader(parsing: bytes)
    try header.check(fileByteCount: bytes.count)
    values = try [UInt8](byteCount: header.elementCount) { (memory) throws(NumPyError) in
      var stream = ElementStream(header, into: memory)
      try bytes.withUnsafeBufferPointer { (file) throws(NumPyError) in try stream.take(UnsafeRawBufferPointer(file)) }
    }
    shape = header.shape
  }

  /// The array as a .npy file of `uint8`.
  public func encoded() -> [UInt8] {
    NumPyHeader(elementType: .uint8, shape: shape).encoded + values
  }
}
