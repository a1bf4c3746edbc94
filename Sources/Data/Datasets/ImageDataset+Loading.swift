internal import DurableFiles
internal import IDX
internal import Memory
internal import Pixels

extension ImageDataset {
  /// From what size on a set's raw files of images are mapped: to read smaller ones takes less than a millisecond.
  public static let defaultMinimumMappedByteCount = 1 << 20

  /// The 8x8 digits that are embedded in the program.
  ///
  /// - Complexity: O(1), about a millisecond.
  public static func digits() throws(DatasetError) -> ImageDataset {
    func array(_ packed: [UInt8]) throws(DatasetError) -> IDXArray {
      let path = "digits (embedded)"
      return try DatasetFile.array(DatasetFile.unpack(packed, path: path), path: path)
    }
    let images = try array(PackageResources.digits_images_idx3_ubyte_gz)
    let labels = try array(PackageResources.digits_labels_idx1_ubyte_gz)
    let description = DatasetCatalogue.digits
    return ImageDataset(
      name: description.name, rowCount: images.header.dimensions[1], columnCount: images.header.dimensions[2],
      pixels: Array(images.payload), labels: Array(labels.payload), trainingCount: labels.payload.count,
      classNames: description.classNames)
  }

  /// A data set by its name in the catalogue, or by the path of a folder of IDX files.
  ///
  /// - Parameters:
  ///   - name: a name such as `digits` or `full`; what is no known name is taken as a folder's path.
  ///   - dataFolder: the folder of the known sets that are not embedded, each in a folder of its name; nil where there is
  ///     none, which is an error only for such a set.
  ///   - minimumMappedByteCount: as ``load(folder:name:classNames:needsTest:minimumMappedByteCount:)`` has it.
  /// - Throws: ``DatasetError``.
  public static func named(
    _ name: String, dataFolder: String?, minimumMappedByteCount: Int = defaultMinimumMappedByteCount
  ) throws(DatasetError) -> ImageDataset {
    if let description = DatasetCatalogue.description(named: name) {
      if description.isEmbedded { return try digits() }
      guard let dataFolder else { throw .noDataFolder(name: description.name) }
      let folder = FilePaths.join(dataFolder, description.name)
      return try load(
        folder: folder, name: description.name, classNames: description.classNames, needsTest: true,
        minimumMappedByteCount: minimumMappedByteCount)
    }
    guard FilePaths.exists(name) else {
      throw .unknown(name: name, known: DatasetCatalogue.all.map(\.name))
    }
    return try load(folder: name, minimumMappedByteCount: minimumMappedByteCount)
  }

  /// A folder of IDX files with MNIST's names: `train-images-idx3-ubyte`, `train-labels-idx1-ubyte`, and, where there
  /// is a test part, the same with `t10k`. Also with `.idx` for `-idx`, and with `.gz`. A test part may be there alone.
  ///
  /// - Parameters:
  ///   - folder: the folder's path.
  ///   - name: the data set's name; the folder's by default.
  ///   - classNames: the classes' names; by default the numbers up to the largest label.
  ///   - needsTest: whether a missing part is an error.
  ///   - minimumMappedByteCount: raw files of images that are together at least so long are mapped, not read: their pages
  ///     come into memory as they are used, and a program that changes such a file in place changes the images.
  ///     `MappedFile` of `DurableFiles` says what happens where one is cut short meanwhile; `Int.max` maps none.
  /// - Throws: ``DatasetError``.
  /// - Complexity: O(labels) where files are mapped; otherwise O(bytes), and raw files are read right to where the images
  ///   stay.
  public static func load(
    folder: String, name: String? = nil, classNames: [String]? = nil, needsTest: Bool = false,
    minimumMappedByteCount: Int = defaultMinimumMappedByteCount
  ) throws(DatasetError) -> ImageDataset {
    func hasFiles(_ prefix: String) -> Bool {
      idxFile(prefix + "-images-idx3-ubyte", in: folder) != nil
        || idxFile(prefix + "-labels-idx1-ubyte", in: folder) != nil
    }
    let hasTest = needsTest || hasFiles("t10k")
    let hasTraining = needsTest || !hasTest || hasFiles("train")
    var parts: [Part] = []
    if hasTraining { parts.append(try Part(prefix: "train", folder: folder, classCount: classNames?.count)) }
    if hasTest { parts.append(try Part(prefix: "t10k", folder: folder, classCount: classNames?.count)) }
    for part in parts.dropFirst() where part.imageSize != parts[0].imageSize {
      throw .imageSizesDiffer(path: part.images.path, expected: parts[0].imageSize, found: part.imageSize)
    }
    let labels = parts.flatMap(\.labels)
    return ImageDataset(
      name: name ?? FilePaths.name(of: FilePaths.absolute(folder)), rowCount: parts[0].imageSize[0],
      columnCount: parts[0].imageSize[1], pixels: try pixels(of: parts, minimumMappedByteCount),
      labels: labels, trainingCount: hasTraining ? parts[0].labels.count : 0,
      classNames: classNames ?? (0...Int(labels.max() ?? 0)).map(String.init))
  }

  /// The path of the file called `name`, such as `train-images-idx3-ubyte`, under any of the spellings that ``load`` knows;
  /// nil where there is none.
  package static func idxFile(_ name: String, in folder: String) -> String? {
    DatasetFile(name, in: folder)?.path
  }

  private static func pixels(
    of parts: [Part], _ minimumMappedByteCount: Int
  ) throws(DatasetError) -> PixelBytes {
    if parts.map(\.images.header.payloadByteCount).reduce(0, +) >= minimumMappedByteCount {
      let mapped = parts.compactMap { $0.images.mapped() }
      if mapped.count == parts.count { return PixelBytes(joining: mapped) }
    }
    return PixelBytes(try readPixels(of: parts))
  }

  private static func readPixels(of parts: [Part]) throws(DatasetError) -> [UInt8] {
    var failure: DatasetError?
    // Each of them is a file that has this length, of which there are two.
    let byteCount = parts.map(\.images.header.payloadByteCount).reduce(0, +)
    try DatasetFile.checkMemory(byteCount, for: parts[0].images.path)
    let pixels = [UInt8](unsafeUninitializedCapacity: byteCount) { memory, count in
      adviseLargePages(memory)
      let memory = UnsafeMutableRawBufferPointer(memory)
      do throws(DatasetError) {
        for part in parts {
          let partByteCount = part.images.header.payloadByteCount
          try part.images.read(into: UnsafeMutableRawBufferPointer(rebasing: memory[count..<count + partByteCount]))
          count += partByteCount
        }
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return pixels
  }

  /// The images and labels of the training or the test part, the images still in their file.
  private struct Part {
    let images: IDXFile
    let imageSize: [Int]
    let labels: [UInt8]

    init(prefix: String, folder: String, classCount: Int?) throws(DatasetError) {
      let (imagesName, labelsName) = (prefix + "-images-idx3-ubyte", prefix + "-labels-idx1-ubyte")
      guard let imagesFile = DatasetFile(imagesName, in: folder) else {
        throw .missing(folder: folder, file: imagesName)
      }
      guard let labelsFile = DatasetFile(labelsName, in: folder) else {
        throw .missing(folder: folder, file: labelsName)
      }
      images = try imagesFile.images()
      imageSize = Array(images.header.dimensions.dropFirst())
      let labelArray = try labelsFile.labels(of: images)
      labels = try labelArray.bytes()
      if let classCount, let wrong = labels.firstIndex(where: { $0 >= classCount }) {
        throw .labelOutOfRange(
          path: labelsFile.path, byteOffset: labelArray.header.headerByteCount + wrong, label: Int(labels[wrong]),
          classCount: classCount)
      }
    }
  }
}
