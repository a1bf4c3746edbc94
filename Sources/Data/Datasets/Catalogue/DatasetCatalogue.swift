/// The catalogue of the data sets that commands accept by name.
public enum DatasetCatalogue {
  /// The descriptions of all data sets in the catalogue.
  public static let all = [digits, full, fashion, kmnist, qmnist] + emnist

  /// Returns the description of the data set with the given name or alias; nil if no data set has this name.
  public static func description(named name: String) -> DatasetDescription? {
    all.first { $0.name == name || $0.aliases.contains(name) }
  }

  /// Returns a text that names the published file with the given SHA-256; nil if no published file has this SHA-256.
  ///
  /// An example of the text is `fashion's train-images-idx3-ubyte.gz`.
  public static func origin(sha256: String) -> String? {
    origin { $0.checksum == .sha256(sha256) }
  }

  /// Returns a text that names the published file with the given size in bytes; nil if no published file has this size.
  ///
  /// All published files have different sizes. If several data sets share the published file, the text names the first
  /// of these data sets.
  public static func origin(byteCount: Int) -> String? {
    origin { $0.byteCount == byteCount }
  }

  /// Returns the known name or alias that is most similar to a mistyped name; nil if no known name is similar enough.
  ///
  /// Names are compared by their Levenshtein distance: the number of letters to insert, remove or replace. A known name
  /// is similar enough if the distance is at most 2 and at most a third of the known name's length.
  package static func suggestion(for name: String) -> String? {
    let typed = Array(name.lowercased().prefix(32))
    func distance(_ known: [Character]) -> Int {
      var row = Array(0...known.count)
      for (place, letter) in typed.enumerated() {
        var diagonal = row[0]
        row[0] = place + 1
        for column in known.indices {
          (diagonal, row[column + 1]) = (
            row[column + 1],
            min(diagonal + (known[column] == letter ? 0 : 1), row[column] + 1, row[column + 1] + 1)
          )
        }
      }
      return row[known.count]
    }
    let distances = all.flatMap { [$0.name] + $0.aliases }.map { (name: $0, distance: distance(Array($0))) }
    return distances.filter { $0.distance <= min(2, $0.name.count / 3) }.min { $0.distance < $1.distance }?.name
  }

  private static func origin(where matches: (PublishedFile) -> Bool) -> String? {
    for description in all {
      if let file = description.published.first(where: matches) { return "\(description.name)'s \(file.name)" }
    }
    return nil
  }

  static let digitNames = (0...9).map(String.init)

  /// Returns the descriptions of four gzip files with MNIST's names.
  ///
  /// - Parameters:
  ///   - files: The size and SHA-256 of the training images, the training labels, the test images and the test labels.
  ///   - unpacked: The SHA-256 of each unpacked file; nil if the SHA-256 is not known.
  private static func gzipFiles(
    _ files: [(byteCount: Int, sha256: String)], unpacked: [String?] = [nil, nil, nil, nil]
  ) -> [PublishedFile] {
    let names = DataPart.published.flatMap { [$0.idxNames.images, $0.idxNames.labels] }
    return zip(names, zip(files, unpacked)).map { name, file in
      .gzip(name, byteCount: file.0.byteCount, sha256: file.0.sha256, unpackedSHA256: file.1)
    }
  }

  /// The handwritten digits of scikit-learn, which are embedded in the program. A digit has 8x8 pixels.
  public static let digits = DatasetDescription(
    name: "digits", title: "Handwritten digits of 8x8, embedded in the program",
    size: .init(trainingCount: 1797, testCount: 0, image: ImageSize(rowCount: 8, columnCount: 8)),
    classNames: digitNames,
    terms: .init(
      licence: "CC BY 4.0",
      citation: "Alpaydin and Kaynak, Optical Recognition of Handwritten Digits, UCI Machine Learning Repository, 1998")
  )

  /// MNIST: handwritten digits.
  public static let full = DatasetDescription(
    name: "full", aliases: ["mnist"], title: "MNIST: handwritten digits",
    size: .init(trainingCount: 60_000, testCount: 10_000), classNames: digitNames,
    terms: .init(
      licence: "CC BY-SA 3.0",
      citation: "LeCun, Bottou, Bengio and Haffner, Gradient-based learning applied to document recognition, "
        + "Proceedings of the IEEE 86(11), 1998"),
    mirrors: Mirrors.full,
    published: gzipFiles(
      [
        (9_912_422, "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609"),
        (28_881, "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c"),
        (1_648_877, "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6"),
        (4_542, "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6"),
      ],
      unpacked: [
        "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
        "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
        "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
        "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
      ]))

  /// Fashion-MNIST: articles of clothing.
  public static let fashion = DatasetDescription(
    name: "fashion", aliases: ["fashion-mnist"], title: "Fashion-MNIST: articles of clothing",
    size: .init(trainingCount: 60_000, testCount: 10_000),
    classNames: [
      "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot",
    ],
    terms: .init(
      licence: "MIT",
      citation: "Xiao, Rasul and Vollgraf, Fashion-MNIST: a novel image dataset for benchmarking machine learning "
        + "algorithms, arXiv:1708.07747, 2017"),
    mirrors: Mirrors.fashion,
    published: gzipFiles([
      (26_421_880, "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84"),
      (29_515, "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845"),
      (4_422_102, "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073"),
      (5_148, "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5"),
    ]))

  /// Kuzushiji-MNIST: cursive Japanese characters.
  public static let kmnist = DatasetDescription(
    name: "kmnist", title: "Kuzushiji-MNIST: cursive Japanese characters",
    size: .init(trainingCount: 60_000, testCount: 10_000),
    classNames: ["お", "き", "す", "つ", "な", "は", "ま", "や", "れ", "を"],
    terms: .init(
      licence: "CC BY-SA 4.0",
      citation: "Clanuwat, Bober-Irizar, Kitamoto, Lamb, Yamamoto and Ha, Deep learning for classical Japanese "
        + "literature, arXiv:1812.01718, 2018"),
    mirrors: Mirrors.kmnist,
    published: gzipFiles([
      (18_165_135, "51467d22d8cc72929e2a028a0428f2086b092bb31cfb79c69cc0a90ce135fde4"),
      (29_497, "e38f9ebcd0f3ebcdec7fc8eabdcdaef93bb0df8ea12bee65224341c8183d8e17"),
      (3_041_136, "edd7a857845ad6bb1d0ba43fe7e794d164fe2dce499a1694695a792adfac43c5"),
      (5_120, "20bb9a0ef54c7db3efc55a92eef5582c109615df22683c380526788f98e42a1c"),
    ]))

  /// QMNIST: a reconstruction of MNIST from NIST's digits, with 60,000 test digits.
  ///
  /// ``QMNISTLabels`` reads the origin of each digit.
  public static let qmnist = DatasetDescription(
    name: "qmnist", title: "QMNIST: a reconstruction of MNIST with 60,000 test digits",
    size: .init(trainingCount: 60_000, testCount: 60_000), classNames: digitNames,
    terms: .init(
      licence: "BSD-3-Clause",
      citation: "Yadav and Bottou, Cold case: the lost MNIST digits, Advances in Neural Information Processing "
        + "Systems 32, 2019"),
    mirrors: Mirrors.qmnist,
    published: [
      PublishedFile(
        name: "qmnist-train-images-idx3-ubyte.gz", byteCount: nil, checksum: .md5("ed72d4157d28c017586c42bc6afe6370"),
        parts: [InstalledFile(name: "train-images-idx3-ubyte")]),
      PublishedFile(
        name: "qmnist-train-labels-idx2-int.gz", byteCount: 463_024,
        checksum: .sha256("2c05dc77f6b916b38e455e97ab129a42a444f3dbef09b278a366f82904e0dd9f"),
        parts: [
          InstalledFile(name: "train-labels-idx1-ubyte", form: .firstColumn),
          InstalledFile(name: QMNISTLabels.fileName(of: .train)),
        ]),
      PublishedFile(
        name: "qmnist-test-images-idx3-ubyte.gz", byteCount: nil, checksum: .md5("1394631089c404de565df7b7aeaf9412"),
        parts: [InstalledFile(name: "t10k-images-idx3-ubyte")]),
      PublishedFile(
        name: "qmnist-test-labels-idx2-int.gz", byteCount: 526_800,
        checksum: .sha256("9fbcbe594c3766fdf4f0b15c5165dc0d1e57ac604e01422608bb72c906030d06"),
        parts: [
          InstalledFile(name: "t10k-labels-idx1-ubyte", form: .firstColumn),
          InstalledFile(name: QMNISTLabels.fileName(of: .test)),
        ]),
    ])

  /// The six data sets of EMNIST, which are published as one archive.
  ///
  /// In the published images, rows and columns are exchanged. The installed images are upright. The published labels of
  /// `emnist-letters` are from 1 to 26. The installed labels are from 0 (A) to 25 (Z), so that every class has samples.
  public static let emnist = [
    emnist("byclass", "digits, capitals and small letters", 697_932, 116_323, digitNames + capitals + small),
    emnist("bymerge", "digits and letters, look-alikes merged", 697_932, 116_323, mergedNames),
    emnist("balanced", "digits and letters, look-alikes merged, classes of equal size", 112_800, 18_800, mergedNames),
    emnist("letters", "letters, capital and small merged", 124_800, 20_800, capitals, firstLabel: 1),
    emnist("digits", "digits", 240_000, 40_000, digitNames),
    emnist("mnist", "digits, in the same numbers as MNIST", 60_000, 10_000, digitNames),
  ]

  private static let capitals = "ABCDEFGHIJKLMNOPQRSTUVWXYZ".map(String.init)
  private static let small = "abcdefghijklmnopqrstuvwxyz".map(String.init)
  /// The class names of the data sets with merged letters. A small letter has its own class only if it does not look
  /// like its capital.
  private static let mergedNames = digitNames + capitals + "abdefghnqrt".map(String.init)

  private static func emnist(
    _ name: String, _ content: String, _ trainingCount: Int, _ testCount: Int, _ classNames: [String],
    firstLabel: UInt8 = 0
  ) -> DatasetDescription {
    let files = DataPart.published.flatMap { part in
      let entry = "gzip/emnist-\(name)-\(part.rawValue)"
      return [
        InstalledFile(
          name: part.idxNames.images, form: .transposedImages, entry: entry + "-images-idx3-ubyte.gz"),
        InstalledFile(
          name: part.idxNames.labels, form: firstLabel == 0 ? .published : .labels(from: firstLabel),
          entry: entry + "-labels-idx1-ubyte.gz"),
      ]
    }
    return DatasetDescription(
      name: "emnist-\(name)", title: "EMNIST: \(content)",
      size: .init(trainingCount: trainingCount, testCount: testCount), classNames: classNames,
      terms: .init(
        licence: "public domain (NIST)",
        citation: "Cohen, Afshar, Tapson and van Schaik, EMNIST: an extension of MNIST to handwritten letters, "
          + "arXiv:1702.05373, 2017"),
      mirrors: Mirrors.emnist,
      published: [
        PublishedFile(
          name: "gzip.zip", byteCount: 561_753_746,
          checksum: .sha256("fb9bb67e33772a9cc0b895e4ecf36d2cf35be8b709693c3564cea2a019fcda8e"),
          parts: files)
      ],
      sharedFolder: "emnist")
  }
}
