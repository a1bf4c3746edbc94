internal import DisplayText
internal import Foundation

/// The JSON of a run folder: keys in order, indented, so that people and `diff` can read it.
enum JSON {
  /// Encodes a value. Characters that cannot be shown are written as JSON's escapes, which stand for the same values.
  static func encode(_ value: some Encodable) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return Array((String(decoding: try encoder.encode(value), as: UTF8.self) + "\n").escapedAsJSON().utf8)
  }

  /// The value in a JSON file; an error says which key is missing or malformed.
  static func decode<Value: Decodable>(_ bytes: [UInt8], as type: Value.Type) throws(CommandFailure) -> Value {
    do {
      return try JSONDecoder().decode(type, from: Data(bytes))
    } catch DecodingError.keyNotFound(let key, let context) {
      throw CommandFailure(.badData, "the key \(Self.path(context, key)) is missing")
    } catch DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context) {
      throw CommandFailure(.badData, "the key \(Self.path(context)) has a value of another type than expected")
    } catch DecodingError.dataCorrupted(let context) {
      let place = context.codingPath.isEmpty ? "not usable as JSON" : "the key \(Self.path(context)) is unusable"
      throw CommandFailure(.badData, "\(place): \(context.debugDescription)")
    } catch {
      throw CommandFailure(.badData, "not the JSON expected: \(error)")
    }
  }

  private static func path(_ context: DecodingError.Context, _ key: (any CodingKey)? = nil) -> String {
    (context.codingPath + (key.map { [$0] } ?? [])).map(\.stringValue).joined(separator: ".")
  }
}
