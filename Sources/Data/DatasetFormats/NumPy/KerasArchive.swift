public import Archives
public import Datasets
internal import DurableFiles
internal import Memory
internal import Pixels

/// Labelled greyscale images in the layout of Keras's mnist.npz: the arrays `x_train`, `y_train`, `x_test` and
/// `y_test`.
///
/// ```swift
/// let file = try FileReader("mnist.npz")
/// let digits = try KerasArchive.read(ZipArchive(byteCount: file.byteCount, reading: file.read), name: "mnist")
/// print(digits.count, digits.rowCount, digits.columnCount)  // 70000 28 28
/// ```
///
/// In Python, `numpy.load("mnist.npz")["x_train"]` returns the training images as a `uint8` array of shape
/// `[n, rowCount, columnCount]`.
public enum KerasArchive {
  /// The default maximum number of unpacked bytes: 2 GiB. The largest data set of the MNIST family is several times
  /// smaller.
  public static let defaultMaximumByteCount = 1 << 31

  /// The maximum size of an archive's directory: 1 MiB. This size is enough for about 10,000 arrays.
  private static let maximumDirectoryByteCount = 1 << 20

  /// Reads a data set from an archive.
  ///
  /// The archive has a training part, a test part or both. Each part needs an array of images and an array of labels.
  /// Images have the shape `[n, rows, columns]` or `[n, rows, columns, 1]`. Labels have the shape `[n]` or `[n, 1]`.
  ///
  /// The elements may have any numeric type or be booleans, but every value must be a whole number from 0 to 255.
  /// Arrays with other names are ignored.
  ///
  /// - Parameters:
  ///   - archive: the .npz file.
  ///   - name: the name of the data set.
  ///   - imageSize: the image size; nil to use the size in the archive. Images of shape `[n, rows * columns]` require a
  ///     given size. The size of other images must equal the given size.
  ///   - maximumByteCount: the maximum number of unpacked bytes of all four arrays.
  /// - Throws: ``NumPyError``, `ZipError`, `MemoryError`, or an error from reading the file. Shapes and sizes are
  ///   checked before any elements are unpacked.
  /// - Complexity: O(*n*) in the number of bytes read and unpacked. Besides the result, less than 1 MiB of memory is
  ///   needed.
  public static func read(
    _ archive: ZipArchive, name: String, imageSize: ImageSize? = nil, maximumByteCount: Int = defaultMaximumByteCount
  ) throws -> ImageDataset {
    let arrays = NumPyArchive(archive)
    let names = Set(arrays.names)
    let present = DataPart.published.filter {
      names.contains($0.arrayNames.images) || names.contains($0.arrayNames.labels)
    }
    let needed = (present.isEmpty ? DataPart.published : present).flatMap {
      [$0.arrayNames.images, $0.arrayNames.labels]
    }
    let missing = needed.filter { !names.contains($0) }
    guard missing.isEmpty else { throw NumPyError(.missingArrays(missing, found: arrays.names)) }
    let parts = try present.map { try KerasPart($0, of: arrays, imageSize: imageSize) }
    let size = parts[0].imageSize
    for part in parts where part.imageSize != size {
      throw NumPyError(.imageSize(expected: size, found: part.imageSize), array: part.images.name)
    }
    // The byte count of one array always fits in an `Int`, but the sum for four arrays may not fit.
    let byteCount = parts.flatMap { [$0.images.header, $0.labels.header] }.map { $0.byteCount + $0.payloadByteCount }
      .reduce(0) { $0.addingReportingOverflow($1).overflow ? .max : $0 + $1 }
    guard byteCount <= maximumByteCount else {
      throw NumPyError(.tooLarge(maximumByteCount: maximumByteCount, found: byteCount))
    }
    let labels = try arrays.values(of: parts.map(\.labels))
    return ImageDataset(
      name: name, rowCount: size.rowCount, columnCount: size.columnCount,
      pixels: try arrays.values(of: parts.map(\.images)), labels: labels,
      trainingCount: present[0] == .train ? parts[0].images.header.shape[0] : 0)
  }

  /// Writes the arrays of a data set into an archive that `numpy.load` can read. Equal data sets give equal bytes.
  ///
  /// ```swift
  /// let file = try FileWriter(for: "digits.npz")
  /// let archive = ZipWriter { try file.write($0) }
  /// try KerasArchive.write(digits, to: archive)
  /// try archive.finish()
  /// try file.commit()
  /// ```
  ///
  /// - Parameters:
  ///   - data: the data set.
  ///   - archive: the archive that receives the arrays. The caller must finish the archive.
  ///   - part: the part to write; nil for both parts. A part without images is written as two empty arrays.
  ///   - compression: the compression of the arrays. Stored arrays are like those of `numpy.savez`. Deflated arrays are
  ///     like those of `numpy.savez_compressed`. By default, arrays are deflated at level 6.
  /// - Throws: the errors of the closure that receives the archive's bytes.
  /// - Precondition: the archive has no entries with the names of the arrays.
  /// - Complexity: O(`pixels.count`), with less than 1 MiB of memory.
  public static func write(
    _ data: ImageDataset, to archive: ZipWriter, part: DataPart? = nil,
    compression: ZipWriter.Compression = .deflated()
  ) throws {
    func add(_ name: String, _ shape: [Int], _ values: PixelBytes) throws {
      let header = NumPyHeader(elementType: .uint8, shape: shape).encoded
      try header.withUnsafeBytes { header in
        try values.withUnsafeSegments { segments in
          try archive.add(
            name + ".npy", compression: compression, pieces: [header] + segments.map { UnsafeRawBufferPointer($0) })
        }
      }
    }
    for part in part.map({ [$0] }) ?? DataPart.published {
      let count = data.indices(of: part).count
      try add(part.arrayNames.images, [count, data.rowCount, data.columnCount], data.pixels(of: part))
      try add(part.arrayNames.labels, [count], PixelBytes(data.labels(of: part)))
    }
  }

  static func read(_ path: String, name: String, imageSize: ImageSize?) throws(ConversionError) -> ImageDataset {
    let data = try rethrow(
      read(archive(in: FileReader(path)), name: name, imageSize: imageSize), as: { conversionError($0, path) })
    guard data.count > 0 else { throw .unexpected(path: path, expected: "images", found: "none") }
    return data
  }

  /// Writes a data set to an .npz file. An existing archive is replaced only if it has the same arrays as an archive
  /// from this library.
  static func write(_ data: ImageDataset, to path: String, part: DataPart?) throws(ConversionError) {
    do {
      let file = try FileWriter(replacing: path, ifOwn: isOwn)
      let archive = ZipWriter { try file.write($0) }
      try write(data, to: archive, part: part)
      try archive.finish()
      try file.commit()
    } catch {
      throw conversionError(error, path)
    }
  }

  private static func archive(in file: FileReader) throws -> ZipArchive {
    try ZipArchive(
      byteCount: file.byteCount, maximumDirectoryByteCount: maximumDirectoryByteCount, reading: file.read)
  }

  /// Returns whether a file is an archive with exactly the arrays that this library writes, in the same order.
  private static func isOwn(_ path: String) throws(FileError) -> Bool {
    guard FilePaths.isRegularFile(path) else { return false }
    let file = try FileReader(path)
    guard let archive = try? archive(in: file) else { return false }
    let names = archive.entries.map(\.name)
    let parts = DataPart.published.map { [$0.arrayNames.images + ".npy", $0.arrayNames.labels + ".npy"] }
    return (parts + [parts.flatMap(\.self)]).contains(names)
  }

  private static func conversionError(_ error: any Error, _ path: String) -> ConversionError {
    switch error {
    case let error as NumPyError: .numPy(path: path, error)
    case let error as ZipError: .zip(path: path, error)
    case let error as FileError: .file(error)
    case let error as MemoryError: .file(FileError(error, for: path))
    default: preconditionFailure("archives and files throw no other errors: \(error)")
    }
  }
}

extension DataPart {
  fileprivate var arrayNames: (images: String, labels: String) { ("x_" + rawValue, "y_" + rawValue) }
}

/// The headers of the image array and the label array of one part. Both arrays have the same length.
private struct KerasPart {
  let images: (name: String, header: NumPyHeader)
  let labels: (name: String, header: NumPyHeader)
  let imageSize: ImageSize

  init(_ part: DataPart, of arrays: NumPyArchive, imageSize: ImageSize?) throws {
    images = (part.arrayNames.images, try arrays.header(part.arrayNames.images))
    labels = (part.arrayNames.labels, try arrays.header(part.arrayNames.labels))
    self.imageSize = try Self.size(of: images.header.shape, images.name, imageSize)
    let (count, shape) = (images.header.shape[0], labels.header.shape)
    guard shape.count == 1 || shape.count == 2 && shape[1] == 1 else {
      throw NumPyError(.shape(expected: "[n] or [n, 1]", found: shape), array: labels.name)
    }
    guard shape[0] == count else {
      throw NumPyError(.labelCount(images: count, found: shape[0]), array: labels.name)
    }
  }

  /// Returns the image size that the shape of an array gives. For flattened images, returns the size from the caller.
  private static func size(
    of shape: [Int], _ array: String, _ imageSize: ImageSize?
  ) throws(NumPyError) -> ImageSize {
    if shape.count == 2 {
      guard let imageSize else {
        let expected = "[n, rows, columns] or [n, rows, columns, 1], or a given image size"
        throw NumPyError(.shape(expected: expected, found: shape), array: array)
      }
      guard shape[1] == imageSize.pixelCount else {
        let expected = "[n, \(imageSize.rowCount) * \(imageSize.columnCount)]"
        throw NumPyError(.shape(expected: expected, found: shape), array: array)
      }
      return imageSize
    }
    guard shape.count == 3 || shape.count == 4 && shape[3] == 1, shape[1] > 0, shape[2] > 0 else {
      throw NumPyError(.shape(expected: "[n, rows, columns] or [n, rows, columns, 1]", found: shape), array: array)
    }
    let found = ImageSize(rowCount: shape[1], columnCount: shape[2])
    if let imageSize, imageSize != found {
      throw NumPyError(.imageSize(expected: imageSize, found: found), array: array)
    }
    return found
  }
}

/// The arrays in an .npz file, which is a zip archive of .npy files. `numpy.savez` and `numpy.savez_compressed` write
/// .npz files.
package struct NumPyArchive {
  private let archive: ZipArchive

  /// The names of the arrays in the order of the archive, each without `.npy`. Entries of other types are ignored.
  package let names: [String]

  package init(_ archive: ZipArchive) {
    self.archive = archive
    names = archive.entries.map(\.name).filter { $0.hasSuffix(".npy") }.map { String($0.dropLast(4)) }
  }

  /// Returns the header of an array. The array's file must have the length that the header requires.
  ///
  /// - Throws: ``NumPyError`` if the array is missing or invalid; `ZipError` or another error if the archive cannot be
  ///   read.
  package func header(_ name: String) throws -> NumPyHeader {
    let entry = try entry(name)
    let beginning = try archive.prefix(of: entry, byteCount: NumPyHeader.maximumByteCount)
    do throws(NumPyError) {
      let header = try NumPyHeader(parsing: beginning)
      try header.check(fileByteCount: entry.byteCount)
      return header
    } catch {
      throw NumPyError(error.problem, at: error.byteOffset, array: name)
    }
  }

  /// Reads the elements of several arrays and joins the elements in the given order.
  package func values(of arrays: [(name: String, header: NumPyHeader)]) throws -> [UInt8] {
    let total = arrays.map(\.header.elementCount).reduce(0, +)
    try AvailableMemory.check(total)
    return try [UInt8](byteCount: total) { memory in
      var rest = memory[...]
      for (name, header) in arrays {
        var stream = ElementStream(header, into: .init(rebasing: rest.prefix(header.elementCount)))
        rest.removeFirst(header.elementCount)
        do {
          try archive.extract(entry(name)) { try stream.take($0) }
        } catch let error as NumPyError {
          throw NumPyError(error.problem, at: error.byteOffset, array: name)
        }
        precondition(stream.isComplete, "an entry's length is checked when it is unpacked")
      }
    }
  }

  private func entry(_ name: String) throws(NumPyError) -> ZipEntry {
    guard let entry = archive[name + ".npy"] else { throw NumPyError(.missingArrays([name], found: names)) }
    return entry
  }
}
