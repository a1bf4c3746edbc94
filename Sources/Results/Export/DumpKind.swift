internal import DisplayText
public import DurableFiles
internal import Evaluation

/// The kind of an error dump. The kind determines the file names and the words in the captions.
///
/// In a dump of errors, the name of a picture begins with the index in the data set, for example
/// `00042-actual-3-predicted-8-confidence-0.998.png`. In a dump of suspects, the name begins with the rank, for example
/// `001-index-00042-label-3-predicted-8-confidence-0.998.png`. Indices and ranks have leading zeros, so that the names
/// sort by number.
public enum DumpKind: String, CaseIterable, Sendable {
  /// Misclassified samples, or all samples that a selection includes.
  case errors
  /// Samples whose labels are probably wrong, the most doubtful first.
  case suspects

  /// The name of the CSV file that lists all pictures.
  public var listName: String { rawValue + ".csv" }

  /// The name of the JSON file that lists all pictures with the network's outputs.
  public var documentName: String { rawValue + ".json" }

  /// The text at the start of the JSON file. The text identifies the file as part of a dump.
  var documentStart: String { "{\n  \"format\": \"mnist-toolkit-\(rawValue)-1\",\n" }

  /// The text at the start of the CSV file. All versions of the program write the same text.
  private static let listStart = "index,actual,predicted,confidence,"

  /// The word that captions use for the labelled class: `actual` or `label`.
  var actualWord: String { self == .errors ? "actual" : "label" }

  // MARK: Names of pictures

  private static let sheetNameStart = "contact-sheet"
  private static let pictureExtension = ".png"

  /// Returns the file name of a contact sheet.
  ///
  /// A single sheet is named `contact-sheet.png`. Several sheets are named `contact-sheet-01.png` and so on.
  static func sheetName(_ number: Int, of count: Int) -> String {
    sheetNameStart + (count == 1 ? "" : "-" + padded(number, largest: max(count, 10))) + pictureExtension
  }

  /// Returns the file name of a sample's picture.
  ///
  /// - Parameters:
  ///   - rank: The position of the sample in the dump, counted from 0.
  ///   - count: The number of samples in the dump.
  ///   - largestIndex: The index of the last sample in the data set.
  func pictureName(of sample: PredictedSample, rank: Int, of count: Int, largestIndex: Int) -> String {
    let index = Self.padded(sample.index, largest: largestIndex)
    let rest = "-predicted-\(sample.predicted)-confidence-\(Self.text(confidence: sample.confidence)).png"
    return switch self {
    case .errors: "\(index)-actual-\(sample.actual)\(rest)"
    case .suspects: "\(Self.padded(rank + 1, largest: count))-index-\(index)-label-\(sample.actual)\(rest)"
    }
  }

  /// Returns a number padded with zeros to the number of digits of `largest`.
  private static func padded(_ number: Int, largest: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(String(largest).utf8.count - digits.utf8.count, 0)) + digits
  }

  /// Returns a confidence with three decimals, for use in a file name.
  ///
  /// Values outside the range 0...999 are clamped, so that the text stays a short plain number.
  static func text(confidence: Double) -> String { NumberText.fixed(min(max(confidence, 0), 999), digits: 3) }

  // MARK: Ownership

  /// Returns the name of an item that does not belong to a dump of this kind; nil if the folder has no such item.
  ///
  /// A folder may be replaced only if the result is nil. A folder counts as a dump if all its files have the names of a
  /// dump, and its lists start like the lists of a dump. Dumps of earlier versions are recognized too. Files that file
  /// browsers create, such as `.DS_Store`, are ignored.
  ///
  /// - Throws: `FileError` if an item in the folder cannot be read.
  public func unownedItem(in folder: String) throws(FileError) -> String? {
    let entries = try FilePaths.names(in: folder).filter { !FilePaths.isLitter($0) }
    let starts = [listName: Self.listStart, documentName: documentStart]
    for name in entries {
      let path = FilePaths.join(folder, name)
      guard starts[name] != nil || isPicture(name), FilePaths.isRegularFile(path) else { return name }
      guard let start = starts[name] else { continue }
      let found = try FileReader(path).read(at: 0, count: start.utf8.count)
      if !found.elementsEqual(start.utf8) { return name }
    }
    // Pictures without a list may be a user's own selection, so the folder must not be replaced.
    return entries.isEmpty || entries.contains(listName) ? nil : entries[0]
  }

  /// Returns whether a file name belongs to a picture or a contact sheet of this kind of dump.
  ///
  /// File names of earlier versions, which contain no confidence, count too.
  private func isPicture(_ name: String) -> Bool {
    guard name.hasSuffix(Self.pictureExtension) else { return false }
    let stem = name.dropLast(Self.pictureExtension.count)
    let parts = stem.split(separator: "-", omittingEmptySubsequences: false)
    func matches(_ pattern: String) -> Bool {
      let words = pattern.split(separator: "-")
      return parts.count == words.count
        && zip(parts, words).allSatisfy { part, word in
          switch word {
          case "N": Self.isNumber(part)
          case "N.N":
            part.split(separator: ".", omittingEmptySubsequences: false).map(Self.isNumber) == [true, true]
          default: part == word
          }
        }
    }
    if stem == Self.sheetNameStart || matches(Self.sheetNameStart + "-N") { return true }
    return switch self {
    case .errors: matches("N-actual-N-predicted-N") || matches("N-actual-N-predicted-N-confidence-N.N")
    case .suspects: matches("N-index-N-label-N-predicted-N-confidence-N.N")
    }
  }

  private static func isNumber(_ text: Substring) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy { (48...57).contains($0) }
  }
}
