import DatasetFormats
import Datasets
import RandomSources

extension LabelledCSVReader {
  /// Reads a whole CSV text in pieces of a fixed length.
  static func read(
    _ text: some Sequence<UInt8>, imageSize: ImageSize? = nil, pieceByteCount: Int = 1 << 16
  ) throws(LabelledCSVError) -> ImageDataset {
    let bytes = Array(text)
    var reader = LabelledCSVReader(imageSize: imageSize)
    for start in stride(from: 0, to: bytes.count, by: pieceByteCount) {
      try reader.read(Array(bytes[start..<min(start + pieceByteCount, bytes.count)]))
    }
    return try reader.finish(name: "CSV")
  }
}

extension LabelledCSVWriter {
  /// Returns the bytes of a CSV file with the given images.
  static func write(_ images: ImageDataset) -> [UInt8] {
    var bytes: [UInt8] = []
    write(images) { bytes += $0 }
    return bytes
  }
}

extension ImageDataset {
  /// Creates a data set with the name `CSV` and only a training part, like a data set from a CSV file.
  init(imageSize: ImageSize, labels: [UInt8], pixels: [UInt8]) {
    self.init(
      name: "CSV", rowCount: imageSize.rowCount, columnCount: imageSize.columnCount, pixels: pixels, labels: labels,
      trainingCount: labels.count)
  }

  /// Returns images with random labels and random pixels. About half of the pixels are 0.
  static func random(_ count: Int, rows: Int, columns: Int, classCount: Int = 12) -> ImageDataset {
    var source = SplittableRandomSource(seed: UInt64(count))
    let pixels = (0..<count * rows * columns).map { _ in
      Bool.random(using: &source) ? 0 : UInt8.random(in: 0...255, using: &source)
    }
    let labels = (0..<count).map { _ in UInt8(Int.random(in: 0..<classCount, using: &source)) }
    return ImageDataset(
      imageSize: ImageSize(rowCount: rows, columnCount: columns), labels: labels, pixels: pixels)
  }
}
