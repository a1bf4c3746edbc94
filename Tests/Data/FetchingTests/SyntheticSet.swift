import Archives
import Datasets
import IDX
import RandomSources

/// A small artificial data set with published files. It has labels and random images of 8x8 pixels, which do not
/// compress.
struct SyntheticSet {
  let description: DatasetDescription
  /// The contents of the published files, by name.
  let files: [String: [UInt8]]
  /// The contents of the unpacked files, by name.
  let unpacked: [String: [UInt8]]

  init(name: String = "tiny", seed: UInt64 = 1, trainingCount: Int = 20, mirrors: [String] = []) {
    var source = SplittableRandomSource(seed: seed)
    func bytes(_ count: Int, below limit: UInt8) -> [UInt8] {
      (0..<count).map { _ in .random(in: 0..<limit, using: &source) }
    }
    var (files, unpacked): ([String: [UInt8]], [String: [UInt8]]) = ([:], [:])
    var published: [PublishedFile] = []
    for (part, count) in [("train", trainingCount), ("t10k", 6)] {
      for array in [
        ("\(part)-images-idx3-ubyte", IDXArray(bytes(count * 64, below: 255), dimensions: [count, 8, 8])),
        ("\(part)-labels-idx1-ubyte", IDXArray(bytes(count, below: 10), dimensions: [count])),
      ] {
        let content = array.1.encoded()
        let packed = Gzip.compress(content)
        (files[array.0 + ".gz"], unpacked[array.0]) = (packed, content)
        published.append(
          .gzip(
            array.0, byteCount: packed.count, sha256: Checksum.sha256(of: packed),
            unpackedSHA256: Checksum.sha256(of: content)))
      }
    }
    (self.files, self.unpacked) = (files, unpacked)
    description = DatasetDescription(
      name: name, title: "random images",
      size: .init(trainingCount: trainingCount, testCount: 6, image: ImageSize(rowCount: 8, columnCount: 8)),
      classNames: (0...9).map(String.init), terms: .init(licence: "none", citation: "none"), mirrors: mirrors,
      published: published)
  }
}
