internal import Memory

/// Evaluates an expression, and converts an error of the expression to an error of another type.
///
/// ```swift
/// let file = try rethrow(FileReader(path), as: DatasetError.file)
/// ```
package func rethrow<Value, Failure: Error, Other: Error>(
  _ value: @autoclosure () throws(Failure) -> Value, as other: (Failure) -> Other
) throws(Other) -> Value {
  do { return try value() } catch { throw other(error) }
}

extension [UInt8] {
  /// Creates an array of `byteCount` bytes that a closure fills. The closure must fill all bytes or throw an error.
  ///
  /// The standard library's initializer for uninitialized memory loses the type of the closure's error.
  package init<Failure: Error>(
    byteCount: Int, filledBy fill: (UnsafeMutableBufferPointer<UInt8>) throws(Failure) -> Void
  ) throws(Failure) {
    var failure: Failure?
    self.init(unsafeUninitializedCapacity: byteCount) { memory, count in
      let memory = UnsafeMutableBufferPointer(rebasing: memory.prefix(byteCount))
      adviseLargePages(memory)
      do throws(Failure) {
        try fill(memory)
        count = byteCount
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
  }
}
