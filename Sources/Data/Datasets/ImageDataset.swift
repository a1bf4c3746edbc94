// Callers of `ImageDataset` also need `PixelBytes`, the type of the pixels. The export saves callers another import.
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

  /// The pixels of all images, `[count, rowCount, columnCount]`.
  ///
  /// If the image files are large, the pixels are mapped into memory, not read. `MappedFile` of `DurableFiles`
  /// describes the consequences.
  public let pixels: PixelBytes
  /// The labels of all images, `[count]`. A label is the number of a class.
  public let labels: [UInt8]
  /// The number of images in the training part. The images of the test part follow.
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
  ///   - pixels: The pixels of all images, `[labels.count, rowCount, columnCount]`.
  ///   - labels: The labels of all images. The labels of the training part come first.
  ///   - trainingCount: The number of images in the training part.
  ///   - classNames: The names of the classes. The default names are the numbers from 0 to the largest label.
  /// - Precondition: An image has at least one pixel, and every image has a label. The training part is not larger than
  ///   the data set. Every label has a class name, and all class names are different.
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

  /// Returns the pixels of one image, `[rowCount, columnCount]`.
  ///
  /// All pixels of the image are in one piece of memory.
  ///
  /// - Complexity: O(1).
  public func image(_ index: Int) -> PixelBytes {
    let start = pixels.startIndex + index * featureCount
    return pixels[start..<start + featureCount]
  }

  /// Returns the pixels of the images with the given indices, in the order of the indices.
  ///
  /// The shape of the result is `[indices.count, rowCount, columnCount]`.
  ///
  /// - Complexity: O(`indices.count * featureCount`).
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

  /// Returns the indices of the images in a part of the data set.
  ///
  /// The range for the validation part is empty, because a data set has no files of validation images.
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

  /// Returns the names of `count` classes. All names are different.
  ///
  /// The class names of the data set come first. The name of each further class is its number. If another class already
  /// has this name, the number gets the prefix `class`.
  ///
  /// There can be more classes than names, because the labels in a folder show only the minimum number of classes.
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
  /// The validation part, on which the network is evaluated after each epoch of training.
  ///
  /// The samples of the validation part are taken from the training part, so the validation part has no files.
  case validation

  /// The parts that have files, in the order of the images in an ``ImageDataset``.
  package static let published: [DataPart] = [.train, .test]

  /// The name of the part in a sentence: training, test or validation.
  public var adjective: String { self == .train ? "training" : rawValue }

  /// The names of the part's image file and label file in the data set's folder.
  package var idxNames: (images: String, labels: String) {
    let prefix = self == .test ? "t10k" : rawValue
    return (prefix + "-images-idx3-ubyte", prefix + "-labels-idx1-ubyte")
  }
}

/// The size of an image: the number of pixel rows and the number of pixel columns.
///
/// ```swift
/// let size = ImageSize("28x28")
/// ```
public struct ImageSize: Equatable, Sendable, LosslessStringConvertible {
  /// The number of pixel rows.
  public let rowCount: Int
  /// The number of pixel columns.
  public let columnCount: Int

  /// Creates a size from the number of rows and the number of columns.
  ///
  /// - Precondition: Both counts are 1 or more, and their product fits in an `Int`.
  public init(rowCount: Int, columnCount: Int) {
    precondition(rowCount >= 1 && columnCount >= 1, "an image has at least one pixel")
    precondition(!rowCount.multipliedReportingOverflow(by: columnCount).overflow, "the number of pixels fits in an Int")
    self.rowCount = rowCount
    self.columnCount = columnCount
  }

  /// Parses a size such as `28x28`; returns nil if the text is not a size.
  ///
  /// The number of rows comes first.
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

  /// The size as text, such as `28x28`. The number of rows comes first.
  public var description: String { "\(rowCount)x\(columnCount)" }
}
