import CKernels
import Foundation
import NeuralNetwork
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

  /// A list's indices and bytes as they should be.
  static func expected(_ bytes: [UInt8], blank: UInt8) -> (indices: [UInt16], bytes: [UInt8]) {
    var indices = bytes.indices.filter { bytes[$0] != blank }.map { UInt16($0) }
    var listed = indices.map { bytes[Int($0)] }
    while !indices.count.isMultiple(of: 4) {
      indices.append(0)
      listed.append(blank)
    }
    return (indices, listed)
  }

  /// Whether a list holds what is in the bytes.
  static func isRight(
    _ list: (indices: UnsafePointer<UInt16>, bytes: UnsafePointer<UInt8>, count: Int), _ bytes: [UInt8], blank: UInt8
  ) -> Bool {
    let expected = expected(bytes, blank: blank)
    return expected.indices.elementsEqual(UnsafeBufferPointer(start: list.indices, count: list.count))
      && expected.bytes.elementsEqual(UnsafeBufferPointer(start: list.bytes, count: list.count))
  }

  /// The kernels of each instruction set, also without the instructions that only some processors have besides.
  static let variants: [(name: String, kernels: BatchKernels<Float>)] = InstructionSet.allCases.filter(\.isAvailable)
    .flatMap { set in
      [true, false].map { ("\(set), \($0)", BatchKernels(available: set, compressesBytes: $0)) }
    }

  @Test("a list is the places of those bytes that are not blank, and the bytes", arguments: [0, 100, 255] as [UInt8])
  func lists(_ blank: UInt8) {
    var source = SplittableRandomSource(seed: 1)
    for (name, kernels) in Self.variants {
      for count in Array(0...200) + [784] {
        let workspace = Workspace()
        defer { withExtendedLifetime(workspace) {} }
        let lists = Self.lists(3, length: count, blank: blank, in: workspace)
        let bytes = [0.8, 0, 1].map { source.bytes(count, blank: blank, share: $0) }
        // The middle one last: what it writes must not reach the others.
        for list in [0, 2, 1] {
          // Bytes may begin anywhere.
          let offset = 1 + 2 * (count % 8)
          let moved = [UInt8](repeating: 1, count: offset) + bytes[list]
          moved.withUnsafeBufferPointer {
            lists.fill(list, from: $0.baseAddress! + offset, count: count, kernels)
          }
        }
        for list in 0..<3 { #expect(Self.isRight(lists[list], bytes[list], blank: blank), "\(name), \(count) bytes") }
      }
    }
  }

  @Test("lists that follow one another lie without gaps")
  func following() {
    for (name, kernels) in Self.variants {
      var source = SplittableRandomSource(seed: 4)
      let workspace = Workspace()
      defer { withExtendedLifetime(workspace) {} }
      let lists = Self.lists(20, length: 130, blank: 0, in: workspace)
      let bytes = (0..<20).map { source.bytes(130, blank: 0, share: Double($0 % 6) / 5) }
      // Two parts, as two threads fill them, the second one first.
      for part in [8..<20, 0..<8] {
        for list in part {
          lists.fill(list, isNext: list > part.lowerBound, from: bytes[list], count: 130, kernels)
        }
      }
      for list in 0..<20 { #expect(Self.isRight(lists[list], bytes[list], blank: 0), "\(name), list \(list)") }
      for list in 1..<20 where list != 8 {
        #expect(lists[list].bytes == lists[list - 1].bytes + lists[list - 1].count)
        #expect(lists[list].indices == lists[list - 1].indices + lists[list - 1].count)
      }
    }
  }

  @Test("rows that are listed in one call are listed as in a call each")
  func rows() {
    for (name, kernels) in Self.variants {
      var source = SplittableRandomSource(seed: 5)
      let workspace = Workspace()
      defer { withExtendedLifetime(workspace) {} }
      let lists = Self.lists(20, length: 130, blank: 0, in: workspace)
      let stride = 137
      var bytes = source.bytes(20 * stride, blank: 0, share: 0.6)
      bytes.withUnsafeMutableBufferPointer { bytes in
        let rows = RowsPointer(bytes.baseAddress!, stride: stride)
        lists.fill(0..<16, from: rows, count: 130, kernels)
        lists.fill(16..<20, isNext: true, from: rows.from(row: 16), count: 130, kernels)
      }
      for list in 0..<20 {
        let row = Array(bytes[list * stride..<list * stride + 130])
        #expect(Self.isRight(lists[list], row, blank: 0), "\(name), list \(list)")
        if list > 0 { #expect(lists[list].bytes == lists[list - 1].bytes + lists[list - 1].count) }
      }
    }
  }

  /// Lists of bytes of which one is blank.
  static func lists(_ count: Int, length: Int, blank: UInt8, in workspace: Workspace) -> ByteLists<Float> {
    let values = (0...255).map { $0 == Int(blank) ? 0 : Double($0) }
    let scale = values.withUnsafeBufferPointer {
      ByteScale<Float>($0.baseAddress!, blank: blank, in: workspace)
    }
    return ByteLists(count: count, length: length, scale: scale, in: workspace)
  }

  @Test("filling a list leaves what lies before and behind its room as it was")
  func room() {
    for (name, kernels) in Self.variants {
      for count in [1, 3, 4, 15, 16, 17, 63, 64, 65, 80, 127, 784] {
        let workspace = Workspace()
        defer { withExtendedLifetime(workspace) {} }
        let lists = Self.lists(3, length: count, blank: 0, in: workspace)
        let bytes = [UInt8](repeating: 1, count: count)
        for list in 0..<3 { lists.fill(list, from: bytes, count: 0, kernels) }
        let stride = lists[1].indices - lists[0].indices
        #expect(stride == count + Int(MNIST_LIST_ROOM))
        let (indices, listed) = (lists[0].indices, lists[0].bytes)
        UnsafeMutablePointer(mutating: indices).update(repeating: 777, count: 3 * stride)
        UnsafeMutablePointer(mutating: listed).update(repeating: 77, count: 3 * stride)
        lists.fill(1, from: bytes, count: count, kernels)
        #expect(Self.isRight(lists[1], bytes, blank: 0))
        let changed = (0..<3 * stride).filter { indices[$0] != 777 || listed[$0] != 77 }
        #expect(changed.allSatisfy { $0 / stride == 1 }, "\(name), \(count) bytes, at \(changed)")
      }
    }
  }

  @Test("the longest list has 65,536 elements", arguments: [0.9, 0])
  func longest(_ blankShare: Double) {
    var source = SplittableRandomSource(seed: 2)
    let count = SparseLists<Float>.maximumLength
    let bytes = source.bytes(count, blank: 0, share: blankShare).map { blankShare == 0 ? max($0, 1) : $0 }
    for (name, kernels) in Self.variants {
      let workspace = Workspace()
      defer { withExtendedLifetime(workspace) {} }
      let lists = Self.lists(1, length: count, blank: 0, in: workspace)
      lists.fill(0, from: bytes, count: count, kernels)
      #expect(Self.isRight(lists[0], bytes, blank: 0), "\(name)")
    }
  }

  @Test("no byte behind the last one is read")
  func endOfMemory() throws {
    let pageSize = Int(sysconf(Int32(_SC_PAGESIZE)))
    let memory = try #require(
      mmap(nil, 2 * pageSize, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0))
    defer { munmap(memory, 2 * pageSize) }
    // Whoever reads from the second page ends the process.
    try #require(mprotect(memory + pageSize, pageSize, PROT_NONE) == 0)
    for (name, kernels) in Self.variants {
      for count in Array(1...130) + [784] {
        let workspace = Workspace()
        defer { withExtendedLifetime(workspace) {} }
        let bytes = (memory + pageSize - count).bindMemory(to: UInt8.self, capacity: count)
        bytes.update(repeating: 3, count: count)
        let lists = Self.lists(1, length: count, blank: 0, in: workspace)
        lists.fill(0, from: bytes, count: count, kernels)
        #expect(Self.isRight(lists[0], [UInt8](repeating: 3, count: count), blank: 0), "\(name)")
      }
    }
  }

  @Test(
    "lists of bytes are multiplied as the numbers that they stand for: to the bit, but where they are scaled as a whole",
    arguments: scales)
  func combine(_ scale: Scale) {
    let workspace = Workspace()
    defer { withExtendedLifetime(workspace) {} }
    let tag = scale.byteScale(Float.self, in: workspace).tag.pointee
    let isLinear = tag.is_linear
    #if arch(arm64)
      let isPlainFused = true
    #else
      let isPlainFused = false
    #endif
    func check<Scalar: KernelScalar>(_: Scalar.Type) {
      for length in [1, 5, 784, 3000] {
        var source = SplittableRandomSource(seed: UInt64(length))
        let width = Scalar.panelWidth
        let images = [0.8, 0, 1].map { source.bytes(length, blank: scale.blank, share: $0) }
        let matrix: [Scalar] = source.scalars(length * width)
        func results(
          ofBytes: Bool, values: @escaping (UInt8) -> Double = { scale.values[Int($0)] }
        ) -> [[Scalar]] {
          resultsInAllSets { kernels, workspace in
            let rows = workspace.rows(matrix, stride: width)
            let out = workspace.untouchedRows(Scalar.self, rowCount: 3, stride: width)
            func combine(_ lists: some KernelLists<Scalar>) {
              kernels.combine(
                lists, 0..<3, matrix: rows, columnCount: width, into: out, panelStride: 0, width: width)
            }
            if ofBytes {
              let byteScale = scale.byteScale(Scalar.self, in: workspace)
              let lists = ByteLists(count: 3, length: length, scale: byteScale, in: workspace)
              for list in 0..<3 { lists.fill(list, from: images[list], count: length, kernels) }
              combine(lists)
            } else {
              let lists = SparseLists<Scalar>(count: 3, length: length, in: workspace)
              for list in 0..<3 {
                let scalars = images[list].map { Scalar(values($0)) }
                lists.fill(list, from: workspace.rows(scalars, stride: 0).start, count: length, kernels)
              }
              combine(lists)
            }
            return out.elements(rowCount: 3)
          }
        }
        let found = results(ofBytes: true)
        if Scalar.isFloat32, isLinear {
          // Bytes' distances from the blank one as scalars, and their sums times the slope.
          let unscaled = results(ofBytes: false, values: { Double($0) - Double(scale.blank) })
          let (slope, rest) = (Scalar(tag.slope), Scalar(tag.slope_rest))
          for (set, (found, totals)) in zip(InstructionSet.allCases.filter(\.isAvailable), zip(found, unscaled)) {
            let scaled = totals.map { total in
              set == .plain && !isPlainFused
                ? total * slope + (total * rest + 0) : (total * rest).addingProduct(total, slope)
            }
            #expect(bits(found) == bits(scaled), "\(length) bytes")
          }
          let expected = images.flatMap { image in
            (0..<width).map { column in
              let terms = image.indices.map { (Scalar(scale.values[Int(image[$0])]), matrix[$0 * width + column]) }
              return BatchProductTests.sum(terms)
            }
          }
          for result in found { #expect(deviation(of: result, from: expected) == nil, "\(length) bytes") }
        } else {
          #expect(found.map(bits) == results(ofBytes: false).map(bits), "\(length) bytes")
        }
      }
    }
    check(Float.self)
    check(Double.self)
  }

  @Test("a scale counts as linear only where arithmetic gives the table's numbers", arguments: scales)
  func linear(_ scale: Scale) {
    let workspace = Workspace()
    defer { withExtendedLifetime(workspace) {} }
    let byteScale = scale.byteScale(Float.self, in: workspace)
    let (slope, rest) = (byteScale.tag.pointee.slope, byteScale.tag.pointee.slope_rest)
    let isArithmetic = (0...255).allSatisfy { byte in
      let distance = Float(byte - Int(scale.blank))
      return (distance * rest).addingProduct(distance, slope) == Float(scale.values[byte])
    }
    #expect(byteScale.tag.pointee.is_linear == isArithmetic)
    #expect(byteScale.tag.pointee.is_linear == scale.isLinear)
    #expect(byteScale.blank == scale.blank)
    #expect((0...255).allSatisfy { byteScale[UInt8($0)] == Float(scale.values[$0]) })
  }
}
