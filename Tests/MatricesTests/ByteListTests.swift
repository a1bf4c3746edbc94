import CKernels
import Foundation
import Matrices
import RandomSources
import Testing

/// Lists of the bytes that are not blank.
@Suite struct ByteListTests {
  /// A way to scale bytes.
  struct Scale: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var blank: UInt8
    var isLinear: Bool
    var values: [Double]

    init(_ name: String, blank: UInt8, isLinear: Bool, _ value: (Int) -> Double) {
      (testDescription, self.blank, self.isLinear) = (name, blank, isLinear)
      values = (0...255).map(value)
    }

    func byteScale<Scalar: KernelScalar>(_: Scalar.Type, in workspace: Workspace) -> ByteScale<Scalar> {
      values.withUnsafeBufferPointer { ByteScale($0.baseAddress!, blank: blank, in: workspace) }
    }
  }

  static let scales = [
    Scale("bytes as they are", blank: 0, isLinear: true) { Double($0) },
    Scale("0 to 1", blank: 0, isLinear: true) { Double($0) / 255 },
    Scale("1 to 0", blank: 255, isLinear: true) { Double(255 - $0) / 255 },
    Scale("both signs", blank: 100, isLinear: true) { Double($0 - 100) / 64 },
    Scale("square roots", blank: 0, isLinear: false) { Double($0).squareRoot() },
    Scale("no order", blank: 17, isLinear: false) { $0 == 17 ? 0 : cos(Double($0) * 1.7) },
  ]

  /// A list's indices and values as they should be.
  static func expected<Scalar: KernelScalar>(
    _ bytes: [UInt8], _ scale: Scale
  ) -> (indices: [UInt16], values: [Scalar]) {
    var indices = bytes.indices.filter { bytes[$0] != scale.blank }.map { UInt16($0) }
    var values = indices.map { Scalar(scale.values[Int(bytes[Int($0)])]) }
    while !indices.count.isMultiple(of: 4) {
      indices.append(0)
      values.append(0)
    }
    return (indices, values)
  }

  /// Whether a list holds what is in the bytes.
  static func isRight<Scalar: KernelScalar>(
    _ list: (indices: UnsafePointer<UInt16>, values: UnsafePointer<Scalar>, count: Int), _ bytes: [UInt8],
    _ scale: Scale
  ) -> Bool {
    let expected: (indices: [UInt16], values: [Scalar]) = expected(bytes, scale)
    return expected.indices.elementsEqual(UnsafeBufferPointer(start: list.indices, count: list.count))
      && expected.values.elementsEqual(UnsafeBufferPointer(start: list.values, count: list.count))
  }

  @Test("a list is the indices and the table's values of those bytes that are not blank", arguments: scales)
  func lists(_ scale: Scale) {
    func check<Scalar: KernelScalar>(_: Scalar.Type) {
      var source = SplittableRandomSource(seed: 1)
      for set in InstructionSet.allCases where set.isAvailable {
        let kernels = BatchKernels<Scalar>(available: set)
        for count in Array(0...200) + [784] {
          let workspace = Workspace()
          defer { withExtendedLifetime(workspace) {} }
          let byteScale = scale.byteScale(Scalar.self, in: workspace)
          let lists = SparseLists<Scalar>(count: 3, length: count, in: workspace)
          let bytes = [0.8, 0, 1].map { source.bytes(count, blank: scale.blank, share: $0) }
          // The middle one last: what it writes must not reach the others.
          for list in [0, 2, 1] {
            // Bytes may begin anywhere.
            let offset = 1 + 2 * (count % 8)
            let moved = [UInt8](repeating: 1, count: offset) + bytes[list]
            moved.withUnsafeBufferPointer {
              lists.fill(list, from: $0.baseAddress! + offset, count: count, scale: byteScale, kernels)
            }
          }
          for list in 0..<3 { #expect(Self.isRight(lists[list], bytes[list], scale), "\(set), \(count) bytes") }
        }
      }
    }
    check(Float.self)
    check(Double.self)
  }

  @Test("filling a list leaves what lies before and behind its room as it was", arguments: scales)
  func room(_ scale: Scale) {
    func check<Scalar: KernelScalar>(_: Scalar.Type) {
      for set in InstructionSet.allCases where set.isAvailable {
        for count in [1, 3, 4, 15, 16, 17, 63, 64, 65, 80, 127, 784] {
          let workspace = Workspace()
          defer { withExtendedLifetime(workspace) {} }
          let lists = SparseLists<Scalar>(count: 3, length: count, in: workspace)
          let stride = lists[1].indices - lists[0].indices
          #expect(stride == count + 19)
          let (indices, values) = (lists[0].indices, lists[0].values)
          UnsafeMutablePointer(mutating: indices).update(repeating: 777, count: 3 * stride)
          UnsafeMutablePointer(mutating: values).update(repeating: Scalar(untouched), count: 3 * stride)
          let bytes = [UInt8](repeating: scale.blank &+ 1, count: count)
          let byteScale = scale.byteScale(Scalar.self, in: workspace)
          lists.fill(1, from: bytes, count: count, scale: byteScale, BatchKernels(available: set))
          #expect(Self.isRight(lists[1], bytes, scale))
          let changed = (0..<3 * stride).filter { indices[$0] != 777 || values[$0] != Scalar(untouched) }
          #expect(changed.allSatisfy { $0 / stride == 1 }, "\(set), \(count) bytes, at \(changed)")
        }
      }
    }
    check(Float.self)
    check(Double.self)
  }

  @Test("the longest list has 65,536 elements", arguments: [0.9, 0])
  func longest(_ blankShare: Double) {
    func check<Scalar: KernelScalar>(_: Scalar.Type) {
      var source = SplittableRandomSource(seed: 2)
      let (scale, count) = (Self.scales[1], SparseLists<Scalar>.maximumLength)
      let bytes = source.bytes(count, blank: 0, share: blankShare).map { blankShare == 0 ? max($0, 1) : $0 }
      for set in InstructionSet.allCases where set.isAvailable {
        let workspace = Workspace()
        defer { withExtendedLifetime(workspace) {} }
        let lists = SparseLists<Scalar>(count: 1, length: count, in: workspace)
        let byteScale = scale.byteScale(Scalar.self, in: workspace)
        lists.fill(0, from: bytes, count: count, scale: byteScale, BatchKernels(available: set))
        #expect(Self.isRight(lists[0], bytes, scale), "\(set)")
      }
    }
    check(Float.self)
    check(Double.self)
  }

  @Test("no byte behind the last one is read")
  func endOfMemory() throws {
    let pageSize = Int(sysconf(Int32(_SC_PAGESIZE)))
    let memory = try #require(
      mmap(nil, 2 * pageSize, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0))
    defer { munmap(memory, 2 * pageSize) }
    // Whoever reads from the second page ends the process.
    try #require(mprotect(memory + pageSize, pageSize, PROT_NONE) == 0)
    for set in InstructionSet.allCases where set.isAvailable {
      for count in Array(1...130) + [784] {
        let workspace = Workspace()
        defer { withExtendedLifetime(workspace) {} }
        let bytes = (memory + pageSize - count).bindMemory(to: UInt8.self, capacity: count)
        bytes.update(repeating: 3, count: count)
        let lists = SparseLists<Float>(count: 1, length: count, in: workspace)
        let scale = Self.scales[1].byteScale(Float.self, in: workspace)
        lists.fill(0, from: bytes, count: count, scale: scale, BatchKernels(available: set))
        #expect(Self.isRight(lists[0], [UInt8](repeating: 3, count: count), Self.scales[1]))
      }
    }
  }

  @Test("a scale counts as linear only where arithmetic gives the table's numbers", arguments: scales)
  func linear(_ scale: Scale) {
    let workspace = Workspace()
    defer { withExtendedLifetime(workspace) {} }
    let byteScale = scale.byteScale(Float.self, in: workspace)
    let (slope, rest) = (byteScale.tag.slope, byteScale.tag.slope_rest)
    let isArithmetic = (0...255).allSatisfy { byte in
      let distance = Float(byte - Int(scale.blank))
      return (distance * rest).addingProduct(distance, slope) == Float(scale.values[byte])
    }
    #expect(byteScale.tag.is_linear == isArithmetic)
    #expect(byteScale.tag.is_linear == scale.isLinear)
    #expect(byteScale.blank == scale.blank)
  }
}
