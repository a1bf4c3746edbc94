public import DurableFiles
public import Images

/// Why a dump cannot be written. Each description is one sentence that begins with the file or folder.
public enum ErrorDumpError: Error, Equatable, Sendable {
  /// A file or folder cannot be written, or is in the way.
  case file(FileError)
  /// A picture cannot be written as PNG: it would be too large.
  case png(path: String, PNGError)
}

extension ErrorDumpError: CustomStringConvertible {
  /// One sentence.
  public var description: String {
    switch self {
    case .file(let error): error.description
    case .png(let path, let error): "\(path): \(error)"
    }
  }
}
