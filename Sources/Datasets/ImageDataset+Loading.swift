internal import DurableFiles
internal import IDX

extension ImageDataset {
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
  ///   - dataFolder: where the known sets that are not embedded lie, each in a folder of its name.
  /// - Throws: ``DatasetError``.
  public static func named(_ name: String, dataFolder: String) throws(DatasetError) -> ImageDataset {
    if let description = DatasetCatalogue.description(named: name) {
      if description.isEmbedded { return try digits() }
      let folder = FilePaths.join(dataFolder, description.name)
      return try load(folder: folder, name: description.name, classNames: description.classNames, needsTest: true)
    }
    guard FilePaths.exists(name) else {
      throw .unknown(name: name, known: DatasetCatalogue.all.map(\.name))
    }
    return try load(folder: name)
  }

  /// A folder of IDX files with MNIST's names: `train-images-idx3-ubyte`, `train-labels-idx1-ubyte`, and, where there
  /// is a test part, the same with `t10k`. Also with `.idx` for `-idx`, and with `.gz`.
  ///
  /// - Parameters:
  ///   - folder: the folder's path.
  ///   - name: the data set's name; the folder's by default.
  ///   - classNames: the classes' names; by default the numbers up to the largest label.
  ///   - needsTest: whether a missing test part is an error.
  /// - Throws: ``DatasetError``.
  /// - Complexity: O(bytes), with one copy of the images beside the file's.
  public static func load(
    folder: String, name: String? = nil, classNames: [String]? = nil, needsTest: Bool = false
  ) throws(DatasetError) -> ImageDataset {
    let training = try Part(prefix: "train", folder: folder, classCount: classNames?.count)
    let hasTest =
      needsTest || DatasetFile("t10k-images-idx3-ubyte", in: folder) != nil
      || DatasetFile("t10k-labels-idx1-ubyte", in: folder) != nil
    let test = hasTest ? try Part(prefix: "t10k", folder: folder, classCount: classNames?.count) : nil
    if let test, test.imageSize != training.imageSize {
      throw .imageSizesDiffer(path: test.imagesPath, expected: training.imageSize, found: test.imageSize)
    }
    let labels = Array(training.labels) + (test?.labels ?? [])
    var pixels: [UInt8] = []
    pixels.reserveCapacity(training.pixels.count + (test?.pixels.count ?? 0))
    pixels += training.pixels
    if let test { pixels += test.pixels }
    return ImageDataset(
      name: name ?? FilePaths.name(of: FilePaths.absolute(folder)), rowCount: training.imageSize[0],
      columnCount: training.imageSize[1], pixels: pixels, labels: labels, trainingCount: training.labels.count,
      classNames: classNames ?? (0...Int(labels.max() ?? 0)).map(String.init))
  }

  /// The images and labels of the training or the test part.
  private struct Part {
    let imagesPath: String
    let imageSize: [Int]
    let pixels: ArraySlice<UInt8>
    let labels: ArraySlice<UInt8>

    init(prefix: String, folder: String, classCount: Int?) throws(DatasetError) {
      let (imagesName, labelsName) = (prefix + "-images-idx3-ubyte", prefix + "-labels-idx1-ubyte")
      guard let imagesFile = DatasetFile(imagesName, in: folder) else {
        throw .missing(folder: folder, file: imagesName)
      }
      guard let labelsFile = DatasetFile(labelsName, in: folder) else {
        throw .missing(folder: folder, file: labelsName)
      }
      let labelArray = try labelsFile.labels()
      let imageArray = try imagesFile.images()
      imagesPath = imagesFile.path
      imageSize = Array(imageArray.header.dimensions.dropFirst())
      pixels = imageArray.payload
      labels = labelArray.payload
      guard labels.count == imageArray.header.dimensions[0] else {
        throw .countsDiffer(
          images: imagesFile.path, imageCount: imageArray.header.dimensions[0], labels: labelsFile.path,
          labelCount: labels.count)
      }
      if let classCount, let wrong = labels.firstIndex(where: { $0 >= classCount }) {
        throw .labelOutOfRange(
          path: labelsFile.path, byteOffset: labelArray.header.headerByteCount + wrong - labels.startIndex,
          label: Int(labels[wrong]), classCount: classCount)
      }
    }
  }
}
