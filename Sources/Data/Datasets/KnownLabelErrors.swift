internal import IDX

/// Labels that are known to be wrong.
///
/// ```swift
/// let wrong = KnownLabelErrors.indices(in: mnist)  // 60947, 61621, ...
/// ```
///
/// No network can be right about such an image and its label both, so that an accuracy is worth giving with and without
/// them.
public enum KnownLabelErrors {
  /// Those of MNIST's test part, counted from its first image.
  ///
  /// Source: C. G. Northcutt, A. Athalye and J. Mueller, Pervasive label errors in test sets destabilize machine learning
  /// benchmarks, NeurIPS 2021: images on whose label independent raters disagreed with the data set.
  public static let mnistTest = [
    947, 1621, 1901, 2130, 2462, 2597, 2654, 3520, 3558, 5937, 6651, 6783, 8527, 9679, 9729,
  ]

  /// The indices of the images in a data set whose labels are known to be wrong, ascending; none for most data sets.
  ///
  /// MNIST's test part is known by its labels, whatever the set is called, came from or has become in size and greys; once
  /// a label has been corrected, or the order is another one, nothing is known.
  ///
  /// - Complexity: O(n) for n labels of the test part.
  public static func indices(in data: ImageDataset) -> [Int] {
    guard data.testCount == DatasetCatalogue.full.size.testCount else { return [] }
    let labels = IDXArray(Array(data.labels[data.trainingCount...]), dimensions: [data.testCount])
    guard Checksum.sha256(of: labels.encoded()) == mnistTestLabelsSHA256 else { return [] }
    return mnistTest.map { data.trainingCount + $0 }
  }

  private static let mnistTestLabelsSHA256 =
    DatasetCatalogue.full.files.first { $0.name == "t10k-labels-idx1-ubyte" }?.sha256
}
