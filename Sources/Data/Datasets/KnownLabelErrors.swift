internal import IDX

/// The labels of MNIST that are known to be wrong.
///
/// ```swift
/// let wrong = KnownLabelErrors.indices(in: mnist)  // 60947, 61621, ...
/// ```
///
/// If a network finds the true class of an image with a wrong label, the answer counts as an error. An accuracy should
/// therefore be reported both with and without such images.
public enum KnownLabelErrors {
  /// The indices of the images with wrong labels in MNIST's test part, counted from 0.
  ///
  /// Independent raters disagreed with the labels of these images. Source: C. G. Northcutt, A. Athalye and J. Mueller,
  /// Pervasive label errors in test sets destabilize machine learning benchmarks, NeurIPS 2021.
  public static let mnistTest = [
    947, 1621, 1901, 2130, 2462, 2597, 2654, 3520, 3558, 5937, 6651, 6783, 8527, 9679, 9729,
  ]

  /// Returns the indices of the images whose labels are known to be wrong, in ascending order.
  ///
  /// Wrong labels are known only in MNIST's test part. The method recognises this part by the checksum of its labels.
  /// The name, the image size and the pixels of the data set do not matter. If a label or the order of the labels was
  /// changed, the result is empty.
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
