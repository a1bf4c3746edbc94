// Callers of `ImageDataset` use its pixels. This export saves them another import.
@_exported public import Pixels

/// A data set of labelled greyscale images. The training part comes first, then the test part.
///
/// ```swift
/// let digits = try ImageDataset.digits()
/// print(digits.count, digits.featureCount)  // 1797 64
/// ```
public struct ImageDataset: Equatable, Sendable {
  /// The name of the data set.
  public let name: String
  /// The number of pixel rows in an image.
  public let rowCount: Int
  /// The number of pixel columns in an image.
  public let columnCount: Int

  /// The pixels of all images, `[count, rowCount, columnCount]`, image by image and row by row.
  ///
  /// If the files are large, the pixels are memory mapped from the files. `MappedFile` of `DurableFiles` describes the
  /// consequences.
  public let pixels: PixelBytes
  /// The label of each image, `[count]`: the number of its class.
  public let labels: [UInt8]
  /// The number of images in the training part. These images come first; the test part follows.
  public let trainingCount: Int
  /// The names of the classes, indexed by label. Every label has a name.
  public let classNames: [String]

  /// Creates a data set from pixels and labels.
  ///
  /// The pixels of an array or of `PixelBytes` are not copied.
  ///
  /// - Parameters:
  ///   - name: The name of the data set.
  ///   - rowCount: The number of pixel rows in an image.
  ///   - columnCount: The number of pixel columns in an image.
  ///   - pixels: The pixels, `[labels.count, rowCount, columnCount]`.
  ///   - labels: The labels. Those of the training part come first.
  ///   - trainingCount: The number of images in the training part.
  ///   - classNames: The names of the classes; by default the numbers up to the largest label.
  /// - Precondition: The counts agree, every label has a name, and all names are different.
  public init(
    name: String, rowCount: Int, columnCount: Int, pixels: some Collection<UInt8>, labels: [UInt8],
    trainingCount: Int, classNames: [String]? = nil
  ) {
    let classNames = classNames ?? (0...Int(labels.max() ?? 0)).map(String.init)
    precondition(rowCount > 0 && columnCount > 0, "an image has at least one pixel")
    precondition(pixels.count == labels.count * rowCount * columnCount, "every image has a label")
    precondition(
      trainingCount >= 0 && trainingCount <= labels.count, "the training part is not larger than the data set")
    precondition(labels.allSatisfy { $0 < classNames.count }, "every label has a name")
    precondition(Set(classNames).count == classNames.count, "all class names are different")
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

  /// The size of every image.
  public var imageSize: ImageSize { ImageSize(rowCount: rowCount, columnCount: columnCount) }

  /// The number of classes.
  public var classCount: Int { classNames.count }

  /// Returns the pixels of one image, `[rowCount, columnCount]`, row by row.
  ///
  /// The pixels are one piece of memory.
  ///
  /// - Complexity: O(1).
  public func image(_ index: Int) -> PixelBytes {
    let start = pixels.startIndex + index * featureCount
    return pixels[start..<start + featureCount]
  }

  /// Returns the pixels of the images with the given indices, `[indices.count, rowCount, columnCount]`, in their order.
  ///
  /// - Complexity: O(indices.count * featureCount).
  public func pixels(at indices: some Collection<Int>) -> [UInt8] {
    guard !indices.isEmpty else { return [] }
    return [UInt8](unsafeUninitializedCapacity: indices.count * featureCount) { target, count in
      pixels.withUnsafeRows(of: featureCount) { rows in
        guard var to = target.baseAddress else { return }
        for index in indices {
          precondition(index >= 0 && index < self.count, "the index of an image is in range")
          to.initialize(from: rows[index], count: featureCount)
          to += featureCount
        }
      }
      count = indices.count * featureCount
    }
  }

  /// Returns the indices of a part's images.
  ///
  /// The validation part is empty, because a data set has no files for it.
  public func indices(of part: DataPart) -> Range<Int> {
    switch part {
    case .train: 0..<trainingCount
    case .test: trainingCount..<count
    case .validation: count..<count
    }
  }

  /// Returns the labels of a part, `[indices(of: part).count]`.
  public func labels(of part: DataPart) -> ArraySlice<UInt8> { labels[indices(of: part)] }

  /// Returns the pixels of a part, `[indices(of: part).count, rowCount, columnCount]`.
  public func pixels(of part: DataPart) -> PixelBytes {
    let indices = indices(of: part)
    return pixels.dropFirst(indices.lowerBound * featureCount).prefix(indices.count * featureCount)
  }

  /// Returns different names for `count` classes: the data set's own names first, then numbers for further classes.
  ///
  /// There can be more classes than the data set has names, because a folder's labels only show the minimum number of
  /// classes. If the number is already the name of another class, it gets the prefix `class`.
  public func classNames(count: Int) -> [String] {
    var names = Array(classNames.prefix(count))
    var taken = Set(names)
    for number in names.count..<max(count, names.count) {
      var name = String(number)
      while !taken.insert(name).inserted { name = "class " + name }
      names.append(name)
    }
    return names
  }
}

/// A part of a data set with one purpose: training, validation or test.
///
/// The raw values are the names of the parts in command lines and file names.
public enum DataPart: String, CaseIterable, Codable, Sendable {
  /// The test part, on which a trained network is evaluated.
  case test
  /// The training part, on which a network is trained.
  case train
  /// The validation part, on which the network is evaluated after each epoch of a training.
  ///
  /// Its samples are taken from the training part, so it has no files.
  case validation

  /// The parts that have files, in the order of the images in an ``ImageDataset``.
  package static let published: [DataPart] = [.train, .test]

  /// The name of the part in a sentence: training, test or validation.
  public var adjective: String { self == .train ? "training" : rawValue }

  /// The names of the part's two IDX files in the data folder, one of images and one of labels.
  package var idxNames: (images: String, labels: String) {
    let prefix = self == .test ? "t10k" : rawValue
    return (prefix + "-images-idx3-ubyte", prefix + "-labels-idx1-ubyte")
  }
}

/// The size of images: rows by columns.
///
/// ```swift
/// let size = ImageSize("28x28")
/// ```
public struct ImageSize: Equatable, Sendable, LosslessStringConvertible {
  /// The number of pixel rows.
  public let rowCount: Int
  /// The number of pixel columns.
  public let columnCount: Int

  /// Creates a size from the numbers of rows and columns.
  ///
  /// - Precondition: Both counts are 1 or more, and their product fits in an `Int`.
  public init(rowCount: Int, columnCount: Int) {
    precondition(rowCount >= 1 && columnCount >= 1, "an image has at least one pixel")
    precondition(!rowCount.multipliedReportingOverflow(by: columnCount).overflow, "the number of pixels fits in an Int")
    self.rowCount = rowCount
    self.columnCount = columnCount
  }

  /// Parses a text such as `28x28`, the number of rows first; nil for any other text.
  public init?(_ text: String) {
    let counts = text.split(separator: "x", omittingEmptySubsequences: false).map { digits in
      digits.allSatisfy { ("0"..."9").contains($0) } ? Int(digits) ?? 0 : 0
    }
    guard counts.count == 2, counts.allSatisfy({ $0 >= 1 }),
      !counts[0].multipliedReportingOverflow(by: counts[1]).overflow
    else { return nil }
    self.init(rowCount: counts[0], columnCount: counts[1])
  }

  /// The number of pixels.
  public var pixelCount: Int { rowCount * columnCount }

  /// A text such as `28x28`, the number of rows first.
  public var description: String { "\(rowCount)x\(columnCount)" }
}
