import NeuralNetwork
import RandomSources
import Testing

/// What memory holds that no kernel should write to.
let untouched = -77.0

extension Workspace {
  /// Rows of the given elements, `stride` apart.
  func rows<Scalar: KernelScalar>(_ elements: [Scalar], stride: Int) -> RowsPointer<Scalar> {
    let start = allocate(Scalar.self, count: elements.count)
    start.update(from: elements, count: elements.count)
    return RowsPointer(start, stride: stride)
  }

  /// Rows to write to, `stride` apart, of which every element is ``untouched``.
  func untouchedRows<Scalar: KernelScalar>(_: Scalar.Type, rowCount: Int, stride: Int) -> RowsPointer<Scalar> {
    rows([Scalar](repeating: Scalar(untouched), count: rowCount * stride), stride: stride)
  }
}

extension RowsPointer {
  /// All elements of so many rows, with what lies between them.
  func elements(rowCount: Int) -> [Scalar] { Array(UnsafeBufferPointer(start: start, count: rowCount * stride)) }
}

extension SplittableRandomSource {
  mutating func scalars<Scalar: KernelScalar>(
    _ count: Int, in range: ClosedRange<Double> = -1...1, _: Scalar.Type = Scalar.self
  ) -> [Scalar] {
    (0..<count).map { _ in Scalar(range.lowerBound + (range.upperBound - range.lowerBound) * uniform()) }
  }

  /// Bytes of which a share are `blank`, and the others any, which may be that one too.
  mutating func bytes(_ count: Int, blank: UInt8, share: Double) -> [UInt8] {
    (0..<count).map { _ in uniform() < share ? blank : UInt8(integer(through: 255)) }
  }
}

/// What a computation gives with the kernels of each instruction set that this processor has. Those with a fused
/// multiply-add have to give the same bits.
func resultsInAllSets<Scalar: KernelScalar>(
  sourceLocation: SourceLocation = #_sourceLocation,
  _ body: (_ kernels: BatchKernels<Scalar>, _ workspace: Workspace) -> [Scalar]
) -> [[Scalar]] {
  let sets = InstructionSet.allCases.filter(\.isAvailable)
  let results = sets.map { set in
    let workspace = Workspace()
    defer { withExtendedLifetime(workspace) {} }
    return body(BatchKernels(available: set), workspace)
  }
  let fused = zip(sets, results).filter { $0.0 != .plain }.map { bits($0.1) }
  #expect(fused.allSatisfy { $0 == fused[0] }, "AVX2 and AVX-512 give the same bits", sourceLocation: sourceLocation)
  return results
}

/// The bytes that numbers are made of, which tell apart what `==` does not.
func bits<Scalar: KernelScalar>(_ numbers: [Scalar]) -> [UInt8] { numbers.withUnsafeBytes { Array($0) } }

/// A number, and how far from it a result may be.
struct Expected {
  var value: Double
  var tolerance: Double

  static let untouched = Expected(value: NeuralNetworkTests.untouched, tolerance: 0)
}

/// The first of the numbers that is not what was expected, in words; nil where all are.
func deviation<Scalar: KernelScalar>(of found: [Scalar], from expected: [Expected]) -> String? {
  guard found.count == expected.count else { return "\(found.count) numbers, expected \(expected.count)" }
  for (index, (found, expected)) in zip(found, expected).enumerated() {
    let isEqual = Double(found) == expected.value || (found.isNaN && expected.value.isNaN)
    guard isEqual || abs(Double(found) - expected.value) <= expected.tolerance else {
      return "number \(index) is \(found), expected \(expected.value) to within \(expected.tolerance)"
    }
  }
  return nil
}
