// Whoever has a data set has its pixels, and should not need a further import to use them.
@_exported public import Pixels

/// Labelled greyscale images: those of the training file first, then those of the test file.
///
/// ```swift
/// let digits = try ImageDataset.digits()
/// print(digits.count, digits.featureCount)  // 1797 64
/// ```
public struct ImageDataset: Equatable, Sendable {
  /// The name by which commands know it.
  public let name: String

  /// The pixels' rows in an image.
  public let rowCount: Int

  /// The pixels' columns in an image.
  public let columnCount: Int

  /// The pixels, `[count, rowCount, columnCount]`, image after image, row after row.
  ///
  /// Those of large files are memory that is mapped from them; `DurableFiles` says under `MappedFile` what that means.
  public let pixels: PixelBytes

  /// The class of each image, `[count]`.
  public let labels: [UInt8]

  /// How many of the images, from the first on, are the training part; the others are the test part.
  public let trainingCount: Int

  /// The names of the classes, by label; every label has one.
  public let classNames: [String]

  /// A data set of the given images. The pixels of an array or of ``/Pixels/PixelBytes`` are not copied.
  ///
  /// - Precondition: the counts fit together, every label has a name, and no two classes have the same.
  public init(
    name: String, rowCount: Int, columnCount: Int, pixels: some Collection<UInt8>, labels: [UInt8],
    trainingCount: Int, classNames: [String]
  ) {
    precondition(rowCount > 0 && columnCount > 0, "an image has pixels")
    precondition(pixels.count == labels.count * rowCount * columnCount, "there is a label for each image")
    precondition(trainingCount >= 0 && trainingCount <= labels.count, "the training part is a part")
    precondition(labels.allSatisfy { $0 < classNames.count }, "every label has a name")
    precondition(Set(classNames).count == classNames.count, "no two classes have the same name")
    self.name = name
    self.rowCount = rowCount
    self.columnCount = columnCount
    self.pixels = PixelBytes(pixels).inWholeRows(of: rowCount * columnCount)
    self.labels = labels
    self.trainingCount = trainingCount
    self.classNames = classNames
  }

  /// The number of images.
  public var count: Int { labels.count }

  /// The number of images in the test part.
  public var testCount: Int { count - trainingCount }

  /// The number of pixels in an image.
  public var featureCount: Int { rowCount * columnCount }

  /// The number of classes.
  public var classCount: Int { classNames.count }

  /// The pixels of one image, `[rowCount, columnCount]`, row after row.
  ///
  /// - Complexity: O(1); they lie in one piece of memory.
  public func image(_ index: Int) -> PixelBytes {
    let start = pixels.startIndex + index * featureCount
    return pixels[start..<start + featureCount]
  }
}
