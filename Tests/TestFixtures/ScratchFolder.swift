internal import Foundation

/// A temporary folder for one test. The folder is removed when this value is destroyed.
public final class ScratchFolder: Sendable {
  /// The path of the folder.
  public let path: String

  /// Creates an empty folder.
  public init() throws {
    let url = FileManager.default.temporaryDirectory.appending(path: "mnist-toolkit-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    path = url.path
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Returns the path of an item in the folder.
  public func callAsFunction(_ name: String) -> String { path + "/" + name }

  /// The names of the items in the folder, sorted. Hidden names are included.
  public var names: [String] { names(in: "") }

  /// Returns the names of the items in a subfolder, sorted. Hidden names are included.
  public func names(in folder: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: self(folder))) ?? []).sorted()
  }

  /// Writes a file. Creates the folders above the file if they are missing.
  public func write(_ bytes: some Sequence<UInt8>, to name: String) throws {
    let url = URL(filePath: self(name))
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: url)
  }

  /// Reads a file as bytes.
  public func bytes(_ name: String) throws -> [UInt8] {
    try [UInt8](Data(contentsOf: URL(filePath: self(name))))
  }

  /// Reads a file as text.
  public func text(_ name: String) throws -> String {
    String(decoding: try bytes(name), as: UTF8.self)
  }
}
