extension DatasetCatalogue {
  /// The six sets of EMNIST, which are published as one archive.
  ///
  /// What lies in the data folder is upright; the published images have rows and columns exchanged. In `emnist-letters`
  /// the published labels are 1 to 26; in the data folder they are classes 0 (A) to 25 (Z), so that no class is empty.
  public static let emnist = [
    emnist("byclass", "digits, capitals and small letters", 697_932, 116_323, digitNames + capitals + small),
    emnist("bymerge", "digits and letters, look-alikes merged", 697_932, 116_323, mergedNames),
    emnist("balanced", "digits and letters, look-alikes merged, equally many", 112_800, 18_800, mergedNames),
    emnist("letters", "letters, capital and small as one", 124_800, 20_800, capitals, firstLabel: 1),
    emnist("digits", "digits", 240_000, 40_000, digitNames),
    emnist("mnist", "digits, as many as MNIST has", 60_000, 10_000, digitNames),
  ]

  private static let capitals = "ABCDEFGHIJKLMNOPQRSTUVWXYZ".map(String.init)
  private static let small = "abcdefghijklmnopqrstuvwxyz".map(String.init)
  /// The small letters that are not merged with the capitals they look like.
  private static let mergedNames = digitNames + capitals + "abdefghnqrt".map(String.init)

  private static func emnist(
    _ name: String, _ content: String, _ trainingCount: Int, _ testCount: Int, _ classNames: [String],
    firstLabel: UInt8 = 0
  ) -> DatasetDescription {
    func files(_ part: String, as prefix: String) -> [InstalledFile] {
      [
        InstalledFile(
          name: "\(prefix)-images-idx3-ubyte", form: .transposedImages,
          entry: "gzip/emnist-\(name)-\(part)-images-idx3-ubyte.gz"),
        InstalledFile(
          name: "\(prefix)-labels-idx1-ubyte", form: firstLabel == 0 ? .published : .labels(from: firstLabel),
          entry: "gzip/emnist-\(name)-\(part)-labels-idx1-ubyte.gz"),
      ]
    }
    return DatasetDescription(
      name: "emnist-\(name)", title: "EMNIST: \(content)",
      size: .init(trainingCount: trainingCount, testCount: testCount), classNames: classNames,
      terms: .init(
        licence: "public domain (NIST)",
        citation: "Cohen, Afshar, Tapson and van Schaik, EMNIST: an extension of MNIST to handwritten letters, "
          + "arXiv:1702.05373, 2017"),
      mirrors: ["https://biometrics.nist.gov/cs_links/EMNIST/"],
      published: [
        PublishedFile(
          name: "gzip.zip", byteCount: 561_753_746,
          checksum: .sha256("fb9bb67e33772a9cc0b895e4ecf36d2cf35be8b709693c3564cea2a019fcda8e"),
          parts: files("train", as: "train") + files("test", as: "t10k"))
      ],
      sharedFolder: "emnist")
  }
}
