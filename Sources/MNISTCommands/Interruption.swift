internal import Foundation
internal import Synchronization

/// Whether the user pressed Control-C. The first one is taken note of, a second one ends the process at once.
package struct Interruption: Sendable {
  private static let flag = Atomic<Bool>(false)

  /// Begins to take note.
  package init() {
    // Touched here, so that the handler finds it made: a signal must not begin a once-only initialisation.
    Self.flag.store(false, ordering: .relaxed)
    signal(SIGINT) { number in
      Interruption.flag.store(true, ordering: .relaxed)
      signal(number, SIG_DFL)
    }
    // A program started from a thread that blocks signals inherits the block.
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGINT)
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
  }

  /// Whether it has happened.
  package var wasAskedFor: Bool { Self.flag.load(ordering: .relaxed) }

  /// Takes note no more: Control-C ends the process again.
  package func end() {
    signal(SIGINT, SIG_DFL)
  }
}
