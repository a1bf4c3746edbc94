public import Archives
public import Datasets
public import DurableFiles

/// Why a data set cannot be read or written in a format. Each description is one sentence that begins with the file or
/// folder, or with the data set's name.
public enum ConversionError: Error, Equatable, Sendable {
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
  /// A folder of PNG files is wrong, or cannot be written.
  case images(ImageFolderError)
  /// Something is there that is no data set in any known format.
  case unknownFormat(path: String, expected: String, found: String)
  /// The images have another size than the caller says, or than those of the other part.
  case imageSize(path: String, expected: ImageSize, found: ImageSize)
  /// There are no images.
  case noImages(path: String)
  /// The part that is asked for has no images.
  case missingPart(name: String, DatasetSplit)
  /// Both parts should go into one CSV file.
  case partsInOneFile(path: String)
  /// The images have more pixels than a line of a CSV file may hold.
  case tooLargeForCSV(name: String, ImageSize, maximumPixelCount: Int)
}

extension ConversionError {
  /// What a folder of PNG files has met with: a file's own failure is the same in every format.
  init(_ error: ImageFolderError) {
    if case .file(let error) = error { self = .file(error) } else { self = .images(error) }
  }
}

extension ConversionError: CustomStringConvertible {
  /// One sentence.
  public var description: String {
    switch self {
    case .file(let error):
      error.description
    case .idx(let error):
      error.description
    case .csv(let path, let error):
      "\(path): \(error)"
    case .zip(let path, let error):
      "\(path): \(error)"
    case .numPy(let path, let error):
      "\(path): \(error)"
    case .images(let error):
      error.description
    case .unknownFormat(let path, let expected, let found):
      "\(path): expected \(expected), found \(found)"
    case .imageSize(let path, let expected, let found):
      "\(path): images of \(found) pixels, expected \(expected)"
    case .noImages(let path):
      "\(path): expected images, found none"
    case .missingPart(let name, let split):
      split == .all ? "\(name): has no images" : "\(name): has no \(split == .train ? "training" : "test") part"
    case .partsInOneFile(let path):
      "\(path): a CSV file holds one part, expected a folder's name for both parts, or one of them alone"
    case .tooLargeForCSV(let name, let size, let maximumPixelCount):
      "\(name): images of \(size) pixels, expected at most \(maximumPixelCount) pixels in a line of a CSV file"
    }
  }
}
