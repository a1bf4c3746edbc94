// Callers that have a data set use its pixels, and should not need another import for them.
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

  /// Creates a data set of the given images. The pixels of an array or of ``/Pixels/PixelBytes`` are not copied.
  ///
  /// - Parameter classNames: the names of the classes; by default the numbers up to the largest label.
  /// - Precondition: the counts fit together, every label has a name, and no two classes have the same.
  public init(
    name: String, rowCount: Int, columnCount: Int, pixels: some Collection<UInt8>, labels: [UInt8],
    trainingCount: Int, classNames: [String]? = nil
  ) {
    let classNames = classNames ?? (0...Int(labels.max() ?? 0)).map(String.init)
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

  /// The size of an image.
  public var imageSize: ImageSize { ImageSize(rowCount: rowCount, columnCount: columnCount) }

  /// The number of classes.
  public var classCount: Int { classNames.count }

  /// The pixels of one image, `[rowCount, columnCount]`, row after row.
  ///
  /// - Complexity: O(1); they lie in one piece of memory.
  public func image(_ index: Int) -> PixelBytes {
    let start = pixels.startIndex + index * featureCount
    return pixels[start..<start + featureCount]
  }

  /// The pixels of some of the images, `[indices.count, rowCount, columnCount]`, in the order of the indices.
  ///
  /// - Complexity: O(indices.count * featureCount).
  public func pixels(at indices: some Collection<Int>) -> [UInt8] {
    guard !indices.isEmpty else { return [] }
    return [UInt8](unsafeUninitializedCapacity: indices.count * featureCount) { target, count in
      pixels.withUnsafeRows(of: featureCount) { rows in
        guard var to = target.baseAddress else { return }
        for index in indices {
          precondition(index >= 0 && index < self.count, "image out of range")
          to.initialize(from: rows[index], count: featureCount)
          to += featureCount
        }
      }
      count = indices.count * featureCount
    }
  }

  /// The indices of a part's images. A data set's files have no validation part: it is empty.
  public func indices(of part: DataPart) -> Range<Int> {
    switch part {
    case .train: 0..<trainingCount
    case .test: trainingCount..<count
    case .validation: count..<count
    }
  }

  /// The labels of a part, `[indices(of: part).count]`.
  public func labels(of part: DataPart) -> ArraySlice<UInt8> { labels[indices(of: part)] }

  /// The pixels of a part, `[indices(of: part).count, rowCount, columnCount]`.
  public func pixels(of part: DataPart) -> PixelBytes {
    let indices = indices(of: part)
    return pixels.dropFirst(indices.lowerBound * featureCount).prefix(indices.count * featureCount)
  }

  /// Returns a different name for each of some classes: the set's own names, and numbers for classes beyond them, because
  /// a folder's labels only tell how many classes there are at least.
  ///
  /// A number that is the name of another class already has `class` before it.
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

/// A part of a data set, by what it is used for. The raw values are the names that command lines and file names have.
public enum DataPart: String, CaseIterable, Codable, Sendable {
  /// What a network is judged by.
  case test
  /// What it was trained on.
  case train
  /// What each epoch of its training was judged by. It is drawn from the training part, and has no files of its own.
  case validation

  /// The parts that have files, in the order of an ``ImageDataset``.
  package static let published: [DataPart] = [.train, .test]

  /// As a sentence has it.
  public var adjective: String { self == .train ? "training" : rawValue }

  /// The name of the part's IDX file of images in the data folder, and of that of its labels.
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
  /// The pixels' rows.
  public let rowCount: Int
  /// The pixels' columns.
  public let columnCount: Int

  /// Creates a size.
  ///
  /// - Precondition: both counts are 1 or more, and their product fits in an `Int`.
  public init(rowCount: Int, columnCount: Int) {
    precondition(rowCount >= 1 && columnCount >= 1, "an image has pixels")
    precondition(!rowCount.multipliedReportingOverflow(by: columnCount).overflow, "an image's pixels can be counted")
    self.rowCount = rowCount
    self.columnCount = columnCount
  }

  /// The size that a text such as `28x28` tells, rows first; nil for any other text.
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

  /// Such as `28x28`, rows first.
  public var description: String { "\(rowCount)x\(columnCount)" }
}
