internal import CKernels

/// The widest instructions that a set of kernels uses.
public enum InstructionSet: String, CaseIterable, Codable, Sendable {
  /// What the compiler targets by default: SSE2 on x86-64, NEON on arm64.
  case plain
  /// x86-64 with AVX2.
  case avx2
  /// x86-64 with AVX-512.
  case avx512

  /// Whether this processor has it and this build has kernels for it.
  public var isAvailable: Bool { mnist_has(tag) }

  /// The widest one that is available.
  public static var widest: InstructionSet { allCases.last { $0.isAvailable } ?? .plain }

  /// The same for the kernels.
  var tag: mnist_instruction_set {
    switch self {
    case .plain: MNIST_PLAIN
    case .avx2: MNIST_AVX2
    case .avx512: MNIST_AVX512
    }
  }
}
