public import Archives
internal import Pixels

extension KerasArchive {
  /// Which of the two parts are written.
  public enum Parts: Sendable {
    /// Both, with empty arrays for one without images.
    case all
    /// `x_train` and `y_train` alone.
    case training
    /// `x_test` and `y_test` alone.
    case test
  }

  /// Writes the arrays into an archive, which `numpy.load` reads; equal data gives equal bytes.
  ///
  /// ```swift
  /// let file = try FileWriter(for: "digits.npz")
  /// let archive = ZipWriter { try file.write($0) }
  /// try digits.write(to: archive)
  /// try archive.finish()
  /// try file.commit()
  /// ```
  ///
  /// - Parameters:
  ///   - archive: where to; it is not finished here.
  ///   - parts: which of the two parts.
  ///   - compression: stored, as `numpy.savez` does, or deflated, as `numpy.savez_compressed` does, at level 6.
  /// - Throws: what the archive's output throws.
  /// - Precondition: the archive has no entries of these names.
  /// - Complexity: O(`pixels.count`), with less than a MiB of memory.
  public func write(
    to archive: ZipWriter, parts: Parts = .all, compression: ZipWriter.Compression = .deflated()
  ) throws {
    let names: [KerasPart.Name] =
      switch parts {
      case .all: [.training, .test]
      case .training: [.training]
      case .test: [.test]
      }
    for name in names {
      let range = name == .training ? 0..<trainingCount : trainingCount..<count
      let featureCount = rowCount * columnCount
      let pixels = pixels.dropFirst(range.lowerBound * featureCount).prefix(range.count * featureCount)
      try Self.add(name.images, [range.count, rowCount, columnCount], pixels, to: archive, compression)
      try Self.add(name.labels, [range.count], PixelBytes(labels[range]), to: archive, compression)
    }
  }

  /// The archive's bytes, for data that is small enough to lie in memory twice.
  ///
  /// Otherwise as ``write(to:parts:compression:)``.
  public func encoded(parts: Parts = .all, compression: ZipWriter.Compression = .deflated()) -> [UInt8] {
    let memory = Memory()
    let archive = ZipWriter { memory.bytes.append(contentsOf: $0) }
    do {
      try write(to: archive, parts: parts, compression: compression)
      try archive.finish()
    } catch {
      preconditionFailure("only the output throws, and this one does not")
    }
    return memory.bytes
  }

  private final class Memory {
    var bytes: [UInt8] = []
  }

  private static func add(
    _ name: String, _ shape: [Int], _ values: PixelBytes, to archive: ZipWriter,
    _ compression: ZipWriter.Compression
  ) throws {
    let header = NumPyHeader(elementType: .uint8, shape: shape).encoded
    try header.withUnsafeBytes { header in
      try values.withUnsafeSegments { segments in
        try archive.add(
          name + ".npy", compression: compression, pieces: [header] + segments.map { UnsafeRawBufferPointer($0) })
      }
    }
  }
}
