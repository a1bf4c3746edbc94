public import Foundation

/// A file under the package's Fixtures folder, found from where this source lies.
public struct Fixture: Sendable {
  /// Where the file is.
  public let url: URL

  /// The file at a path below Fixtures, such as `numpy/legacy-stream.json`.
  public init(_ path: String) {
    let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    url = package.appending(path: "Fixtures").appending(path: path)
  }

  /// Its path.
  public var path: String { url.path }

  /// The whole file.
  public func bytes() throws -> [UInt8] {
    try [UInt8](Data(contentsOf: url))
  }

  /// The file's JSON as a value.
  public func decode<Value: Decodable>(_ type: Value.Type = Value.self) throws -> Value {
    try JSONDecoder().decode(type, from: Data(contentsOf: url))
  }
}
