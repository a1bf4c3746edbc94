/// One of the two parts of a ``KerasArchive``: its arrays' headers, which fit together.
struct KerasPart {
  /// Which part it is.
  enum Name: String, CaseIterable {
    case training = "train"
    case test = "test"

    var images: String { "x_" + rawValue }
    var labels: String { "y_" + rawValue }
  }

  let name: Name
  let images: NumPyHeader
  let labels: NumPyHeader
  let rowCount: Int
  let columnCount: Int

  /// The number of images.
  var count: Int { images.shape[0] }

  /// The parts that an archive has, at least one, with images of one size.
  static func parts(of arrays: NumPyArchive, imageSize: (rowCount: Int, columnCount: Int)?) throws -> [KerasPart] {
    let names = Set(arrays.names)
    let present = Name.allCases.filter { names.contains($0.images) || names.contains($0.labels) }
    let needed = (present.isEmpty ? Name.allCases : present).flatMap { [$0.images, $0.labels] }
    let missing = needed.filter { !names.contains($0) }
    guard missing.isEmpty else { throw NumPyError(.missingArrays(missing, found: arrays.names)) }
    let parts = try present.map { try KerasPart($0, of: arrays, imageSize: imageSize) }
    let size = [parts[0].rowCount, parts[0].columnCount]
    for part in parts where [part.rowCount, part.columnCount] != size {
      let found = [part.rowCount, part.columnCount]
      throw NumPyError(.imageSize(expected: size, found: found), array: part.name.images)
    }
    return parts
  }

  private init(_ name: Name, of arrays: NumPyArchive, imageSize: (rowCount: Int, columnCount: Int)?) throws {
    self.name = name
    images = try arrays.header(name.images)
    labels = try arrays.header(name.labels)
    (rowCount, columnCount) = try Self.size(of: images.shape, name.images, imageSize)
    guard labels.shape.count == 1 || labels.shape.count == 2 && labels.shape[1] == 1 else {
      throw NumPyError(.shape(expected: "[n] or [n, 1]", found: labels.shape), array: name.labels)
    }
    guard labels.shape[0] == images.shape[0] else {
      throw NumPyError(.labelCount(images: images.shape[0], found: labels.shape[0]), array: name.labels)
    }
  }

  /// The rows and columns of images in an array of a shape.
  private static func size(
    of shape: [Int], _ array: String, _ imageSize: (rowCount: Int, columnCount: Int)?
  ) throws(NumPyError) -> (Int, Int) {
    if shape.count == 2 {
      guard let imageSize else {
        let expected = "[n, rows, columns] or [n, rows, columns, 1] where the size of an image is not given"
        throw NumPyError(.shape(expected: expected, found: shape), array: array)
      }
      let (product, overflows) = imageSize.rowCount.multipliedReportingOverflow(by: imageSize.columnCount)
      guard !overflows, imageSize.rowCount > 0, imageSize.columnCount > 0, shape[1] == product else {
        let expected = "[n, \(imageSize.rowCount) * \(imageSize.columnCount)]"
        throw NumPyError(.shape(expected: expected, found: shape), array: array)
      }
      return imageSize
    }
    guard shape.count == 3 || shape.count == 4 && shape[3] == 1, shape[1] > 0, shape[2] > 0 else {
      throw NumPyError(.shape(expected: "[n, rows, columns] or [n, rows, columns, 1]", found: shape), array: array)
    }
    if let imageSize, [imageSize.rowCount, imageSize.columnCount] != Array(shape[1...2]) {
      let expected = [imageSize.rowCount, imageSize.columnCount]
      throw NumPyError(.imageSize(expected: expected, found: Array(shape[1...2])), array: array)
    }
    return (shape[1], shape[2])
  }
}
