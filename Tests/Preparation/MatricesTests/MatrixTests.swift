import Matrices
import Testing

@Suite struct MatrixTests {
  @Test("elements are stored row after row")
  func layout() {
    let matrix = Matrix<Double>(rows: [[1, 2, 3], [4, 5, 6]])
    #expect(matrix.rowCount == 2 && matrix.columnCount == 3)
    #expect(matrix.elements == [1, 2, 3, 4, 5, 6])
    #expect(matrix[1, 0] == 4)
    #expect(matrix.row(1) == [4, 5, 6])
    #expect(matrix == Matrix(rowCount: 2, columnCount: 3, elements: [1, 2, 3, 4, 5, 6]))
  }

  @Test("changing a copy does not change the original")
  func copies() {
    let original = Matrix<Float>(rows: [[1, 2]])
    var copy = original
    copy[0, 1] = 9
    #expect(original[0, 1] == 2)
    #expect(copy[0, 1] == 9)
    #expect(original != copy)
  }

  @Test("rows can be selected in any order and more than once")
  func rowsAtIndices() {
    let matrix = Matrix<Int32>(rows: [[1, 2], [3, 4], [5, 6]])
    #expect(matrix.rows(at: [2, 0, 2]) == Matrix(rows: [[5, 6], [1, 2], [5, 6]]))
    #expect(matrix.rows(at: [Int]()).rowCount == 0)
  }

  @Test("the first of equal largest elements wins, and NaN counts as the largest")
  func indicesOfRowMaxima() {
    let matrix = Matrix<Double>(rows: [
      [1, 3, 3], [-2, -1, -3], [0, .nan, 9], [.nan, .nan, 1], [-.infinity, -.infinity, -1],
    ])
    #expect(matrix.indicesOfRowMaxima == [1, 1, 1, 0, 2])
    #expect(Matrix<Double>(rowCount: 0, columnCount: 3).indicesOfRowMaxima == [])
  }

  @Test("a matrix can be empty", arguments: [(0, 0), (0, 4), (3, 0)])
  func empty(_ rowCount: Int, _ columnCount: Int) {
    let matrix = Matrix<Double>(rowCount: rowCount, columnCount: columnCount)
    #expect(matrix.elements == [])
    #expect(matrix == matrix.rows(at: 0..<rowCount))
  }

  @Test("elements are aligned to 64 bytes", arguments: [1, 3, 17, 1000])
  func alignment(_ count: Int) {
    let matrix = Matrix<Double>(rowCount: 1, columnCount: count)
    matrix.withUnsafeElements { elements in
      #expect(UInt(bitPattern: elements.baseAddress) % 64 == 0)
    }
  }
}
