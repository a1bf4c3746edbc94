internal import DurableFiles
internal import IDX

/// What QMNIST tells of every digit beyond its class: who wrote it, and which of NIST's it is.
///
/// ```swift
/// let labels = try QMNISTLabels.load(.test, folder: "data/qmnist")
/// labels.rows[0].writer  // the person's number
/// ```
///
/// The table lies beside the other files of the installed set under the name it was published with. Its columns are
/// described at https://github.com/facebookresearch/qmnist .
public struct QMNISTLabels: Equatable, Sendable {
  /// The name of a part's table: of the 60,000 training digits, or of the 60,000 test digits, of which the first 10,000
  /// are MNIST's.
  public static func fileName(of part: DataPart) -> String { "qmnist-\(part.rawValue)-labels-idx2-int" }

  /// One digit.
  public struct Row: Equatable, Sendable {
    /// Its class, 0 to 9.
    public let digit: Int
    /// NIST's HSF series: 0, 1, 4 and others.
    public let series: Int
    /// The number of who wrote it.
    public let writer: Int
    /// Which of the writer's digits it is.
    public let writerDigit: Int
    /// NIST's code of the class, 30 for the digit 0 and so on.
    public let classCode: Int
    /// Its place among NIST's digits.
    public let globalIndex: Int
    /// Whether it is there a second time: 0 for no.
    public let duplicate: Int
    /// A column that has no use.
    public let unused: Int
  }

  /// The digits, in the order of the images.
  public let rows: [Row]

  /// The largest file that is read: 64 MiB, room for 2 million digits, of which NIST has 402,953.
  static let maximumByteCount = 1 << 26

  /// Reads a table, `[count, 8]` of int32.
  ///
  /// - Parameters:
  ///   - bytes: the file's content, unpacked.
  ///   - path: the file's path, for errors.
  /// - Throws: ``DatasetError``.
  /// - Complexity: O(count).
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

  /// Reads the table of one part from the folder of the installed set.
  ///
  /// - Throws: ``DatasetError``.
  public static func load(_ part: DataPart, folder: String) throws(DatasetError) -> QMNISTLabels {
    let path = FilePaths.join(folder, fileName(of: part))
    guard FilePaths.exists(path) else { throw .missing(folder: folder, file: fileName(of: part)) }
    let bytes = try rethrow(DurableFile.read(path, maximumByteCount: maximumByteCount), as: DatasetError.file)
    return try QMNISTLabels(parsing: bytes, path: path)
  }
}
