internal import Datasets
internal import Fetching
internal import Foundation
internal import MNISTCommands

/// The progress of a fetch on standard error.
///
/// On a terminal, each file has a live progress bar. Elsewhere, one line reports the start and one line reports the end
/// of each file. Each problem is reported on its own line.
package final class FetchDisplay {
  private let statusOutput: StatusOutput
  private let drawing: LiveDrawing?
  private let clock = ContinuousClock()
  /// The start time of the current file's download, and the number of bytes that were already in the file.
  private var begin: (instant: ContinuousClock.Instant, received: Int)?

  init(statusOutput: StatusOutput, isLive: Bool) {
    self.statusOutput = statusOutput
    drawing = isLive ? LiveDrawing(write: statusOutput.write) : nil
  }

  func show(_ event: FetchEvent) {
    switch event {
    case .waiting(let folder):
      line("\(folder): waiting for another process that is fetching into this folder")
    case .begin(let file, let source, let received, let byteCount):
      begin = (clock.now, received)
      let size = byteCount.map { "\($0.byteCountText) " } ?? ""
      let resumed = received > 0 ? ", resumed after \(received.byteCountText)" : ""
      if drawing != nil {
        draw(file, received, byteCount)
      } else {
        line("\(file): fetching \(size)from \(source)\(resumed)")
      }
    case .progress(let file, let received, let byteCount):
      draw(file, received, byteCount)
    case .retry(let file, let source, let reason, let pause):
      line("\(file): \(source): \(reason); retrying in \(String(format: "%.1f", pause / .seconds(1))) s")
    case .sourceFailed(let file, let failure):
      line("\(file): \(failure)")
    case .fetched(let file, _, let byteCount):
      let rate = bytesPerSecond(byteCount).map { ", \(Int($0).byteCountText)/s" } ?? ""
      line("\(file): \(byteCount.byteCountText), checksum correct\(rate)")
      begin = nil
    case .installer(.present(let path)):
      line("\(path): already present, checksum correct")
    case .installer(.verified(let path)):
      // The checksum of a fetched file has already been reported, so only other files are reported here.
      if !path.contains("/.fetch/") { line("\(path): checksum correct") }
    case .installer(.written(let path, let byteCount)):
      line("\(path): \(byteCount) bytes written")
    }
  }

  private func line(_ text: String) {
    drawing?.clear(width: Terminal.size.width)
    statusOutput.line(text)
  }

  private func draw(_ file: String, _ received: Int, _ byteCount: Int?) {
    guard let drawing, drawing.isDue() || received == byteCount else { return }
    let width = Terminal.size.width
    let bar = Self.bar(
      file, received: received, byteCount: byteCount, bytesPerSecond: bytesPerSecond(received), width: width)
    drawing.draw([bar], width: width)
  }

  /// Returns the speed of the current download; nil in the first 0.2 seconds of the download.
  private func bytesPerSecond(_ received: Int) -> Double? {
    guard let begin else { return nil }
    let seconds = begin.instant.duration(to: clock.now) / .seconds(1)
    return seconds > 0.2 ? Double(received - begin.received) / seconds : nil
  }

  /// Returns a line such as `train-images-idx3-ubyte.gz [####----] 4.1 MB of 9.9 MB, 3.2 MB/s, 2 s left`.
  ///
  /// - Parameters:
  ///   - file: The file's name.
  ///   - received: The number of bytes received so far.
  ///   - byteCount: The size of the file in bytes; nil if unknown.
  ///   - bytesPerSecond: The speed of the download; nil if unknown.
  ///   - width: The width of the terminal in characters. The returned line is shorter than this width.
  package static func bar(_ file: String, received: Int, byteCount: Int?, bytesPerSecond: Double?, width: Int) -> String
  {
    var tail = received.byteCountText
    if let byteCount { tail += " of \(byteCount.byteCountText)" }
    if let bytesPerSecond {
      tail += ", \(Int(bytesPerSecond).byteCountText)/s"
      if let byteCount, bytesPerSecond > 0, received < byteCount {
        let seconds = (Double(byteCount - received) / bytesPerSecond).rounded(.up)
        tail += seconds < 100_000 ? ", \(Int(seconds)) s left" : ""
      }
    }
    let share = byteCount.flatMap { $0 > 0 ? Double(received) / Double($0) : nil }
    return ProgressBar.line(file, share: share, tail, width: width)
  }
}
