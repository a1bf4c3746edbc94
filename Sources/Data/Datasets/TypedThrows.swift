internal import Memory

/// Evaluates an expression, and throws its error as another one.
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
  /// Creates an array of bytes that a closure fills, all of them unless it throws.
  ///
  /// The standard library's initializer for uninitialized memory does not know the type of the closure's error.
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
