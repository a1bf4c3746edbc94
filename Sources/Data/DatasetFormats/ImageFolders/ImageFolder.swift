public import Datasets
package import DurableFiles
internal import Images
public import Workers

/// Data sets as folders of PNG files, a folder for each class, as most image tools read them.
///
/// ```swift
/// try ImageFolder.write(ImageDataset.digits(), to: "digits")  // digits/train/0/0000.png, ...
/// let same = try ImageFolder.read("digits")
/// ```
///
/// A data set's folder holds `train` and, where there is a test part, `test`. Each of them holds a folder for every class,
/// named by the label's number with as many digits as the largest has: `0` to `9`, or `00` to `11`. In these lie the
/// images, each named by its index in its part with as many digits as the part's largest index has, so that the images
/// come back in their order.
public enum ImageFolder {
  /// The most classes: labels are bytes.
  public static let maximumClassCount = 256
  /// The most pixels of an image that is read: a side of 4,096, far above every data set of the kind.
  public static let maximumImagePixelCount = 1 << 24
  /// The largest file of an image that is read: the pixels of the largest one, 8 bytes each as PNG has at most, and a MiB.
  public static let maximumImageFileByteCount = maximumImagePixelCount * 8 + (1 << 20)
  /// The most pixels of all images together that are read: 4 GiB of them.
  public static let maximumPixelCount = 1 << 32

  /// Reads a data set from a folder of PNG files.
  ///
  /// A folder without `train` and `test` that has folders of classes is taken as the training part. Where all folders of
  /// classes are named by numbers, these are the labels; otherwise the sorted names are the classes from 0 on. A part's
  /// images come by the numbers in their files' names where all of these are different numbers, otherwise by class, then
  /// name. Hidden files and what file browsers leave are ignored; anything else that has no place there is an error.
  ///
  /// The pictures are read as ``/Images/PNG/decode(_:maximumPixelCount:)`` says: colours, for one, become greys.
  ///
  /// - Parameters:
  ///   - path: the folder's path.
  ///   - name: the data set's name; the folder's by default.
  ///   - classNames: the classes' names; by default those of the folders, or the numbers up to the largest one.
  ///   - pool: the threads that read and decode.
  /// - Throws: ``ConversionError``, where several files are wrong of the first of them.
  /// - Complexity: O(bytes + pixels); one image for each thread beside the result.
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

  /// Writes a data set as a folder of PNG files, which appears under its name whole or not at all.
  ///
  /// What is written depends on the data set, the level and the version of zlib alone, not on the number of threads.
  ///
  /// ```swift
  /// try ImageFolder.write(data, to: "mnist-png", part: .test, compressionLevel: 1)
  /// ```
  ///
  /// - Parameters:
  ///   - data: the data set. Each of its classes gets a folder, be it empty.
  ///   - path: the folder's path. An empty folder there is filled, and one that was written by this function replaced, as
  ///     ``unownedItem(in:)`` tells.
  ///   - part: the part to write; nil for both, without those that have no images.
  ///   - compressionLevel: from 0, stored as it is, over 1, fastest, to 9, smallest.
  ///   - pool: the threads that compress and write.
  /// - Throws: ``ConversionError``; the path then holds what it held before.
  /// - Precondition: `compressionLevel` is in `0...9`, and the data set has at most ``maximumClassCount`` classes.
  /// - Complexity: O(pixels), a few hundred bytes of memory for each thread beside the data set.
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

  /// Writes the images of one part, each into the folder of its class.
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

  /// The path, below a folder, of something that ``write(_:to:part:compressionLevel:pool:)`` did not write there; nil
  /// where there is none, so that the folder may be replaced.
  ///
  /// Other programs write pictures into folders of such names too. What tells an export is that it has nothing else, that
  /// the indices in each part are complete and padded as they are written, and that each file begins as
  /// ``/Images/PNGEncoder`` begins one. What file browsers leave counts as nobody's.
  ///
  /// - Throws: `FileError` where something in the folder cannot be read.
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
    // Names of one width sort by their numbers.
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

  /// What a file's name ends in.
  static let fileExtension = ".png"

  /// A number with zeros before it, up to as many digits as the largest number has.
  static func paddedName(_ number: Int, largest: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(String(largest).utf8.count - digits.utf8.count, 0)) + digits
  }

  /// The number that a name of digits alone stands for; nil for other names, and numbers too large to be any index.
  static func number(_ name: some StringProtocol) -> Int? {
    let utf8 = name.utf8
    guard (1...18).contains(utf8.count), utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
    return utf8.reduce(0) { $0 * 10 + Int($1 - 48) }
  }

  /// Whether a name is nobody's data: hidden files and what file browsers leave, such as `.DS_Store`.
  static func isIgnored(_ name: String) -> Bool {
    name.hasPrefix(".") || name.lowercased() == "thumbs.db" || name.lowercased() == "desktop.ini"
  }
}
