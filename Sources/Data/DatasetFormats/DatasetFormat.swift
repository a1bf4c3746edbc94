/// A form in which a data set of labelled images is kept in files.
///
/// ```swift
/// let format = try DatasetFormat(of: "mnist.npz")  // .npz
/// ```
///
/// The raw values are the names that command lines know.
public enum DatasetFormat: String, CaseIterable, Sendable {
  /// A folder of raw IDX files under MNIST's names: `train-images-idx3-ubyte`, `train-labels-idx1-ubyte`, and `t10k-...`
  /// where there is a test part.
  case idx
  /// The same files packed by gzip, each with `.gz` behind its name, as MNIST is published.
  case idxGzip = "idx-gz"
  /// Lines of a label and pixels: a folder with `train.csv` and, where there is a test part, `test.csv`, or one file.
  case csv
  /// One file with the NumPy arrays `x_train`, `y_train`, `x_test` and `y_test`, as Keras has it.
  case npz
  /// A folder with `train` and, where there is a test part, `test`, in each a folder of PNG files for every class.
  case png

  /// What a data set in this form looks like from outside, for sentences.
  var expectation: String {
    switch self {
    case .idx, .idxGzip: "a folder with train-images-idx3-ubyte and train-labels-idx1-ubyte, gzipped or not"
    case .csv: "a CSV file, or a folder with train.csv"
    case .npz: "an .npz file"
    case .png: "a folder of PNG files in a folder for each class"
    }
  }
}
