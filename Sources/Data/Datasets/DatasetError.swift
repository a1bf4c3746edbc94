public import Archives
public import DurableFiles
public import IDX

/// An error from reading, verifying or installing a data set.
///
/// Each description is one sentence that begins with the file, the folder, or the name of the data set.
public enum DatasetError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The name is neither the name of a known data set nor the path of a folder.
  case unknown(name: String, known: [String])
  /// The data set is not embedded in the program, and no data folder is configured.
  case noDataFolder(name: String)
  /// The folder does not contain the file under any accepted spelling of its name.
  case missing(folder: String, file: String)
  /// A file cannot be read or written.
  case file(FileError)
  /// The file is not a gzip file, or is damaged.
  case gzip(path: String, GzipError)
  /// The file is not a zip archive, or is damaged.
  case zip(path: String, ZipError)
  /// An archive does not contain a file that the installation needs.
  case missingEntry(path: String, entry: String)
  /// The file is not an IDX file, or is damaged.
  case idx(path: String, IDXError)
  /// The array in the file does not have the expected type, shape or size.
  case wrongArray(path: String, expected: String, found: String)
  /// The number of images in the image file differs from the number of labels in the label file.
  case countsDiffer(images: String, imageCount: Int, labels: String, labelCount: Int)
  /// The images of the test part and the images of the training part have different sizes.
  case imageSizesDiffer(path: String, expected: ImageSize, found: ImageSize)
  /// A label is too large for the number of classes. `byteOffset` is the offset of the label in the unpacked file.
  case labelOutOfRange(path: String, byteOffset: Int, label: Int, classCount: Int)
  /// The checksum of a published or installed file is wrong. `content` describes the likely content of the file; nil if
  /// the content is not recognised.
  case checksum(path: String, expected: PublishedChecksum, found: PublishedChecksum, content: String?)
  /// The checksum of an installed file was not recorded, so the file cannot be verified.
  case unjudged(path: String)

  /// A message of one sentence that begins with the file, the folder, or the name of the data set.
  public var description: String {
    switch self {
    case .unknown(let name, let known):
      "\(name): no such data set or folder"
        + (DatasetCatalogue.suggestion(for: name).map { " (did you mean \($0)?)" } ?? "")
        + "; the known data sets are \(known.joined(separator: ", "))"
    case .noDataFolder(let name):
      "\(name): no data folder is configured, because neither MNIST_DATA_DIR nor an absolute path in XDG_CACHE_HOME "
        + "or HOME is set"
    case .missing(let folder, let file):
      "\(folder): the file \(file) is missing"
    case .file(let error): error.description
    case .gzip(let path, let error): "\(path): \(error)"
    case .zip(let path, let error): "\(path): \(error)"
    case .missingEntry(let path, let entry):
      "\(path): the archive does not contain \(entry)"
    case .idx(let path, let error): "\(path): \(error)"
    case .wrongArray(let path, let expected, let found):
      "\(path): expected \(expected), found \(found)"
    case .countsDiffer(let images, let imageCount, let labels, let labelCount):
      "\(labels): found \(labelCount) labels, expected \(imageCount), one for each image in \(images)"
    case .imageSizesDiffer(let path, let expected, let found):
      "\(path): expected images of \(expected) pixels as in the training part, found \(found)"
    case .labelOutOfRange(let path, let byteOffset, let label, let classCount):
      "\(path): at byte \(byteOffset): the label \(label), expected 0 to \(classCount - 1)"
    case .checksum(let path, let expected, let found, let content):
      "\(path): not the published file\(content.map { ", but \($0)" } ?? ""): "
        + "\(expected.algorithm) expected \(expected.hexadecimal), found \(found.hexadecimal)"
    case .unjudged(let path):
      "\(path): the checksum of the file was not recorded, so the file cannot be verified"
    }
  }
}
