public import Foundation

/// A file in the folder Fixtures of this package. The folder is found from the path of this source file.
public struct Fixture: Sendable {
  /// The URL of the file.
  public let url: URL

  /// Creates a fixture from a path inside the folder Fixtures, such as `numpy/legacy-stream.json`.
  public init(_ path: String) {
    let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    url = package.appending(path: "Fixtures").appending(path: path)
  }

  /// The path of the file.
  public var path: String { url.path }

  /// Reads the whole file.
  public func bytes() throws -> [UInt8] {
    try [UInt8](Data(contentsOf: url))
  }

  /// Decodes a value from the JSON in the file.
  public func decode<Value: Decodable>(_ type: Value.Type = Value.self) throws -> Value {
    try JSONDecoder().decode(type, from: Data(contentsOf: url))
  }
}
