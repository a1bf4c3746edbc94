/// The node counts of a network's layers, input to output, as the article writes them: `64,16,12,10`.
///
/// A constant 1 is appended to the input, and each hidden layer is one unit wider than its node count says; the extra
/// unit is an ordinary unit with weights of its own. So the weights between the layers of `64,16,12,10` have the
/// shapes `[65, 17]`, `[17, 13]` and `[13, 10]`.
///
/// ```swift
/// let architecture = try Architecture([64, 16, 12, 10])
/// let same = try Architecture(parsing: "64,16,12,10")
/// ```
public struct Architecture: Hashable, Sendable {
  /// The most weights that a network may have: 2 GiB of float64.
  public static let maximumWeightCount = 1 << 28

  /// The node counts, input first; two or more, each at least 1.
  public let nodeCounts: [Int]

  /// An architecture of the given node counts, input to output.
  ///
  /// - Throws: ``ArchitectureError`` for fewer than two layers, a count below 1, or more weights than
  ///   ``maximumWeightCount``.
  public init(_ nodeCounts: [Int]) throws(ArchitectureError) {
    guard nodeCounts.count >= 2 else { throw .tooFewLayers(found: nodeCounts.count) }
    for (layer, count) in nodeCounts.enumerated() where count < 1 {
      throw .countNotPositive(layer: layer, found: count)
    }
    guard nodeCounts.allSatisfy({ $0 <= Self.maximumWeightCount }) else { throw .tooManyWeights(nodeCounts) }
    self.nodeCounts = nodeCounts
    // Layer by layer, as the sum over a long list could overflow.
    var weightCount = 0
    for shape in weightShapes {
      weightCount += shape.inputs * shape.outputs
      guard weightCount <= Self.maximumWeightCount else { throw .tooManyWeights(nodeCounts) }
    }
  }

  /// The architecture that a text of whole numbers between commas stands for.
  ///
  /// - Throws: ``ArchitectureError``, also where a part of the text is not a whole number.
  public init(parsing text: String) throws(ArchitectureError) {
    var nodeCounts: [Int] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      guard let count = Int(part.drop { $0 == " " }) else { throw .notANumber(String(part)) }
      nodeCounts.append(count)
    }
    try self.init(nodeCounts)
  }

  /// The number of features of a sample.
  public var inputCount: Int { nodeCounts[0] }

  /// The number of outputs, one for each class.
  public var outputCount: Int { nodeCounts[nodeCounts.count - 1] }

  /// The shape of each weight matrix, `[inputs, outputs]`, with the constant input and the extra hidden units counted.
  public var weightShapes: [(inputs: Int, outputs: Int)] {
    let last = nodeCounts.count - 1
    return (0..<last).map { (nodeCounts[$0] + 1, nodeCounts[$0 + 1] + ($0 + 1 < last ? 1 : 0)) }
  }

  /// The number of all weights.
  public var weightCount: Int {
    weightShapes.reduce(0) { $0 + $1.inputs * $1.outputs }
  }
}

extension Architecture: Codable {
  /// Writes the node counts.
  public func encode(to encoder: any Encoder) throws {
    try nodeCounts.encode(to: encoder)
  }

  /// Reads node counts, and refuses those that make no architecture.
  public init(from decoder: any Decoder) throws {
    let nodeCounts = try [Int](from: decoder)
    do throws(ArchitectureError) {
      try self.init(nodeCounts)
    } catch {
      throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "\(error)"))
    }
  }
}

extension Architecture: CustomStringConvertible {
  /// The node counts between commas, which `init(parsing:)` reads.
  public var description: String { nodeCounts.map(String.init).joined(separator: ",") }
}

/// Why node counts make no architecture.
public enum ArchitectureError: Error, Equatable, Sendable, CustomStringConvertible {
  /// One number or none was given; a network has at least an input and an output layer.
  case tooFewLayers(found: Int)
  /// A layer's count, the input being layer 0, is zero or negative.
  case countNotPositive(layer: Int, found: Int)
  /// The layers have more weights between them than ``Architecture/maximumWeightCount``.
  case tooManyWeights([Int])
  /// A part of the text is not a whole number.
  case notANumber(String)

  /// One sentence.
  public var description: String {
    switch self {
    case .tooFewLayers(let found):
      "an architecture needs two or more node counts, input to output, found \(found)"
    case .countNotPositive(let layer, let found):
      "layer \(layer) of the architecture has \(found) nodes, expected at least 1"
    case .tooManyWeights(let counts):
      "the architecture \(counts.map(String.init).joined(separator: ",")) has more than "
        + "\(Architecture.maximumWeightCount) weights"
    case .notANumber(let part):
      "an architecture is whole numbers between commas, such as 64,16,12,10, found \"\(part)\""
    }
  }
}
