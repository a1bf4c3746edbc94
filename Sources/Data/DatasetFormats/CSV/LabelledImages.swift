/// Images of one size with their labels, as the lines of a CSV file hold them.
public struct LabelledImages: Equatable, Sendable {
  /// The size of each image.
  public let imageSize: CSVImageSize

  /// The class of each image, `[count]`.
  public let labels: [UInt8]

  /// The pixels, `[count, imageSize.rowCount, imageSize.columnCount]`, image after image, row after row.
  public let pixels: [UInt8]

  /// Images of a size.
  ///
  /// - Precondition: `pixels.count == labels.count * imageSize.pixelCount`.
  public init(imageSize: CSVImageSize, labels: [UInt8], pixels: [UInt8]) {
    precondition(pixels.count == labels.count * imageSize.pixelCount, "there is a label for each image")
    self.imageSize = imageSize
    self.labels = labels
    self.pixels = pixels
  }

  /// The number of images.
  public var count: Int { labels.count }
}
