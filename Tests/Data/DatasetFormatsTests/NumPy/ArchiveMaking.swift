import Archives
import DatasetFormats
import Datasets
import Testing

/// Returns a zip archive of .npy files.
func archive(_ arrays: [(name: String, file: [UInt8])], compression: ZipWriter.Compression = .deflated()) -> [UInt8] {
  final class Memory { var bytes: [UInt8] = [] }
  let memory = Memory()
  let writer = ZipWriter { memory.bytes.append(contentsOf: $0) }
  do {
    for array in arrays { try writer.add(array.name + ".npy", compression: compression, array.file) }
    try writer.finish()
  } catch {
    Issue.record("writing to memory does not fail")
  }
  return memory.bytes
}

extension KerasArchive {
  /// Reads a data set from an archive in memory.
  static func read(
    _ bytes: [UInt8], imageSize: ImageSize? = nil, maximumByteCount: Int = defaultMaximumByteCount
  ) throws -> ImageDataset {
    try read(ZipArchive(bytes), name: "Keras", imageSize: imageSize, maximumByteCount: maximumByteCount)
  }

  /// Returns the bytes of an archive with a data set.
  static func encoded(
    _ data: ImageDataset, part: DataPart? = nil, compression: ZipWriter.Compression = .deflated()
  ) throws -> [UInt8] {
    final class Memory { var bytes: [UInt8] = [] }
    let memory = Memory()
    let archive = ZipWriter { memory.bytes.append(contentsOf: $0) }
    try write(data, to: archive, part: part, compression: compression)
    try archive.finish()
    return memory.bytes
  }
}

/// Returns a .npy file with the given header fields and payload.
func npyFile(_ descriptor: String, isFortran: Bool = false, _ shape: [Int], _ payload: [UInt8]) -> [UInt8] {
  let sizes = shape.map { "\($0), " }.joined()
  let text =
    "{'descr': '\(descriptor)', 'fortran_order': \(isFortran ? "True" : "False"), 'shape': (\(sizes)), }\n"
    .replacing(", )", with: shape.count == 1 ? ",)" : ")")
  let count = text.utf8.count
  return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(count & 255), UInt8(count >> 8)] + Array(text.utf8) + payload
}

/// Returns a .npy file that stores bytes as elements of a wider type, in C or Fortran order.
func wideArray(_ values: [UInt8], _ shape: [Int], _ type: String, isFortran: Bool) -> [UInt8] {
  let width = Int(type.suffix(1)) ?? 0
  var ordered = values
  if isFortran {
    for (place, value) in values.enumerated() {
      let (column, row, image) = (place % shape[2], place / shape[2] % shape[1], place / shape[2] / shape[1])
      ordered[image + shape[0] * (row + shape[1] * column)] = value
    }
  }
  var payload: [UInt8] = []
  payload.reserveCapacity(values.count * width)
  for value in ordered {
    let pattern: UInt64 =
      switch type.suffix(2) {
      case "f4": UInt64(Float(value).bitPattern)
      case "f8": Double(value).bitPattern
      default: UInt64(value)
      }
    for index in 0..<width {
      payload.append(UInt8(truncatingIfNeeded: pattern >> (8 * (type.hasPrefix("<") ? index : width - 1 - index))))
    }
  }
  return npyFile(type, isFortran: isFortran, shape, payload)
}
