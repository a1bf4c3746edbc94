internal import Datasets
internal import Fetching
internal import Foundation
internal import MNISTCommands

/// A fetch's progress on standard error: a live bar for each file on a terminal, otherwise a line where it begins and
/// ends, and in both cases a line for each thing that went wrong.
package final class FetchDisplay {
  private let remarks: Remarks
  private let isLive: Bool
  private let clock = ContinuousClock()
  private var begin: (instant: ContinuousClock.Instant, received: Int)?
  private var lastDrawn: ContinuousClock.Instant?
  private var hasBar = false

  init(remarks: Remarks, isLive: Bool) {
    self.remarks = remarks
    self.isLive = isLive
  }

  func show(_ event: FetchEvent) {
    switch event {
    case .waiting(let folder):
      line("\(folder): another process is fetching into it; waiting for its end")
    case .begin(let file, let source, let received, let byteCount):
      begin = (clock.now, received)
      lastDrawn = nil
      let size = byteCount.map { "\(ByteCountText.text($0)) " } ?? ""
      let resumed = received > 0 ? ", going on behind the first \(ByteCountText.text(received))" : ""
      if isLive {
        draw(file, received, byteCount)
      } else {
        line("\(file): fetching \(size)from \(source)\(resumed)")
      }
    case .progress(let file, let received, let byteCount):
      if isLive { draw(file, received, byteCount) }
    case .retry(let file, let source, let reason, let pause):
      line("\(file): \(source): \(reason); again in \(String(format: "%.1f", pause / .seconds(1))) s")
    case .sourceFailed(let file, let failure):
      line("\(file): \(failure)")
    case .fetched(let file, _, let byteCount):
      line("\(file): \(ByteCountText.text(byteCount)), checksum right\(rate(byteCount).map { ", \($0)" } ?? "")")
      begin = nil
    case .installer(.present(let path)):
      line("\(path): there already, checksum right")
    case .installer(.verified(let path)):
      // What was fetched has been told already.
      if !path.contains("/.fetch/") { line("\(path): checksum right") }
    case .installer(.written(let path, let byteCount)):
      line("\(path): \(byteCount) bytes written")
    }
  }

  /// Ends a bar that is being drawn, before an error's line.
  func breakOff() {
    if hasBar { remarks.write("\n") }
    hasBar = false
  }

  private func line(_ text: String) {
    if hasBar { remarks.write("\r\u{1B}[K") }
    hasBar = false
    remarks.line(text)
  }

  private func draw(_ file: String, _ received: Int, _ byteCount: Int?) {
    // Ten times a second is as often as an eye follows.
    let now = clock.now
    if let last = lastDrawn, last.duration(to: now) < .milliseconds(100), received != byteCount { return }
    lastDrawn = now
    hasBar = true
    remarks.write(
      "\r\u{1B}[K"
        + Self.bar(
          file, received: received, byteCount: byteCount, bytesPerSecond: bytesPerSecond(received),
          width: Terminal.width))
  }

  /// Nil as long as there is too little to judge by.
  private func bytesPerSecond(_ received: Int) -> Double? {
    guard let begin else { return nil }
    let seconds = begin.instant.duration(to: clock.now) / .seconds(1)
    return seconds > 0.2 ? Double(received - begin.received) / seconds : nil
  }

  private func rate(_ received: Int) -> String? {
    bytesPerSecond(received).map { ByteCountText.text(Int($0)) + "/s" }
  }

  /// A line such as `train-images-idx3-ubyte.gz [####----] 4.1 MB of 9.9 MB, 3.2 MB/s, 2 s left`, cut to a width.
  package static func bar(_ file: String, received: Int, byteCount: Int?, bytesPerSecond: Double?, width: Int) -> String
  {
    var tail = ByteCountText.text(received)
    if let byteCount { tail += " of \(ByteCountText.text(byteCount))" }
    if let bytesPerSecond {
      tail += ", \(ByteCountText.text(Int(bytesPerSecond)))/s"
      if let byteCount, bytesPerSecond > 0, received < byteCount {
        let seconds = (Double(byteCount - received) / bytesPerSecond).rounded(.up)
        tail += seconds < 100_000 ? ", \(Int(seconds)) s left" : ""
      }
    }
    let cells = min(40, width - file.count - tail.count - 5)
    guard let byteCount, byteCount > 0, cells >= 5 else {
      return String("\(file) \(tail)".prefix(max(0, width - 1)))
    }
    let filled = min(cells, Int(Double(received) / Double(byteCount) * Double(cells)))
    return "\(file) [" + String(repeating: "#", count: filled) + String(repeating: "-", count: cells - filled) + "] "
      + tail
  }
}
