import Datasets

/// Data sets with nothing on their images.
enum ImageDatasets {
  static func blank(side: Int) -> ImageDataset {
    ImageDataset(
      name: "blank", rowCount: side, columnCount: side, pixels: [UInt8](repeating: 0, count: side * side), labels: [0],
      trainingCount: 0, classNames: ["0", "1"])
  }
}
