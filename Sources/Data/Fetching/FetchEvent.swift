public import Datasets

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
