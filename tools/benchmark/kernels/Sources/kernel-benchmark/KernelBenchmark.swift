internal import ArgumentParser
internal import CPeak
internal import Dispatch
internal import Foundation

/// The program `kernel-benchmark`, which measures the processor's float32 peak and the matrix product.
@main
struct KernelBenchmark: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "kernel-benchmark",
    abstract: "Measures the processor's float32 peak and the speed of the matrix product.",
    discussion: """
      The peak is the speed of fused multiply-adds in the widest vectors. An operation is one multiplication or one \
      addition of one number. Prints JSON.
      """)

  @Option(help: "The number of threads. The peak is the sum over all threads.")
  var threads = 1

  @Option(help: "The number of measurements. The largest result counts.")
  var repeats = 20

  @Flag(help: "Also measure the matrix product of each instruction set, with one thread.")
  var kernels = false

  func validate() throws {
    guard threads >= 1, repeats >= 1 else {
      throw ValidationError("--threads is \(threads) and --repeats is \(repeats), expected at least 1 for both")
    }
  }

  func run() throws {
    let peak = Peak.measured(threads: threads, repeats: repeats)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    let products = kernels ? MatrixProduct.measured(repeats: repeats) : nil
    print(String(decoding: try encoder.encode(Report(peak: peak, products: products)), as: UTF8.self))
  }
}

/// The output of the program: the fields of the peak, and the matrix products if `--kernels` is given.
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

/// The largest measured number of float32 operations in a second.
struct Peak: Encodable {
  var instructionSet: String
  var threads: Int
  /// The sum over all threads, in billions of operations in a second.
  var gigaflops: Double

  /// Returns the largest of several measurements, each of a few hundredths of a second.
  ///
  /// The largest counts, because other programs on the machine can only make a measurement smaller.
  static func measured(threads: Int, repeats: Int) -> Peak {
    let loop = peak_loop_widest()
    let rounds = 10_000_000
    // With a factor below 1, the accumulators converge to 1. They become neither infinite nor denormal.
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
