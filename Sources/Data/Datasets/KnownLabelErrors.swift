internal import IDX

/// The labels of MNIST that are known to be wrong.
///
/// ```swift
/// let wrong = KnownLabelErrors.indices(in: mnist)  // 60947, 61621, ...
/// ```
///
/// A network that recognises such an image correctly is counted as wrong. An accuracy is therefore best reported with
/// and without these images.
public enum KnownLabelErrors {
  /// The indices of the images with wrong labels in MNIST's test part, counted from its first image.
  ///
  /// Independent raters disagreed with the labels of these images. Source: C. G. Northcutt, A. Athalye and J. Mueller,
  /// Pervasive label errors in test sets destabilize machine learning benchmarks, NeurIPS 2021.
  public static let mnistTest = [
    947, 1621, 1901, 2130, 2462, 2597, 2654, 3520, 3558, 5937, 6651, 6783, 8527, 9679, 9729,
  ]

  /// Returns the indices of the images in a data set with labels that are known to be wrong, in ascending order.
  ///
  /// Only MNIST's test part has such labels. It is recognised by the checksum of its labels. The name, the image size
  /// and the pixels of the data set do not matter. If a label was corrected or the order changed, the result is empty.
  ///
  /// - Complexity: O(*n*) in the number of labels in the test part.
  public static func indices(in data: ImageDataset) -> [Int] {
    guard data.testCount == DatasetCatalogue.full.size.testCount else { return [] }
    let labels = IDXArray(Array(data.labels[data.trainingCount...]), dimensions: [data.testCount])
    guard Checksum.sha256(of: labels.encoded()) == mnistTestLabelsSHA256 else { return [] }
    return mnistTest.map { data.trainingCount + $0 }
  }

  private static let mnistTestLabelsSHA256 =
    DatasetCatalogue.full.files.first { $0.name == "t10k-labels-idx1-ubyte" }?.sha256
}
