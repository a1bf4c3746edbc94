import Foundation
import Matrices
import NeuralNetwork
import RandomSources
import Testing

/// The kernels against plain Swift, in every variant that this processor can run.
@Suite struct KernelsTests {
  static let available = InstructionSet.allCases.filter(\.isAvailable)
  static let shapes = [(1, 1), (2, 7), (3, 8), (17, 13), (65, 17), (40, 31), (33, 33), (129, 65), (20, 100)]

  /// A matrix with padded rows and zeros behind the columns, in aligned memory.
  struct Padded {
    let buffer: AlignedBuffer<Double>
    let width: Int
    init(rowCount: Int, columnCount: Int, using generator: inout some RandomNumberGenerator) {
      width = Kernels.paddedWidth(columnCount)
      buffer = AlignedBuffer(count: rowCount * width)
      for row in 0..<rowCount {
        for column in 0..<columnCount { buffer.pointer[row * width + column] = .random(in: -1...1, using: &generator) }
      }
    }
    var elements: [Double] { Array(UnsafeBufferPointer(start: buffer.pointer, count: buffer.count)) }
  }

  /// A sparse choice of rows, with a value for each.
  struct Choice {
    var indices: [UInt32]
    var values: [Double]
    init(from rowCount: Int, using generator: inout some RandomNumberGenerator) {
      indices = (0..<UInt32(rowCount)).filter { _ in Bool.random(using: &generator) }
      values = indices.map { _ in Double.random(in: 0...1, using: &generator) }
    }
  }

  @Test("plain is always there, and widest is available")
  func variants() {
    #expect(InstructionSet.plain.isAvailable)
    #expect(InstructionSet.widest.isAvailable)
  }

  @Test("a padded width is the next multiple of the lanes")
  func paddedWidth() {
    #expect([0, 1, 8, 9, 17].map(Kernels.paddedWidth) == [0, 8, 8, 16, 24])
  }

  @Test("combineRows is the weighted sum of the chosen rows", arguments: available, shapes)
  func combineRows(_ set: InstructionSet, _ shape: (rows: Int, columns: Int)) throws {
    let kernels = try #require(Kernels(set))
    var generator = NumPyRandomSource(seed: 7)
    for _ in 0..<5 {
      let matrix = Padded(rowCount: shape.rows, columnCount: shape.columns, using: &generator)
      let choice = Choice(from: shape.rows, using: &generator)
      let out = AlignedBuffer<Double>(count: matrix.width)
      kernels.combineRows(
        of: matrix.buffer.pointer, width: matrix.width, at: choice.indices, by: choice.values,
        count: choice.indices.count, into: out.pointer)
      for column in 0..<matrix.width {
        var expected = 0.0
        for (index, value) in zip(choice.indices, choice.values) {
          expected += value * matrix.buffer.pointer[Int(index) * matrix.width + column]
        }
        #expect(abs(out.pointer[column] - expected) <= 1e-13)
      }
    }
  }

  @Test(
    "subtractAndCombine changes the chosen rows and no other, and adds up what they are then", arguments: available,
    shapes)
  func subtractAndCombine(_ set: InstructionSet, _ shape: (rows: Int, columns: Int)) throws {
    let kernels = try #require(Kernels(set))
    var generator = NumPyRandomSource(seed: 7)
    for _ in 0..<5 {
      let matrix = Padded(rowCount: shape.rows, columnCount: shape.columns, using: &generator)
      let vector = Padded(rowCount: 1, columnCount: shape.columns, using: &generator)
      let out = Padded(rowCount: 1, columnCount: shape.columns, using: &generator)
      let sums = Padded(rowCount: 1, columnCount: shape.columns, using: &generator)
      let (choice, next) = (Choice(from: shape.rows, using: &generator), Choice(from: shape.rows, using: &generator))
      var expected = matrix.elements
      for (index, value) in zip(choice.indices, choice.values) {
        for column in 0..<matrix.width {
          expected[Int(index) * matrix.width + column] -= value * vector.buffer.pointer[column]
        }
      }
      choice.indices.withUnsafeBufferPointer { indices in
        next.indices.withUnsafeBufferPointer { nextIndices in
          guard let base = indices.baseAddress, let nextBase = nextIndices.baseAddress else { return }
          kernels.subtractAndCombine(
            matrix.buffer.pointer, width: matrix.width,
            subtract: SampleList(indices: base, values: choice.values, count: indices.count),
            of: vector.buffer.pointer,
            combine: SampleList(indices: nextBase, values: next.values, count: nextIndices.count),
            into: out.buffer.pointer)
        }
      }
      #expect(matrix.elements == expected)
      kernels.combineRows(
        of: matrix.buffer.pointer, width: matrix.width, at: next.indices, by: next.values, count: next.indices.count,
        into: sums.buffer.pointer)
      #expect(out.elements == sums.elements)
    }
  }

  @Test(
    "dotRowsAndSubtract gives each row's product with a vector, and then changes the row", arguments: available, shapes)
  func dotRowsAndSubtract(_ set: InstructionSet, _ shape: (rows: Int, columns: Int)) throws {
    let kernels = try #require(Kernels(set))
    var generator = NumPyRandomSource(seed: 7)
    let matrix = Padded(rowCount: shape.rows, columnCount: shape.columns, using: &generator)
    let vector = Padded(rowCount: 1, columnCount: shape.columns, using: &generator)
    let subtracted = Padded(rowCount: 1, columnCount: shape.columns, using: &generator)
    let values = (0..<shape.rows).map { _ in generator.standardNormal() }
    let before = matrix.elements
    var out = [Double](repeating: .nan, count: shape.rows)
    kernels.dotRowsAndSubtract(
      matrix.buffer.pointer, width: matrix.width, rowCount: shape.rows, dot: vector.buffer.pointer, subtract: values,
      times: subtracted.buffer.pointer, into: &out)
    for row in 0..<shape.rows {
      let expected = (0..<matrix.width).reduce(0.0) {
        $0 + before[row * matrix.width + $1] * vector.buffer.pointer[$1]
      }
      #expect(abs(out[row] - expected) <= 1e-13)
      for column in 0..<matrix.width {
        let place = row * matrix.width + column
        #expect(matrix.elements[place] == before[place] - values[row] * subtracted.buffer.pointer[column])
      }
    }
  }

  @Test("compress finds every element that is not 0, in order", arguments: available, [0, 1, 7, 8, 9, 64, 65, 784])
  func compress(_ set: InstructionSet, _ count: Int) throws {
    let kernels = try #require(Kernels(set))
    var generator = NumPyRandomSource(seed: 9)
    for density in [0, 0.1, 0.5, 1] {
      var values = (0..<count).map { _ in generator.uniform() < density ? generator.standardNormal() : 0 }
      if count > 4 { (values[1], values[3]) = (-0.0, .nan) }
      // One element further than asked, and not aligned: it must not be read, nor anything behind the places written.
      let padded = [1] + values + [1]
      var indices = [UInt32](repeating: 77, count: count + 1)
      var nonzero = [Double](repeating: 77, count: count + 1)
      let found = padded.withUnsafeBufferPointer {
        kernels.compress($0.baseAddress! + 1, count: count, indices: &indices, nonzero: &nonzero)
      }
      let expected = values.indices.filter { values[$0] != 0 }
      #expect(Array(indices.prefix(found)) == expected.map { UInt32($0) })
      #expect(nonzero.prefix(found).map(\.bitPattern) == expected.map { values[$0].bitPattern })
      #expect(indices[count] == 77 && nonzero[count] == 77)
    }
  }

  @Test("sigmoid agrees with the C library to 4 units in the last place, at the edges too", arguments: available)
  func sigmoid(_ set: InstructionSet) throws {
    let kernels = try #require(Kernels(set))
    var inputs = stride(from: -745.0, through: 745, by: 0.37).map { $0 }
    inputs += stride(from: -3.0, through: 3, by: 0.0021)
    inputs += [0, -0.0, 1e-300, -1e-300, 709.8, -709.8, 1e5, -1e5, .infinity, -.infinity, 1e308, -1e308]
    let buffer = AlignedBuffer<Double>(count: Kernels.paddedWidth(inputs.count))
    buffer.pointer.update(from: inputs, count: inputs.count)
    kernels.sigmoid(buffer.pointer, count: buffer.count)
    for (index, input) in inputs.enumerated() {
      let expected = 1 / (1 + exp(-input))
      let tolerance = max(4 * expected.ulp, 1e-307)
      #expect(abs(buffer.pointer[index] - expected) <= tolerance, "at \(input)")
    }
  }

  @Test("sigmoid of not-a-number is not a number", arguments: available)
  func sigmoidOfNaN(_ set: InstructionSet) throws {
    let kernels = try #require(Kernels(set))
    let buffer = AlignedBuffer<Double>(count: Kernels.lanes)
    buffer.pointer[3] = .nan
    kernels.sigmoid(buffer.pointer, count: buffer.count)
    #expect(buffer.pointer[3].isNaN)
    #expect(buffer.pointer[2] == 0.5)
  }

  @Test("every variant gives the same bits", arguments: shapes)
  func sameBits(_ shape: (rows: Int, columns: Int)) throws {
    var generator = NumPyRandomSource(seed: 7)
    let matrix = Padded(rowCount: shape.rows, columnCount: shape.columns, using: &generator)
    let vector = Padded(rowCount: 1, columnCount: shape.columns, using: &generator)
    let choice = Choice(from: shape.rows, using: &generator)
    var results: [[Double]] = []
    for set in Self.available {
      let kernels = try #require(Kernels(set))
      var again = NumPyRandomSource(seed: 8)
      let changed = Padded(rowCount: shape.rows, columnCount: shape.columns, using: &again)
      let out = AlignedBuffer<Double>(count: matrix.width)
      kernels.combineRows(
        of: matrix.buffer.pointer, width: matrix.width, at: choice.indices, by: choice.values,
        count: choice.indices.count, into: out.pointer)
      kernels.sigmoid(out.pointer, count: out.count)
      var dots = [Double](repeating: 0, count: shape.rows)
      let values = [Double](repeating: 0.3, count: shape.rows)
      kernels.dotRowsAndSubtract(
        changed.buffer.pointer, width: matrix.width, rowCount: shape.rows, dot: vector.buffer.pointer,
        subtract: values, times: vector.buffer.pointer, into: &dots)
      results.append(Array(UnsafeBufferPointer(start: out.pointer, count: out.count)) + dots + changed.elements)
    }
    #expect(results.allSatisfy { $0 == results[0] })
  }
}
