import LabelBinarization
import Matrices
import Testing

@Suite struct LabelBinarizerTests {
  @Test("a one-hot row has 1 in the column of its label and 0 elsewhere")
  func oneHot() throws {
    let binarizer = LabelBinarizer(classCount: 4)
    #expect(
      try binarizer.transform([2, 0, 3]).matrix() == Matrix(rows: [[0, 0, 1, 0], [1, 0, 0, 0], [0, 0, 0, 1]]))
    let none = try binarizer.transform([] as [UInt8]).matrix()
    #expect(none.rowCount == 0 && none.columnCount == 4)
  }

  @Test("every row sums to 1, and the inverse returns the labels, for any integer type", arguments: [1, 2, 10, 47])
  func inverse(_ classCount: Int) throws {
    let labels = (0..<200).map { $0 * $0 % classCount }
    let binarizer = LabelBinarizer(classCount: classCount)
    let rows = try binarizer.transform(labels).matrix()
    #expect((0..<200).allSatisfy { rows.row($0).reduce(0, +) == 1 })
    #expect(try binarizer.inverseTransform(rows) == labels)
    #expect(try binarizer.transform(labels.map { UInt8($0) }).matrix() == rows)
    #expect(try binarizer.transform(labels.map { Int32($0) }[...]).matrix() == rows)
  }

  @Test("targets can be selected in any order and more than once, as classes or as numbers")
  func rows() throws {
    let targets = try LabelBinarizer(classCount: 3).transform([0, 2, 1])
    #expect(targets.count == 3 && targets.outputCount == 3)
    let expected = Matrix<Double>(rows: [[0, 1, 0], [1, 0, 0], [0, 1, 0]])
    #expect(targets.rows(at: [2, 0, 2]).matrix() == expected)
    #expect(Targets(targets.matrix()).rows(at: [2, 0, 2]).matrix() == expected)
    #expect(targets.rows(at: [2, 0, 2]).rows(at: [0]).matrix() == Matrix(rows: [[0, 1, 0]]))
  }

  @Test("two classes have two columns")
  func twoClasses() throws {
    #expect(try LabelBinarizer.fit([0, 1, 1]).transform([0, 1]).matrix() == Matrix(rows: [[1, 0], [0, 1]]))
  }

  @Test("fitting finds the classes from 0 to the largest label")
  func fit() throws {
    #expect(try LabelBinarizer.fit([3, 1, 7, 1] as [UInt8]) == LabelBinarizer(classCount: 8))
    #expect(try LabelBinarizer.fit([0]).classCount == 1)
    #expect(throws: LabelBinarizationError.noLabels) { try LabelBinarizer.fit([] as [Int]) }
    #expect(throws: LabelBinarizationError.labelOutOfRange(index: 1, label: "-1", classCount: 65_536)) {
      try LabelBinarizer.fit([4, -1])
    }
    #expect(throws: LabelBinarizationError.labelOutOfRange(index: 0, label: "65536", classCount: 65_536)) {
      try LabelBinarizer.fit([65_536])
    }
    #expect(throws: LabelBinarizationError.labelOutOfRange(index: 0, label: "\(UInt64.max)", classCount: 65_536)) {
      try LabelBinarizer.fit([UInt64.max])
    }
  }

  @Test("the error for a label outside the classes gives its index", arguments: [4, -1, 1000])
  func unknown(_ label: Int) {
    #expect(throws: LabelBinarizationError.labelOutOfRange(index: 2, label: "\(label)", classCount: 4)) {
      try LabelBinarizer(classCount: 4).transform([0, 3, label, label])
    }
    #expect(
      LabelBinarizationError.labelOutOfRange(index: 2, label: "11", classCount: 10).description
        == "label 11 at index 2 is not in the expected range 0...9")
  }

  @Test("the largest output wins, with the rules of np.argmax for equal outputs and for NaN")
  func largest() throws {
    let outputs = Matrix<Double>(rows: [
      [0.1, 0.7, 0.2], [0.5, 0.5, 0.1], [-3, -2, -2], [-.infinity, -.infinity, -.infinity], [0, .infinity, .infinity],
      [1, .nan, 2], [.nan, 5, .nan], [1, 2, .nan], [0.0, -0.0, 0.0],
    ])
    #expect(try LabelBinarizer(classCount: 3).inverseTransform(outputs) == [1, 0, 1, 0, 1, 1, 0, 2, 0])
  }

  @Test("a matrix with a wrong number of columns causes an error")
  func columns() {
    #expect(throws: LabelBinarizationError.columnCount(expected: 3, found: 2)) {
      try LabelBinarizer(classCount: 3).inverseTransform(Matrix(rows: [[1, 0]]))
    }
  }
}
