internal import Datasets
internal import DisplayText
internal import Foundation

/// The table of data sets that `--list` prints.
enum DatasetTable {
  /// Returns a header and a line for each data set. Two spaces separate the columns.
  ///
  /// - Parameters:
  ///   - descriptions: The data sets.
  ///   - dataFolder: The path of the data folder; nil if there is no data folder. If nil, all data sets except embedded
  ///     data sets count as absent.
  static func text(_ descriptions: [DatasetDescription], dataFolder: String?) -> String {
    let installer = dataFolder.map(DatasetInstaller.init(dataFolder:))
    var rows = [["name", "images", "pixels", "classes", "download", "licence", "here", "title"]]
    for description in descriptions {
      let size = description.size
      rows.append([
        description.name + (description.aliases.first.map { " (\($0))" } ?? ""),
        NumberText.count(size.trainingCount) + (size.testCount > 0 ? " + " + NumberText.count(size.testCount) : ""),
        "\(size.image)",
        "\(description.classNames.count)",
        description.isEmbedded ? "none" : description.publishedByteCount?.byteCountText ?? "unknown",
        description.terms.licence,
        description.isEmbedded ? "embedded" : (installer?.presence(of: description) ?? .absent).rawValue,
        description.title,
      ])
    }
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
}

extension Int {
  /// A text for this number of bytes, in decimal units, such as `28.9 kB`.
  package var byteCountText: String {
    let units = ["bytes", "kB", "MB", "GB", "TB"]
    var (value, unit) = (Double(self), 0)
    while value >= 999.95, unit < units.count - 1 {
      value /= 1000
      unit += 1
    }
    return unit == 0 ? "\(self) bytes" : String(format: "%.1f ", value) + units[unit]
  }
}
