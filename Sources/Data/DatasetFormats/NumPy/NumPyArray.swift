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
  /// - Precondition: there are as many values as the shape says, which is as ``NumPyHeader`` allows.
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
    var failure: NumPyError?
    let values = [UInt8](unsafeUninitializedCapacity: header.elementCount) { memory, count in
      let target = UnsafeMutableBufferPointer(rebasing: memory.prefix(header.elementCount))
      var stream = ElementStream(header, into: target)
      bytes.withUnsafeBytes { file in
        do throws(NumPyError) { try stream.take(file) } catch { failure = error }
      }
      count = failure == nil ? header.elementCount : 0
    }
    if let failure { throw failure }
    (shape, self.values) = (header.shape, values)
  }

  /// The array as a .npy file of `uint8`.
  public func encoded() -> [UInt8] {
    NumPyHeader(elementType: .uint8, shape: shape).encoded + values
  }
}

extension NumPyHeader {
  /// Checks that a file has just the header's and the elements' bytes.
  func check(fileByteCount: Int) throws(NumPyError) {
    let expected = byteCount + payloadByteCount
    guard fileByteCount == expected else {
      throw NumPyError(.length(expected: expected, found: fileByteCount), at: min(expected, fileByteCount))
    }
  }
}
