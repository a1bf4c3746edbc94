public import Datasets
internal import DisplayText

/// Why an array, or an archive of arrays, is not read.
public struct NumPyError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The array's name in the archive, if it is in one and the mistake is in the one array.
  public let array: String?
  /// Where in the array's file the mistake lies, counted from 0, if it is in a certain place.
  public let byteOffset: Int?
  /// What is wrong.
  public let problem: Problem

  init(_ problem: Problem, at byteOffset: Int? = nil, array: String? = nil) {
    self.problem = problem
    self.byteOffset = byteOffset
    self.array = array
  }

  /// What can be wrong.
  public enum Problem: Equatable, Sendable {
    /// The file does not begin with NumPy's signature, but with the bytes found.
    case notNumPy(found: [UInt8])
    /// The file is of a version of the format that is not known.
    case unknownVersion(major: UInt8, minor: UInt8)
    /// The file ends inside the header: it should have at least `expected` bytes, and has `found`.
    case headerCut(expected: Int, found: Int)
    /// The header says that it is longer than one of an array of numbers.
    case headerTooLong(maximum: Int, found: Int)
    /// The header's text is not the dictionary that it should be.
    case syntax(expected: String, found: String)
    /// The dictionary lacks a key.
    case missingKey(String)
    /// The dictionary has a key that the format does not know.
    case unknownKey(String)
    /// The dictionary has a key twice.
    case repeatedKey(String)
    /// The elements are records of several fields.
    case structured
    /// The elements are not numbers of one of the types that are read; `found` is NumPy's name for them.
    case unknownElementType(found: String)
    /// The array would have more bytes than can be counted.
    case overflow(shape: [Int])
    /// The file has another length than header and elements together.
    case length(expected: Int, found: Int)
    /// An element, at the index, is no whole number from 0 to 255.
    case value(index: [Int], found: String)
    /// The archive lacks arrays that are needed.
    case missingArrays([String], found: [String])
    /// The array has another shape than is needed.
    case shape(expected: String, found: [Int])
    /// There are not as many labels as images.
    case labelCount(images: Int, found: Int)
    /// Images have another size than the other part's, or than the caller says.
    case imageSize(expected: ImageSize, found: ImageSize)
    /// Unpacked, the arrays have more bytes than the caller allows.
    case tooLarge(maximumByteCount: Int, found: Int)
  }

  /// One sentence that begins with the place, such as
  /// `array "y_train", at byte 10: the elements have the type '<U4', ...`.
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
        ? "the file is empty, expected NumPy's signature"
        : "expected NumPy's signature 93 4E 55 4D, found "
          + found.prefix(4).hexadecimal
    case .unknownVersion(let major, let minor):
      "the format's version should be 1.0, 2.0 or 3.0, found \(major).\(minor)"
    case .headerCut(let expected, let found):
      "the file ends inside the header, expected at least \(expected) bytes, found \(found)"
    case .headerTooLong(let maximum, let found):
      "the header should have at most \(maximum) bytes, found \(found)"
    case .syntax(let expected, let found):
      "expected \(expected), found \(found)"
    case .missingKey(let key):
      "expected the key '\(key)' in the header, found none"
    case .unknownKey(let key):
      "expected the header's keys to be descr, fortran_order and shape, found '\(key)'"
    case .repeatedKey(let key):
      "expected the key '\(key)' once, found it twice"
    case .structured:
      "the elements are structured, expected numbers"
    case .unknownElementType(let found):
      "the elements have the type '\(found)'"
        + (found.hasSuffix("O") ? ", pickled Python objects, which are never unpickled" : "")
        + ", expected one of " + NumPyElementType.allCases.map(\.rawValue).joined(separator: ", ")
    case .overflow(let shape):
      "an array of the shape \(text(shape)) is too large to be counted"
    case .length(let expected, let found):
      "the file should have \(expected) bytes, found \(found)"
    case .value(let index, let found):
      "the element \(index) should be a whole number from 0 to 255, found \(found)"
    case .missingArrays(let names, let found):
      "expected the arrays \(names.joined(separator: ", ")), found "
        + (found.isEmpty
          ? "no array"
          : found.prefix(8).map { $0.shortenedForDisplay() }.joined(separator: ", ") + (found.count > 8 ? ", ..." : ""))
    case .shape(let expected, let found):
      "the shape should be \(expected), found \(text(found))"
    case .labelCount(let images, let found):
      "expected \(images) labels, one for each image, found \(found)"
    case .imageSize(let expected, let found):
      "the images should have \(expected.rowCount) x \(expected.columnCount) pixels, found "
        + "\(found.rowCount) x \(found.columnCount)"
    case .tooLarge(let maximumByteCount, let found):
      "the arrays have \(found) bytes, expected at most the \(maximumByteCount) allowed"
    }
  }
}

/// A shape that fits in a sentence.
private func text(_ shape: [Int]) -> String {
  "[" + shape.prefix(8).map(String.init).joined(separator: ", ") + (shape.count > 8 ? ", ..." : "") + "]"
}
