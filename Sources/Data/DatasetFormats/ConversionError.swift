public import Archives
public import Datasets
public import DurableFiles
public import Images

/// The reason why a data set cannot be read or written in a format.
///
/// Each description is one sentence that begins with the path or with the name of the data set.
public enum ConversionError: Error, Equatable, Sendable, CustomStringConvertible {
  /// A file or folder cannot be read or written, or must not be replaced.
  case file(FileError)
  /// An IDX folder cannot be read.
  case idx(DatasetError)
  /// A CSV file cannot be read.
  case csv(path: String, LabelledCSVError)
  /// An .npz file is damaged or is not a zip archive.
  case zip(path: String, ZipError)
  /// The arrays in an .npz file are not a valid data set.
  case numPy(path: String, NumPyError)
  /// A file is not a valid PNG file, or an image cannot be written as a PNG file.
  case png(path: String, PNGError)
  /// A file or folder is not a data set in a known format, or does not belong in a data set.
  case unexpected(path: String, expected: String, found: String)
  /// The image size differs from the size that the caller gives, or differs between the training part and the test
  /// part.
  case imageSize(path: String, expected: ImageSize, found: ImageSize)
  /// An image in a folder has a different size than the first image.
  case pictureSize(path: String, expected: ImageSize, found: ImageSize, first: String)
  /// All images in a folder together have more pixels than the maximum.
  case tooManyPixels(path: String, imageCount: Int, imageSize: ImageSize, maximum: Int)
  /// There are more class folders than possible labels.
  case tooManyClasses(path: String, found: Int, maximum: Int)
  /// The name of a class folder is a number that is not a valid label.
  case labelOutOfRange(path: String, maximum: Int)
  /// The names of two folders, such as `1` and `01`, stand for the same class.
  case sameClass(path: String, other: String)
  /// The chosen part has no images. If the part is nil, the whole data set has no images.
  case missingPart(name: String, DataPart?)
  /// Two parts cannot be written to one CSV file.
  case partsInOneFile(path: String)
  /// The images have more pixels than a line of a CSV file may hold.
  case tooLargeForCSV(name: String, ImageSize, maximumPixelCount: Int)

  /// One sentence that explains the error.
  public var description: String {
    switch self {
    case .file(let error): error.description
    case .idx(let error): error.description
    case .csv(let path, let error): "\(path): \(error)"
    case .zip(let path, let error): "\(path): \(error)"
    case .numPy(let path, let error): "\(path): \(error)"
    case .png(let path, let error): "\(path): \(error)"
    case .unexpected(let path, let expected, let found):
      "\(path): expected \(expected), found \(found)"
    case .imageSize(let path, let expected, let found):
      "\(path): expected images of \(expected) pixels, found \(found)"
    case .pictureSize(let path, let expected, let found, let first):
      "\(path): expected an image of \(expected) pixels, as in \(first), found \(found)"
    case .tooManyPixels(let path, let imageCount, let imageSize, let maximum):
      "\(path): expected at most \(maximum) pixels in all images, found \(imageCount) images of \(imageSize)"
    case .tooManyClasses(let path, let found, let maximum):
      "\(path): expected at most \(maximum) class folders, found \(found)"
    case .labelOutOfRange(let path, let maximum):
      "\(path): the name of the class folder is not a valid label, expected a number from 0 to \(maximum)"
    case .sameClass(let path, let other):
      "\(path): the folder stands for the same class as \(other); merge the two folders, or rename one"
    case .missingPart(let name, let part):
      "\(name): has no \(part.map { $0.adjective + " part" } ?? "images")"
    case .partsInOneFile(let path):
      "\(path): a CSV file holds one part; give the name of a folder for both parts, or choose one part"
    case .tooLargeForCSV(let name, let size, let maximumPixelCount):
      "\(name): expected images of at most \(maximumPixelCount) pixels for a CSV file, found \(size)"
    }
  }
}
