public import Archives
public import Datasets
public import DurableFiles
public import Images

/// Why a data set cannot be read or written in a format. Each description is one sentence that begins with the file or
/// folder, or with the data set's name.
public enum ConversionError: Error, Equatable, Sendable, CustomStringConvertible {
  /// A file or folder cannot be read or written, or must not be replaced.
  case file(FileError)
  /// A folder of IDX files is wrong.
  case idx(DatasetError)
  /// A CSV file is wrong.
  case csv(path: String, LabelledCSVError)
  /// An .npz file is no zip archive, or damaged.
  case zip(path: String, ZipError)
  /// The arrays in an .npz file are wrong.
  case numPy(path: String, NumPyError)
  /// A file is no PNG, or damaged, or an image cannot be written as one.
  case png(path: String, PNGError)
  /// Something is there that is no data set in any known format, or that has no place in one.
  case unexpected(path: String, expected: String, found: String)
  /// The images have another size than the caller says, or than those of the other part.
  case imageSize(path: String, expected: ImageSize, found: ImageSize)
  /// A picture in a folder has another size than the first one.
  case pictureSize(path: String, expected: ImageSize, found: ImageSize, first: String)
  /// The pictures in a folder together have more pixels than are read.
  case tooManyPixels(path: String, imageCount: Int, imageSize: ImageSize, maximum: Int)
  /// There are more folders of classes than labels.
  case tooManyClasses(path: String, found: Int, maximum: Int)
  /// Folders are named by numbers, of which one is no label.
  case labelOutOfRange(path: String, maximum: Int)
  /// Two folders' names, such as `1` and `01`, mean one class.
  case sameClass(path: String, other: String)
  /// The part that is asked for has no images; nil stands for all parts.
  case missingPart(name: String, DataPart?)
  /// Both parts should go into one CSV file.
  case partsInOneFile(path: String)
  /// The images have more pixels than a line of a CSV file may hold.
  case tooLargeForCSV(name: String, ImageSize, maximumPixelCount: Int)

  /// One sentence.
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
      "\(path): images of \(found) pixels, expected \(expected)"
    case .pictureSize(let path, let expected, let found, let first):
      "\(path): an image of \(found) pixels, expected \(expected) as in \(first)"
    case .tooManyPixels(let path, let imageCount, let imageSize, let maximum):
      "\(path): \(imageCount) images of \(imageSize) pixels, expected at most \(maximum) pixels in all"
    case .tooManyClasses(let path, let found, let maximum):
      "\(path): \(found) folders of classes, expected at most \(maximum)"
    case .labelOutOfRange(let path, let maximum):
      "\(path): the folder is named by a number that is no label, expected 0 to \(maximum)"
    case .sameClass(let path, let other):
      "\(path): the folder means the same class as \(other)"
    case .missingPart(let name, let part):
      "\(name): has no \(part.map { $0.adjective + " part" } ?? "images")"
    case .partsInOneFile(let path):
      "\(path): a CSV file holds one part, expected a folder's name for both parts, or one of them alone"
    case .tooLargeForCSV(let name, let size, let maximumPixelCount):
      "\(name): images of \(size) pixels, expected at most \(maximumPixelCount) pixels in a line of a CSV file"
    }
  }
}
