internal import Datasets

/// The data sets as a table for the eye.
struct DatasetTable {
  private let rows: [[String]]

  /// Creates the table of some data sets.
  ///
  /// - Parameter installer: the installer of the data folder; nil without a data folder, when every set is absent.
  init(_ descriptions: [DatasetDescription], _ installer: DatasetInstaller?) {
    let header = ["name", "images", "pixels", "classes", "download", "licence", "here", "title"]
    rows =
      [header]
      + descriptions.map { description in
        let size = description.size
        return [
          description.name + (description.aliases.first.map { " (\($0))" } ?? ""),
          Self.grouped(size.trainingCount) + (size.testCount > 0 ? " + " + Self.grouped(size.testCount) : ""),
          "\(size.rowCount)x\(size.columnCount)",
          "\(description.classNames.count)",
          description.isEmbedded ? "none" : description.publishedByteCount.map(ByteCountText.text) ?? "unknown",
          description.terms.licence,
          description.isEmbedded ? "embedded" : (installer?.presence(of: description) ?? .absent).rawValue,
          description.title,
        ]
      }
  }

  /// One line each, the columns apart by two spaces, numbers to the right.
  var text: String {
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      var line = ""
      for (column, cell) in row.enumerated() {
        let space = String(repeating: " ", count: widths[column] - cell.count)
        line += (column == 3 || column == 4 ? space + cell : cell + space) + "  "
      }
      while line.last == " " { line.removeLast() }
      return line + "\n"
    }.joined()
  }

  private static func grouped(_ number: Int) -> String {
    var text = ""
    for (place, digit) in "\(number)".reversed().enumerated() {
      text = "\(digit)" + (place > 0 && place % 3 == 0 ? "," : "") + text
    }
    return text
  }
}
