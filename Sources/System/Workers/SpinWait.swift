private import CSystemCalls

#if canImport(Darwin)
  private import Darwin
#else
  private import Glibc
#endif

/// How a thread waits for what another one is about to write: it looks again and again, and after so many looks it lets threads
/// go first that wait for a processor, as the other one may be among them.
struct SpinWait {
  private var looksLeft: Int

  init(lookCount: Int) { looksLeft = lookCount }

  /// To be called after each look that found nothing.
  mutating func pause() {
    if looksLeft > 0 {
      looksLeft -= 1
      mnist_pause()
    } else {
      sched_yield()
    }
  }
}
