public import Datasets
public import DurableFiles

/// The reason why a data set could not be fetched. Each description is one line.
public enum FetchError: Error, Equatable, Sendable, CustomStringConvertible {
  /// No source has the published file. `failures` holds the failure of each source.
  case noSource(file: String, failures: [SourceFailure])
  /// A file is missing, and downloads are not allowed.
  case offline(dataset: String, folder: String)
  /// A local file or folder cannot be read or written.
  case file(FileError)
  /// The fetched files cannot be installed.
  case dataset(DatasetError)
  /// The user interrupted the fetch. The next fetch resumes the partial download.
  case interrupted(file: String)

  /// The description of the error in one line.
  public var description: String {
    switch self {
    case .noSource(let file, let failures):
      if let only = failures.first, failures.count == 1 {
        only.description
      } else {
        "\(file): no source has the published file: " + failures.map(\.description).joined(separator: "; ")
      }
    case .offline(let dataset, let folder):
      "\(folder): the data set \(dataset) is incomplete, and downloads are not allowed offline"
    case .file(let error): error.description
    case .dataset(let error): error.description
    case .interrupted(let file):
      "interrupted while fetching \(file)"
    }
  }
}

/// The reason why one source did not provide a file.
public struct SourceFailure: Error, Equatable, Sendable, CustomStringConvertible {
  /// The kinds of failures of a source.
  public enum Kind: Equatable, Sendable {
    /// A local folder or file is missing.
    case missing
    /// The server is unreachable, the connection broke, or the server does not have the file.
    case unavailable
    /// The content of the source's file differs from the published file.
    case wrongContent
  }

  /// The kind of the failure.
  public let kind: Kind
  /// The URL or path of the file, or the path of the folder.
  public let location: String
  /// The reason for the failure, as text for an error message.
  public let reason: String

  /// The location of the failure, then the reason for the failure.
  public var description: String { "\(location): \(reason)" }
}

/// An event during a fetch.
public enum FetchEvent: Equatable, Sendable {
  /// Another process uses the folder, so this process waits.
  case waiting(folder: String)
  /// The download of a file begins or resumes. `received` is the number of bytes that exist already. `byteCount` is the
  /// size of the file; nil if the size is unknown.
  case begin(file: String, source: FetchSource, received: Int, byteCount: Int?)
  /// The download of a file has progressed to `received` bytes.
  case progress(file: String, received: Int, byteCount: Int?)
  /// An attempt failed, and the next attempt follows after a pause.
  case retry(file: String, source: FetchSource, reason: String, pause: Duration)
  /// A source did not provide the file, and the next source is tried.
  case sourceFailed(file: String, SourceFailure)
  /// A file is complete and verified. `source` is the source of the last bytes; nil if the file already existed.
  case fetched(file: String, source: FetchSource?, byteCount: Int)
  /// An event of the installer.
  case installer(DatasetInstaller.Event)
}
