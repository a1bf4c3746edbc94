public import Datasets
public import DurableFiles

/// Why a data set could not be fetched. Each description is one line.
public enum FetchError: Error, Equatable, Sendable, CustomStringConvertible {
  /// No source has a file as it was published; with what each of them said.
  case noSource(file: String, failures: [SourceFailure])
  /// A file is not there, and the network is not to be touched.
  case offline(dataset: String, folder: String)
  /// A file or folder on this machine cannot be read or written.
  case file(FileError)
  /// What was fetched cannot be installed.
  case dataset(DatasetError)
  /// The user ended it. What came so far is kept, and is the beginning of the next fetch.
  case interrupted(file: String)

  /// One line.
  public var description: String {
    switch self {
    case .noSource(let file, let failures):
      if let only = failures.first, failures.count == 1 {
        only.description
      } else {
        "\(file): no source has it: " + failures.map(\.description).joined(separator: "; ")
      }
    case .offline(let dataset, let folder):
      "\(folder): \(dataset) is not complete, and nothing may be fetched offline"
    case .file(let error): error.description
    case .dataset(let error): error.description
    case .interrupted(let file):
      "interrupted while fetching \(file)"
    }
  }
}

/// Why one source did not have a file.
public struct SourceFailure: Error, Equatable, Sendable, CustomStringConvertible {
  /// What kinds there are.
  public enum Kind: Equatable, Sendable {
    /// A local folder or file that is not there.
    case missing
    /// The server could not be reached, broke off, or did not have the file.
    case unavailable
    /// There is a file, but it is not the published one.
    case wrongContent
  }

  /// The kind.
  public let kind: Kind
  /// The file's URL or path, or the folder's.
  public let location: String
  /// What is the matter, in words.
  public let reason: String

  /// Location and reason.
  public var description: String { "\(location): \(reason)" }
}

/// What is told as a fetch goes on.
public enum FetchEvent: Equatable, Sendable {
  /// Another process works in the folder; this one waits.
  case waiting(folder: String)
  /// A file begins to come; `received` bytes of it are there from before. The size is nil where it is not known.
  case begin(file: String, source: FetchSource, received: Int, byteCount: Int?)
  /// So much of a file is there.
  case progress(file: String, received: Int, byteCount: Int?)
  /// An attempt failed, and another one follows after a pause.
  case retry(file: String, source: FetchSource, reason: String, pause: Duration)
  /// A source is given up for this file, and the next one asked.
  case sourceFailed(file: String, SourceFailure)
  /// A file is there, and is the published one; it came from a source, or was there from before.
  case fetched(file: String, source: FetchSource?, byteCount: Int)
  /// What the installer tells.
  case installer(DatasetInstaller.Event)
}
