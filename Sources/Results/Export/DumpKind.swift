internal import DisplayText
public import DurableFiles
internal import Evaluation

/// What a dump shows, which decides its files' names and the words in it.
///
/// In a dump of errors a listing of the pictures sorts by the place in the data set,
/// `00042-actual-3-predicted-8-confidence-0.998.png`; in one of suspects by rank,
/// `001-index-00042-label-3-predicted-8-confidence-0.998.png`. The numbers in front are padded with zeros.
public enum DumpKind: String, CaseIterable, Sendable {
  /// What a network got wrong, or all that it was asked about.
  case errors
  /// Samples whose labels are in doubt, the most doubtful first.
  case suspects

  /// The name of the list of all pictures.
  public var listName: String { rawValue + ".csv" }

  /// The name of the same list with the networks' outputs.
  public var documentName: String { rawValue + ".json" }

  /// The text that the document begins with, which tells whose it is.
  var documentStart: String { "{\n  \"format\": \"mnist-toolkit-\(rawValue)-1\",\n" }

  /// The text that every version's list begins with.
  private static let listStart = "index,actual,predicted,confidence,"

  /// The caption's word for the class that the label says.
  var actualWord: String { self == .errors ? "actual" : "label" }

  // MARK: Names of pictures

  private static let sheetNameStart = "contact-sheet"
  private static let pictureExtension = ".png"

  /// Returns the name of a contact sheet: `contact-sheet.png`, or of several `contact-sheet-01.png` and on.
  static func sheetName(_ number: Int, of count: Int) -> String {
    sheetNameStart + (count == 1 ? "" : "-" + padded(number, largest: max(count, 10))) + pictureExtension
  }

  /// Returns the name of the picture of a sample.
  ///
  /// - Parameters:
  ///   - rank: the sample's place in the dump, from 0.
  ///   - count: the dump's samples.
  ///   - largestIndex: that of the data set's last sample.
  func pictureName(of sample: PredictedSample, rank: Int, of count: Int, largestIndex: Int) -> String {
    let index = Self.padded(sample.index, largest: largestIndex)
    let rest = "-predicted-\(sample.predicted)-confidence-\(Self.text(confidence: sample.confidence)).png"
    return switch self {
    case .errors: "\(index)-actual-\(sample.actual)\(rest)"
    case .suspects: "\(Self.padded(rank + 1, largest: count))-index-\(index)-label-\(sample.actual)\(rest)"
    }
  }

  /// Returns a number with zeros before it, up to as many digits as the largest has.
  private static func padded(_ number: Int, largest: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(String(largest).utf8.count - digits.utf8.count, 0)) + digits
  }

  /// Returns an output with three decimals, cut to what has a name.
  static func text(confidence: Double) -> String { NumberText.fixed(min(max(confidence, 0), 999), digits: 3) }

  // MARK: Ownership

  /// Returns the name of something in a folder that no dump of this kind wrote; nil where there is nothing of it, so that
  /// the folder may be replaced.
  ///
  /// Other programs write lists and pictures of such names too. A dump is recognised by having nothing else, and by the
  /// beginning of its lists; earlier versions' dumps count too. Files that file browsers leave are nobody's.
  ///
  /// - Throws: `FileError` where something in the folder cannot be read.
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
    // Pictures without their list are somebody's selection.
    return entries.isEmpty || entries.contains(listName) ? nil : entries[0]
  }

  /// Returns whether a name is one that a dump of this kind gives a picture or sheet, or that earlier versions gave, without
  /// the confidence.
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
