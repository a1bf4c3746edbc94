public import Archives
public import DurableFiles
public import IDX

/// Why a data set cannot be had. Each description is one sentence that begins with the file or folder.
public enum DatasetError: Error, Equatable, Sendable, CustomStringConvertible {
  /// There is neither a data set of that name nor such a folder.
  case unknown(name: String, known: [String])
  /// A known data set that is not embedded was asked for, and no data folder is named anywhere.
  case noDataFolder(name: String)
  /// A file is not in its folder under any of its names.
  case missing(folder: String, file: String)
  /// A file cannot be read, or an unpacked one not written.
  case file(FileError)
  /// A file is not gzip, or damaged.
  case gzip(path: String, GzipError)
  /// A file is not a zip archive, or damaged.
  case zip(path: String, ZipError)
  /// An archive lacks a file.
  case missingEntry(path: String, entry: String)
  /// A file is not IDX, or damaged.
  case idx(path: String, IDXError)
  /// A file's array is not what its name promises.
  case wrongArray(path: String, expected: String, found: String)
  /// The images' file and the labels' file have different counts.
  case countsDiffer(images: String, imageCount: Int, labels: String, labelCount: Int)
  /// The images of the two parts have different sizes.
  case imageSizesDiffer(path: String, expected: ImageSize, found: ImageSize)
  /// A label is not below the number of classes; `byteOffset` is its place in the unpacked file.
  case labelOutOfRange(path: String, byteOffset: Int, label: Int, classCount: Int)
  /// A file is not the published one, or not what was made of it; `content` is what it looks like where that is known.
  case checksum(path: String, expected: PublishedChecksum, found: PublishedChecksum, content: String?)
  /// What was noted of a folder's files when they were written is not there, so that they cannot be judged.
  case unjudged(path: String)

  /// One sentence.
  public var description: String {
    switch self {
    case .unknown(let name, let known):
      "\(name): no such data set or folder; known sets are \(known.joined(separator: ", "))"
    case .noDataFolder(let name):
      "\(name): there is no data folder, as neither MNIST_DATA_DIR nor an absolute path in XDG_CACHE_HOME or HOME is set"
    case .missing(let folder, let file):
      "\(folder): the file \(file) is missing"
    case .file(let error): error.description
    case .gzip(let path, let error): "\(path): \(error)"
    case .zip(let path, let error): "\(path): \(error)"
    case .missingEntry(let path, let entry):
      "\(path): the archive lacks \(entry)"
    case .idx(let path, let error): "\(path): \(error)"
    case .wrongArray(let path, let expected, let found):
      "\(path): expected \(expected), found \(found)"
    case .countsDiffer(let images, let imageCount, let labels, let labelCount):
      "\(labels): \(labelCount) labels, expected \(imageCount) as there are images in \(images)"
    case .imageSizesDiffer(let path, let expected, let found):
      "\(path): images of \(found) pixels, expected \(expected) as in the training file"
    case .labelOutOfRange(let path, let byteOffset, let label, let classCount):
      "\(path): at byte \(byteOffset): the label \(label), expected 0 to \(classCount - 1)"
    case .checksum(let path, let expected, let found, let content):
      "\(path): not the published file\(content.map { ", but \($0)" } ?? ""): "
        + "\(expected.algorithm) expected \(expected.hexadecimal), found \(found.hexadecimal)"
    case .unjudged(let path):
      "\(path): the file's checksum was not noted, so that it cannot be verified"
    }
  }
}
