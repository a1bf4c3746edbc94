public import Datasets
internal import DisplayText

/// The reason why an array, or an archive of arrays, cannot be read.
public struct NumPyError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The name of the array with the problem; nil if the name is unknown, or if the problem concerns the whole archive.
  public let array: String?
  /// The byte offset of the problem in the array's file, counted from 0; nil if the problem has no single place.
  public let byteOffset: Int?
  /// The kind and the details of the problem.
  public let problem: Problem

  init(_ problem: Problem, at byteOffset: Int? = nil, array: String? = nil) {
    self.problem = problem
    self.byteOffset = byteOffset
    self.array = array
  }

  /// The kinds of problems in an array or archive.
  public enum Problem: Equatable, Sendable {
    /// The file does not begin with NumPy's signature. `found` is the beginning of the file.
    case notNumPy(found: [UInt8])
    /// The file has an unknown version of the format.
    case unknownVersion(major: UInt8, minor: UInt8)
    /// The file ends inside the header. The file has `found` bytes but needs at least `expected` bytes.
    case headerCut(expected: Int, found: Int)
    /// The header is longer than the maximum, which is enough for any array of numbers.
    case headerTooLong(maximum: Int, found: Int)
    /// The text of the header is not the required Python dictionary.
    case syntax(expected: String, found: String)
    /// The dictionary lacks a required key.
    case missingKey(String)
    /// The dictionary has an unknown key.
    case unknownKey(String)
    /// The dictionary has a key twice.
    case repeatedKey(String)
    /// The elements are records with several fields.
    case structured
    /// The elements do not have a supported numeric type. `found` is NumPy's name for the type.
    case unknownElementType(found: String)
    /// The number of bytes of the array does not fit in an `Int`.
    case overflow(shape: [Int])
    /// The length of the file differs from the total length of the header and the elements.
    case length(expected: Int, found: Int)
    /// An element is not a whole number from 0 to 255.
    case value(index: [Int], found: String)
    /// The archive lacks required arrays. `found` lists the arrays in the archive.
    case missingArrays([String], found: [String])
    /// The array has an unsupported shape.
    case shape(expected: String, found: [Int])
    /// The number of labels differs from the number of images.
    case labelCount(images: Int, found: Int)
    /// The image size differs from the size that the caller gives, or differs between the training part and the test
    /// part.
    case imageSize(expected: ImageSize, found: ImageSize)
    /// The unpacked arrays have more bytes than the caller allows.
    case tooLarge(maximumByteCount: Int, found: Int)
  }

  /// One sentence that explains the problem. If the place is known, the sentence begins with the place.
  ///
  /// Example: `array "y_train", at byte 10: expected one of the element types u1, ...`.
  public var description: String {
    let array = array.map { "array \"\($0.shortenedForDisplay())\"" }
    let places = [array, byteOffset.map { "at byte \($0)" }].compactMap { $0 }
    return (places.isEmpty ? "" : places.joined(separator: ", ") + ": ") + problem.complaint
  }
}

extension NumPyError.Problem {
  fileprivate var complaint: String {
    switch self {
    case .notNumPy(let found):
      found.isEmpty
        ? "expected NumPy's signature, found an empty file"
        : "expected NumPy's signature 93 4E 55 4D, found "
          + found.prefix(4).hexadecimal
    case .unknownVersion(let major, let minor):
      "expected version 1.0, 2.0 or 3.0 of the .npy format, found \(major).\(minor)"
    case .headerCut(let expected, let found):
      "the file ends inside the header, expected at least \(expected) bytes, found \(found)"
    case .headerTooLong(let maximum, let found):
      "expected a header of at most \(maximum) bytes, found \(found)"
    case .syntax(let expected, let found):
      "expected \(expected), found \(found)"
    case .missingKey(let key):
      "the header lacks the key '\(key)'"
    case .unknownKey(let key):
      "expected only the keys descr, fortran_order and shape in the header, found '\(key)'"
    case .repeatedKey(let key):
      "expected the key '\(key)' once, found it twice"
    case .structured:
      "expected an array of numbers, found structured records"
    case .unknownElementType(let found):
      "expected one of the element types " + NumPyElementType.allCases.map(\.rawValue).joined(separator: ", ")
        + ", found '\(found)'" + (found.hasSuffix("O") ? ", pickled Python objects, which are never unpickled" : "")
    case .overflow(let shape):
      "the shape \(text(shape)) is too large: the number of bytes does not fit in 63 bits"
    case .length(let expected, let found):
      "expected a file of \(expected) bytes, as its header requires, found \(found)"
    case .value(let index, let found):
      "expected a whole number from 0 to 255 as element \(index), found \(found)"
    case .missingArrays(let names, let found):
      "expected the arrays \(names.joined(separator: ", ")), found "
        + (found.isEmpty
          ? "none"
          : found.prefix(8).map { $0.shortenedForDisplay() }.joined(separator: ", ") + (found.count > 8 ? ", ..." : ""))
    case .shape(let expected, let found):
      "expected the shape \(expected), found \(text(found))"
    case .labelCount(let images, let found):
      "expected \(images) labels, one for each image, found \(found)"
    case .imageSize(let expected, let found):
      "expected images of \(expected) pixels, found \(found)"
    case .tooLarge(let maximumByteCount, let found):
      "expected arrays of at most \(maximumByteCount) bytes, found \(found) bytes"
    }
  }
}

/// Returns the text of a shape, shortened to at most 8 dimensions.
private func text(_ shape: [Int]) -> String {
  "[" + shape.prefix(8).map(String.init).joined(separator: ", ") + (shape.count > 8 ? ", ..." : "") + "]"
}
