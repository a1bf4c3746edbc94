internal import Datasets
internal import Pixels

/// Which images of a data set are meant, by the files that they came in.
public enum DatasetSplit: String, CaseIterable, Sendable {
  /// The training part.
  case train
  /// The test part.
  case test
  /// Both parts, each as a part.
  case all

  /// The parts that are meant, those without images left out.
  ///
  /// - Throws: ``ConversionError/missingPart(name:_:)`` where nothing is left.
  func parts(of data: ImageDataset) throws(ConversionError) -> [ImageFolder.Part] {
    let meant: [ImageFolder.Part] =
      switch self {
      case .train: [.training]
      case .test: [.test]
      case .all: [.training, .test]
      }
    let present = meant.filter { !data.indices(of: $0).isEmpty }
    guard !present.isEmpty else { throw .missingPart(name: data.name, self) }
    return present
  }
}

extension ImageDataset {
  /// The indices of a part's images.
  func indices(of part: ImageFolder.Part) -> Range<Int> {
    part == .training ? 0..<trainingCount : trainingCount..<count
  }

  /// The labels of a part, `[indices(of: part).count]`.
  func labels(of part: ImageFolder.Part) -> ArraySlice<UInt8> {
    labels[indices(of: part)]
  }

  /// The pixels of a part, `[indices(of: part).count, rowCount, columnCount]`.
  func pixels(of part: ImageFolder.Part) -> PixelBytes {
    let indices = indices(of: part)
    return pixels.dropFirst(indices.lowerBound * featureCount).prefix(indices.count * featureCount)
  }
}
