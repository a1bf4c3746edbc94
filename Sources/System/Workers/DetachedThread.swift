#if canImport(Darwin)
  private import Darwin
#else
  private import Glibc
#endif

/// Starts a thread that nobody waits for.
///
/// - Parameters:
///   - stackByteCount: the size of its stack; nil for the system's usual one.
///   - body: the thread's work.
/// - Returns: whether the system gave a thread.
package func startDetachedThread(
  stackByteCount: Int? = nil, _ body: @escaping @Sendable () -> Void
) -> Bool {
  final class Body {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
  }
  var attributes = pthread_attr_t()
  pthread_attr_init(&attributes)
  defer { pthread_attr_destroy(&attributes) }
  pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
  if let stackByteCount { pthread_attr_setstacksize(&attributes, stackByteCount) }
  let argument = Unmanaged.passRetained(Body(body))
  #if canImport(Darwin)
    var thread: pthread_t?
  #else
    var thread = pthread_t()
  #endif
  let errorNumber = pthread_create(
    &thread, &attributes,
    { argument in
      #if canImport(Darwin)
        let body = Unmanaged<Body>.fromOpaque(argument)
      #else
        let body = Unmanaged<Body>.fromOpaque(argument!)
      #endif
      body.takeRetainedValue().run()
      return nil
    }, argument.toOpaque())
  if errorNumber != 0 { argument.release() }
  return errorNumber == 0
}
