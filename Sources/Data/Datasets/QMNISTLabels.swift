internal import DurableFiles
internal import IDX

/// The extended labels of QMNIST: the class, the writer and the NIST origin of every digit.
///
/// ```swift
/// let labels = try QMNISTLabels.load(.test, folder: "data/qmnist")
/// labels.rows[0].writer  // the number of the writer
/// ```
///
/// The extended labels of a part are in a file in the folder of the installed data set. The file has its published name
/// without `.gz`. QMNIST's page describes the columns: https://github.com/facebookresearch/qmnist .
public struct QMNISTLabels: Equatable, Sendable {
  /// Returns the name of the file with the extended labels of a part.
  ///
  /// The training part and the test part have 60,000 digits each. The first 10,000 test digits are MNIST's test part.
  public static func fileName(of part: DataPart) -> String { "qmnist-\(part.rawValue)-labels-idx2-int" }

  /// The extended label of one digit.
  public struct Row: Equatable, Sendable {
    /// The class of the digit, from 0 to 9.
    public let digit: Int
    /// The number of the NIST handwriting series (HSF), such as 0, 1 or 4.
    public let series: Int
    /// The number of the writer.
    public let writer: Int
    /// The index of the digit among the writer's digits.
    public let writerDigit: Int
    /// NIST's code of the class, from 30 for the digit 0 to 39 for the digit 9.
    public let classCode: Int
    /// The index of the digit among all of NIST's digits.
    public let globalIndex: Int
    /// QMNIST's duplicate code; 0 if the digit is not a duplicate of another digit.
    public let duplicate: Int
    /// The value of a column without a meaning.
    public let unused: Int
  }

  /// The extended labels of all digits, in the order of the images.
  public let rows: [Row]

  /// The largest accepted size of a file: 64 MiB. A file of this size holds 2 million digits, but NIST has only
  /// 402,953.
  static let maximumByteCount = 1 << 26

  /// Parses an IDX file that holds an int32 table `[count, 8]`.
  ///
  /// - Parameters:
  ///   - bytes: The unpacked content of the file.
  ///   - path: The path of the file, for errors.
  /// - Throws: ``DatasetError``.
  /// - Complexity: O(`count`).
  public init(parsing bytes: [UInt8], path: String) throws(DatasetError) {
    try rethrow(FileError.checkMemory(4 * bytes.count, for: path), as: DatasetError.file)
    let array = try IDXArray(unpacked: bytes, path: path)
    let numbers: [Int32] = try rethrow(array.elements(), as: { DatasetError.idx(path: path, $0) })
    guard array.header.dimensions.count == 2, array.header.dimensions[1] == 8 else {
      throw .wrongArray(path: path, expected: "a table as int32 of 8 columns", found: "\(array)")
    }
    rows = stride(from: 0, to: numbers.count, by: 8).map { start in
      let cells = numbers[start..<start + 8].map(Int.init)
      return Row(
        digit: cells[0], series: cells[1], writer: cells[2], writerDigit: cells[3], classCode: cells[4],
        globalIndex: cells[5], duplicate: cells[6], unused: cells[7])
    }
  }

  /// Reads the extended labels of a part from the folder of the installed data set.
  ///
  /// - Throws: ``DatasetError``.
  public static func load(_ part: DataPart, folder: String) throws(DatasetError) -> QMNISTLabels {
    let path = FilePaths.join(folder, fileName(of: part))
    guard FilePaths.exists(path) else { throw .missing(folder: folder, file: fileName(of: part)) }
    let bytes = try rethrow(DurableFile.read(path, maximumByteCount: maximumByteCount), as: DatasetError.file)
    return try QMNISTLabels(parsing: bytes, path: path)
  }
}
