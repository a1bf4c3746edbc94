public import Datasets
package import DurableFiles
internal import Images
public import Workers

/// Data sets stored as PNG files, with one folder for each class. Most image tools can read these files.
///
/// ```swift
/// try ImageFolder.write(ImageDataset.digits(), to: "digits")  // digits/train/0/0000.png, ...
/// let same = try ImageFolder.read("digits")
/// ```
///
/// The folder of a data set has the subfolder `train`, `test` or both. Each subfolder has one folder for each class.
/// The name of a class folder is its label. Short labels are padded with zeros: the folders of twelve classes have the
/// names `00` to `11`.
///
/// The name of an image file is the index of the image in its part. Short indices are padded with zeros to the length
/// of the largest index. When the folder is read, these names determine the order of the images.
public enum ImageFolder {
  /// The maximum number of classes. A label is one byte, so it has 256 possible values.
  public static let maximumClassCount = 256
  /// The maximum number of pixels of an image that is read: 4,096 x 4,096. The images of similar data sets are far
  /// smaller.
  public static let maximumImagePixelCount = 1 << 24
  /// The maximum length, in bytes, of an image file that is read.
  ///
  /// PNG stores at most 8 bytes per pixel. The limit adds 1 MiB for the other data in the file.
  public static let maximumImageFileByteCount = maximumImagePixelCount * 8 + (1 << 20)
  /// The maximum number of pixels in all images of a data set that is read: 2^32.
  public static let maximumPixelCount = 1 << 32

  /// Reads a data set from a folder of PNG files.
  ///
  /// A folder that has class folders but neither `train` nor `test` is read as a training part. If the names of all
  /// class folders are numbers, the numbers are the labels. Otherwise, the sorted names are the classes, and the first
  /// class has label 0.
  ///
  /// If all file names of a part are different numbers, the images are sorted by number. Otherwise, the images are
  /// sorted by class, then by name. Hidden files and files that file browsers create, such as `Thumbs.db`, are ignored.
  /// All other items must be class folders or PNG files.
  ///
  /// The function `PNG.decode` in the module `Images` decodes the files. For example, it converts colours to grey.
  ///
  /// - Parameters:
  ///   - path: the path of the folder.
  ///   - name: the name of the data set; by default the name of the folder.
  ///   - classNames: the names of the classes; by default the names of the class folders. If the folder names are
  ///     numbers, the default is all numbers from 0 to the largest label.
  ///   - pool: the worker threads that read and decode the images.
  /// - Throws: ``ConversionError``. If several files are invalid, the error describes the first invalid file.
  /// - Complexity: O(bytes + pixels). Besides the result, each thread keeps one image in memory.
  public static func read(
    _ path: String, name: String? = nil, classNames: [String]? = nil, pool: WorkerPool = WorkerPool()
  ) throws(ConversionError) -> ImageDataset {
    let listing = try ImageFolderListing(path)
    let files = listing.files
    let classNames = classNames ?? listing.classNames
    if let file = files.first(where: { $0.label >= classNames.count }) {
      throw .labelOutOfRange(path: FilePaths.parent(of: file.path), maximum: classNames.count - 1)
    }
    let first = try image(files[0].path)
    let imageSize = ImageSize(rowCount: first.height, columnCount: first.width)
    guard files.count <= maximumPixelCount / first.pixels.count else {
      throw .tooManyPixels(path: path, imageCount: files.count, imageSize: imageSize, maximum: maximumPixelCount)
    }
    let featureCount = first.pixels.count
    try rethrow(FileError.checkMemory(files.count * featureCount, for: path), as: ConversionError.file)
    let pixels = try [UInt8](byteCount: files.count * featureCount) { (target) throws(ConversionError) in
      try pool.forEach(in: 0..<files.count) {
      } body: { (index, _) throws(ConversionError) in
        let image = try image(files[index].path)
        let found = ImageSize(rowCount: image.height, columnCount: image.width)
        guard found == imageSize else {
          throw .pictureSize(path: files[index].path, expected: imageSize, found: found, first: files[0].path)
        }
        let place = UnsafeMutableBufferPointer(rebasing: target[index * featureCount..<(index + 1) * featureCount])
        _ = place.initialize(from: image.pixels)
      }
    }
    return ImageDataset(
      name: name ?? FilePaths.name(of: FilePaths.absolute(path)), rowCount: first.height, columnCount: first.width,
      pixels: pixels, labels: files.map { UInt8($0.label) }, trainingCount: listing.trainingCount,
      classNames: classNames)
  }

  private static func image(_ path: String) throws(ConversionError) -> GreyscaleImage {
    let bytes = try rethrow(
      DurableFile.read(path, maximumByteCount: maximumImageFileByteCount, accepting: PNG.isPNG),
      as: ConversionError.file)
    return try rethrow(
      PNG.decode(bytes, maximumPixelCount: maximumImagePixelCount), as: { ConversionError.png(path: path, $0) })
  }

  /// Writes a data set as a folder of PNG files. An error leaves no incomplete folder at the path.
  ///
  /// The files depend only on the data set, the compression level and the version of zlib. They do not depend on the
  /// number of threads.
  ///
  /// ```swift
  /// try ImageFolder.write(data, to: "mnist-png", part: .test, compressionLevel: 1)
  /// ```
  ///
  /// - Parameters:
  ///   - data: the data set. Each of its classes gets a folder, even if the class has no images.
  ///   - path: the path of the folder. An existing folder is replaced only if it is empty or has the
  ///     layout that this function writes.
  ///   - part: the part to write; nil for every part that has images.
  ///   - compressionLevel: the compression level of zlib: 0 for no compression, 1 for the fastest compression, 9 for
  ///     the smallest files.
  ///   - pool: the worker threads that compress and write the images.
  /// - Throws: ``ConversionError``. After an error, the folder at the path is unchanged.
  /// - Precondition: `compressionLevel` is in `0...9`, and the data set has at most ``maximumClassCount`` classes.
  /// - Complexity: O(pixels). Each thread keeps one compressor and one compressed image in memory.
  public static func write(
    _ data: ImageDataset, to path: String, part: DataPart? = nil, compressionLevel: Int = 6,
    pool: WorkerPool = WorkerPool()
  ) throws(ConversionError) {
    precondition(data.classCount <= maximumClassCount, "labels are bytes")
    let staged = try rethrow(StagedFolder(for: path, unownedItem: unownedItem(in:)), as: ConversionError.file)
    for part in part.map({ [$0] }) ?? DataPart.published {
      let images = data.indices(of: part)
      guard !images.isEmpty else { continue }
      var classFolders: [StagedSubfolder] = []
      for label in 0..<data.classCount {
        let name = FilePaths.join(part.rawValue, paddedName(label, largest: data.classCount - 1))
        classFolders.append(try rethrow(staged.makeSubfolder(name), as: ConversionError.file))
      }
      try write(images, of: data, into: classFolders, compressionLevel, pool)
    }
    _ = try rethrow(staged.commit(), as: ConversionError.file)
  }

  /// Writes the images of one part. Each image is written into the folder of its class.
  private static func write(
    _ images: Range<Int>, of data: ImageDataset, into classFolders: [StagedSubfolder], _ compressionLevel: Int,
    _ pool: WorkerPool
  ) throws(ConversionError) {
    try pool.forEach(in: images) {
      PNGEncoder(compressionLevel: compressionLevel)
    } body: { (index, encoder) throws(ConversionError) in
      let folder = classFolders[Int(data.labels[index])]
      let name = paddedName(index - images.lowerBound, largest: images.count - 1) + fileExtension
      var failure: FileError?
      do throws(PNGError) {
        try data.image(index).withUnsafeBufferPointer { (image) throws(PNGError) in
          try encoder.withEncodedBytes(width: data.columnCount, height: data.rowCount, pixels: image) { bytes in
            do throws(FileError) { try folder.write(bytes, as: name) } catch { failure = error }
          }
        }
      } catch {
        throw .png(path: FilePaths.join(folder.path, name), error)
      }
      if let failure { throw .file(failure) }
    }
  }

  /// Returns the path of an item that ``write(_:to:part:compressionLevel:pool:)`` did not write.
  ///
  /// The path is relative to the folder. If the result is nil, all items are from an earlier export, and the folder
  /// may be replaced.
  ///
  /// Other programs also use folders named `train` and `test`. An export of this library has three properties:
  ///
  /// - It holds only image files. Files that file browsers create are ignored.
  /// - In each part, the file names are all indices from 0 to the largest index, padded with zeros.
  /// - Each file begins with the bytes that ``/Images/PNGEncoder`` writes first.
  ///
  /// - Throws: `FileError` if an item in the folder cannot be read.
  package static func unownedItem(in folder: String) throws(FileError) -> String? {
    let names = try FilePaths.names(in: folder)
    for name in names where !FilePaths.isLitter(name) {
      let path = FilePaths.join(folder, name)
      guard DataPart.published.map(\.rawValue).contains(name), isOwnFolder(path) else { return name }
      if let foreign = try unownedItem(inPart: path) { return FilePaths.join(name, foreign) }
    }
    return nil
  }

  private static func unownedItem(inPart folder: String) throws(FileError) -> String? {
    let names = try FilePaths.names(in: folder)
    let classNames = names.filter { !FilePaths.isLitter($0) }
    var files: [(path: String, name: String)] = []
    for (label, name) in classNames.enumerated() {
      let path = FilePaths.join(folder, name)
      guard name == paddedName(label, largest: classNames.count - 1), isOwnFolder(path) else { return name }
      files += try FilePaths.names(in: path).filter { !FilePaths.isLitter($0) }.map { (FilePaths.join(name, $0), $0) }
    }
    // If all names have the same length, their order as text is the order of their numbers.
    files.sort { $0.name < $1.name }
    for (index, file) in files.enumerated() {
      let expected = paddedName(index, largest: files.count - 1) + fileExtension
      guard file.name == expected, try isOwnFile(FilePaths.join(folder, file.path)) else { return file.path }
    }
    return nil
  }

  private static func isOwnFolder(_ path: String) -> Bool {
    FilePaths.isFolder(path) && !FilePaths.isLink(path)
  }

  private static func isOwnFile(_ path: String) throws(FileError) -> Bool {
    guard FilePaths.isRegularFile(path) else { return false }
    return PNGEncoder.isStart(try FileReader(path).read(at: 0, count: PNGEncoder.startByteCount))
  }

  /// The file name extension of the images.
  static let fileExtension = ".png"

  /// Returns the digits of a number, padded with zeros to the length of the largest number.
  static func paddedName(_ number: Int, largest: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(String(largest).utf8.count - digits.utf8.count, 0)) + digits
  }

  /// Returns the value of a name that consists of digits; nil for any other name and for more than 18 digits.
  static func number(_ name: some StringProtocol) -> Int? {
    let utf8 = name.utf8
    guard (1...18).contains(utf8.count), utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
    return utf8.reduce(0) { $0 * 10 + Int($1 - 48) }
  }

  /// Returns whether files with a name are ignored: hidden files, and files that file browsers create, such as
  /// `Thumbs.db`.
  static func isIgnored(_ name: String) -> Bool {
    name.hasPrefix(".") || name.lowercased() == "thumbs.db" || name.lowercased() == "desktop.ini"
  }
}
