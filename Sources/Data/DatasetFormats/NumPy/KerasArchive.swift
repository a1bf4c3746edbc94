public import Archives
internal import Memory
public import Pixels

/// Labelled greyscale images in the layout of Keras's mnist.npz: the arrays `x_train`, `y_train`, `x_test` and `y_test`.
///
/// ```swift
/// let file = try FileReader("mnist.npz")
/// let digits = try KerasArchive(ZipArchive(byteCount: file.byteCount, reading: file.read))
/// print(digits.count, digits.rowCount, digits.columnCount)  // 70000 28 28
/// ```
///
/// In Python, `numpy.load("mnist.npz")["x_train"]` is the same as an array `[n, rowCount, columnCount]` of `uint8`.
public struct KerasArchive: Equatable, Sendable {
  /// What is read at most unless told otherwise: 2 GiB, several times the largest data set of the MNIST family.
  public static let defaultMaximumByteCount = 1 << 31

  /// The pixels' rows in an image.
  public let rowCount: Int

  /// The pixels' columns in an image.
  public let columnCount: Int

  /// The pixels of the training part and then the test part, `[count, rowCount, columnCount]`.
  public let pixels: PixelBytes

  /// The class of each image, `[count]`.
  public let labels: [UInt8]

  /// How many of the images, from the first on, are the training part.
  public let trainingCount: Int

  /// The number of images.
  public var count: Int { labels.count }

  /// The given images. The pixels of an array or of ``/Pixels/PixelBytes`` are not copied.
  ///
  /// - Precondition: images have pixels, and the counts fit together.
  public init(
    rowCount: Int, columnCount: Int, pixels: some Collection<UInt8>, labels: [UInt8], trainingCount: Int
  ) {
    precondition(rowCount > 0 && columnCount > 0, "an image has pixels")
    precondition(pixels.count == labels.count * rowCount * columnCount, "there is a label for each image")
    precondition(trainingCount >= 0 && trainingCount <= labels.count, "the training part is a part")
    self.rowCount = rowCount
    self.columnCount = columnCount
    self.pixels = PixelBytes(pixels)
    self.labels = labels
    self.trainingCount = trainingCount
  }

  /// Reads an archive.
  ///
  /// Each part needs both its arrays, and one part is enough. Images are `[n, rows, columns]` or
  /// `[n, rows, columns, 1]`, labels `[n]` or `[n, 1]`. Any type of numbers in ``NumPyElementType`` will do, if every
  /// value is a whole number from 0 to 255. Other arrays are passed over, whatever they hold.
  ///
  /// - Parameters:
  ///   - archive: the .npz file.
  ///   - imageSize: the rows and columns of an image. They are needed for images `[n, rows * columns]`, and are
  ///     otherwise compared.
  ///   - maximumByteCount: the most bytes to unpack, of all four arrays.
  /// - Throws: ``NumPyError``, `ZipError`, `MemoryError`, or what reading the archive throws; shapes and counts are compared before
  ///   anything is unpacked but the headers.
  /// - Complexity: O(*n*) in the bytes read and unpacked, with less than a MiB of memory besides the result.
  public init(
    _ archive: ZipArchive, imageSize: (rowCount: Int, columnCount: Int)? = nil,
    maximumByteCount: Int = defaultMaximumByteCount
  ) throws {
    let arrays = NumPyArchive(archive)
    let parts = try KerasPart.parts(of: arrays, imageSize: imageSize)
    let headers = parts.flatMap { [$0.images, $0.labels] }
    // Each fits in the file's own count; all four together need not.
    let byteCount = headers.map { $0.byteCount + $0.payloadByteCount }
      .reduce(0) { $0.addingReportingOverflow($1).overflow ? .max : $0 + $1 }
    guard byteCount <= maximumByteCount else {
      throw NumPyError(.tooLarge(maximumByteCount: maximumByteCount, found: byteCount))
    }
    func joined(_ headers: [(name: String, header: NumPyHeader)]) throws -> [UInt8] {
      let total = headers.map(\.header.elementCount).reduce(0, +)
      try AvailableMemory.check(total)
      return try [UInt8](unsafeUninitializedCapacity: total) { memory, count in
        adviseLargePages(UnsafeMutableBufferPointer(rebasing: memory.prefix(total)))
        for (name, header) in headers {
          let target = UnsafeMutableBufferPointer(rebasing: memory[count...].prefix(header.elementCount))
          try arrays.read(name, header, into: target)
          count += header.elementCount
        }
      }
    }
    let labels = try joined(parts.map { ($0.name.labels, $0.labels) })
    let pixels = try joined(parts.map { ($0.name.images, $0.images) })
    self.init(
      rowCount: parts[0].rowCount, columnCount: parts[0].columnCount, pixels: pixels, labels: labels,
      trainingCount: parts[0].name == .training ? parts[0].count : 0)
  }
}
