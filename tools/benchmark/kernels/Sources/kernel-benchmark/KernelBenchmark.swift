internal import ArgumentParser
internal import CPeak
internal import Dispatch
internal import Foundation

/// `kernel-benchmark`: what the processor can do at most.
@main
struct KernelBenchmark: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "kernel-benchmark",
    abstract: "Measures the processor's float32 peak, and how near to it the matrix product comes.",
    discussion: """
      The peak is fused multiply-adds in the widest vectors and nothing else. Prints JSON. An operation is one \
      multiplication or one addition of one number.
      """)

  @Option(help: "Threads that calculate at the same time; the peak is that of all together.")
  var threads = 1

  @Option(help: "How often it is measured; the largest counts.")
  var repeats = 20

  @Flag(help: "Measure the matrix product too, in each instruction set, with one thread.")
  var kernels = false

  func validate() throws {
    guard threads >= 1, repeats >= 1 else { throw ValidationError("--threads and --repeats are at least 1") }
  }

  func run() throws {
    let peak = Peak.measured(threads: threads, repeats: repeats)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    let products = kernels ? MatrixProduct.measured(repeats: repeats) : nil
    print(String(decoding: try encoder.encode(Report(peak: peak, products: products)), as: UTF8.self))
  }
}

/// What is printed: the peak's fields, and the products where they were asked for.
private struct Report: Encodable {
  var peak: Peak
  var products: [MatrixProduct]?

  private enum CodingKeys: String, CodingKey { case products }

  func encode(to encoder: any Encoder) throws {
    try peak.encode(to: encoder)
    guard let products else { return }
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(products, forKey: .products)
  }
}

/// The most float32 arithmetic in a second.
struct Peak: Encodable {
  var instructionSet: String
  var threads: Int
  /// Of all threads together.
  var gigaflops: Double

  /// The largest of some measurements of a few hundredths of a second each: whatever else the machine does can only make
  /// one smaller.
  static func measured(threads: Int, repeats: Int) -> Peak {
    let loop = peak_loop_widest()
    let rounds = 10_000_000
    // The factor is below 1, so that the accumulators go towards 1 and never to infinity or to denormal numbers.
    let work: @Sendable (Int) -> Void = { _ in
      let result = peak_loop_widest().run(rounds, 0.999, 0.001)
      precondition(result.isFinite)
    }
    let seconds = (0..<repeats).map { _ in
      let start = ContinuousClock.now
      DispatchQueue.concurrentPerform(iterations: threads, execute: work)
      return (ContinuousClock.now - start) / .seconds(1)
    }
    let operations = Double(rounds * threads * Int(loop.operations_per_round))
    return Peak(
      instructionSet: String(cString: loop.instruction_set), threads: threads,
      gigaflops: operations / (seconds.min() ?? .infinity) / 1e9)
  }
}
