internal import IDX

extension InstalledFile {
  /// The file's content, made of the unpacked published one's.
  ///
  /// - Parameter path: the published file's path, for errors.
  /// - Complexity: O(bytes).
  func content(of bytes: [UInt8], path: String) throws(DatasetError) -> [UInt8] {
    if form != .published { try DatasetFile.checkMemory(2 * bytes.count, for: path) }
    switch form {
    case .published:
      return bytes
    case .transposedImages:
      return try Self.transposed(bytes, path: path)
    case .labels(let lowest):
      return try Self.labels(bytes, from: lowest, path: path)
    case .firstColumn:
      return try Self.firstColumn(bytes, path: path)
    }
  }

  private static func transposed(_ bytes: [UInt8], path: String) throws(DatasetError) -> [UInt8] {
    let array = try DatasetFile.array(bytes, path: path)
    let dimensions = array.header.dimensions
    guard array.header.elementType == .uint8, dimensions.count == 3 else {
      throw .wrongArray(path: path, expected: "images as uint8 of 3 dimensions", found: "\(array)")
    }
    let (rows, columns) = (dimensions[2], dimensions[1])
    let header = IDXHeader(elementType: .uint8, dimensions: [dimensions[0], rows, columns]).encoded
    return [UInt8](unsafeUninitializedCapacity: bytes.count) { target, count in
      for (offset, byte) in header.enumerated() { target[offset] = byte }
      bytes.withUnsafeBufferPointer { source in
        for start in stride(from: header.count, to: bytes.count, by: max(1, rows * columns)) {
          for row in 0..<rows {
            for column in 0..<columns {
              target[start + row * columns + column] = source[start + column * rows + row]
            }
          }
        }
      }
      count = bytes.count
    }
  }

  private static func labels(_ bytes: [UInt8], from lowest: UInt8, path: String) throws(DatasetError) -> [UInt8] {
    let array = try DatasetFile.array(bytes, path: path)
    guard array.header.elementType == .uint8, array.header.dimensions.count == 1 else {
      throw .wrongArray(path: path, expected: "labels as uint8 of 1 dimension", found: "\(array)")
    }
    if let wrong = array.payload.firstIndex(where: { $0 < lowest }) {
      throw .wrongArray(
        path: path, expected: "labels of at least \(lowest)", found: "\(array.payload[wrong]) at byte \(wrong)")
    }
    return IDXArray(array.payload.map { $0 - lowest }, dimensions: array.header.dimensions).encoded()
  }

  private static func firstColumn(_ bytes: [UInt8], path: String) throws(DatasetError) -> [UInt8] {
    let array = try DatasetFile.array(bytes, path: path)
    let dimensions = array.header.dimensions
    guard dimensions.count == 2, dimensions[1] > 0 else {
      throw .wrongArray(path: path, expected: "a table as int32 of 2 dimensions", found: "\(array)")
    }
    let cells: [Int32]
    do throws(IDXError) { cells = try array.elements() } catch { throw .idx(path: path, error) }
    var labels: [UInt8] = []
    labels.reserveCapacity(dimensions[0])
    for cell in stride(from: 0, to: cells.count, by: dimensions[1]) {
      guard let label = UInt8(exactly: cells[cell]) else {
        throw .wrongArray(
          path: path, expected: "classes of 0 to 255 in the first column",
          found: "\(cells[cell]) at byte \(array.header.headerByteCount + 4 * cell)")
      }
      labels.append(label)
    }
    return IDXArray(labels, dimensions: [labels.count]).encoded()
  }
}
