public import DurableFiles
public import Images

/// Why a folder of images cannot be read or written. Each description is one sentence that begins with the file or folder.
public enum ImageFolderError: Error, Equatable, Sendable {
  /// A file or folder cannot be read or written.
  case file(FileError)
  /// A file is no PNG, or damaged, or an image cannot be written as one.
  case png(path: String, PNGError)
  /// Something is in a folder that has no place there.
  case unexpectedEntry(path: String, expected: String, found: String)
  /// A folder has no images in it.
  case noImages(path: String)
  /// An image has another size than the first one; sizes are `[rows, columns]`.
  case sizeDiffers(path: String, expected: [Int], found: [Int], first: String)
  /// There are more folders of classes than labels.
  case tooManyClasses(path: String, found: Int, maximum: Int)
  /// Folders are named by numbers, of which one is no label.
  case labelOutOfRange(path: String, maximum: Int)
  /// Two folders' names, such as `1` and `01`, mean one class.
  case sameClass(path: String, other: String)
  /// The images together have more pixels than are read.
  case tooManyPixels(path: String, imageCount: Int, imageSize: [Int], maximum: Int)
}

extension ImageFolderError: CustomStringConvertible {
  /// One sentence.
  public var description: String {
    switch self {
    case .file(let error):
      error.description
    case .png(let path, let error):
      "\(path): \(error)"
    case .unexpectedEntry(let path, let expected, let found):
      "\(path): expected \(expected), found \(found)"
    case .noImages(let path):
      "\(path): expected folders of classes with PNG files in them, found no image"
    case .sizeDiffers(let path, let expected, let found, let first):
      "\(path): an image of \(Self.size(found)) pixels, expected \(Self.size(expected)) as in \(first)"
    case .tooManyClasses(let path, let found, let maximum):
      "\(path): \(found) folders of classes, expected at most \(maximum)"
    case .labelOutOfRange(let path, let maximum):
      "\(path): the folder is named by a number that is no label, expected 0 to \(maximum)"
    case .sameClass(let path, let other):
      "\(path): the folder means the same class as \(other)"
    case .tooManyPixels(let path, let imageCount, let imageSize, let maximum):
      "\(path): \(imageCount) images of \(Self.size(imageSize)) pixels, expected at most \(maximum) pixels in all"
    }
  }

  private static func size(_ dimensions: [Int]) -> String {
    dimensions.map(String.init).joined(separator: "x")
  }
}
