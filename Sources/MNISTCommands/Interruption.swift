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

  /// From here on the first Control-C ends the process, after a last task and with one line. Nothing else may be left to do
  /// then: other threads go on until the end.
  package func endsProcess(_ name: String, after task: @escaping @Sendable () -> Void) {
    Thread.detachNewThread {
      while !wasAskedFor { Thread.sleep(forTimeInterval: 0.02) }
      task()
      Remarks(isQuiet: false).line("\(name): interrupted")
      exit(ExitStatus.interrupted.rawValue)
    }
  }

  /// To be called where something has failed since ``endsProcess(_:after:)``: does not return where the process is about to
  /// end, as the last task takes away what other threads are at.
  package func waitForEnd() {
    while wasAskedFor { Thread.sleep(forTimeInterval: 1) }
  }

  /// Takes note no more: Control-C ends the process again.
  package func end() {
    signal(SIGINT, SIG_DFL)
  }
}
