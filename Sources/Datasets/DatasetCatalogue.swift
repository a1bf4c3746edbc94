/// The data sets that commands know by name.
public enum DatasetCatalogue {
  /// All of them.
  public static let all = [digits, full]

  /// The one with the given name or alias.
  public static func description(named name: String) -> DatasetDescription? {
    all.first { $0.name == name || $0.aliases.contains(name) }
  }

  /// scikit-learn's 8x8 digits, embedded in the program.
  public static let digits = DatasetDescription(
    name: "digits", title: "1,797 digits of 8x8, embedded in the program",
    classNames: (0...9).map(String.init), files: [])

  /// MNIST (LeCun, Cortes and Burges, 1998).
  public static let full = DatasetDescription(
    name: "full", aliases: ["mnist"], title: "MNIST: 60,000 + 10,000 digits of 28x28",
    classNames: (0...9).map(String.init),
    files: [
      .init(
        name: "train-images-idx3-ubyte", packedByteCount: 9_912_422,
        packedSHA256: "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
        unpackedSHA256: "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"),
      .init(
        name: "train-labels-idx1-ubyte", packedByteCount: 28_881,
        packedSHA256: "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
        unpackedSHA256: "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"),
      .init(
        name: "t10k-images-idx3-ubyte", packedByteCount: 1_648_877,
        packedSHA256: "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
        unpackedSHA256: "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"),
      .init(
        name: "t10k-labels-idx1-ubyte", packedByteCount: 4_542,
        packedSHA256: "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
        unpackedSHA256: "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"),
    ])
}
