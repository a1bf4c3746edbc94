import Datasets
import Testing

@Suite struct DatasetCatalogueTests {
  @Test("all classes of a data set have different names", arguments: DatasetCatalogue.all)
  func classNames(_ description: DatasetDescription) {
    #expect(Set(description.classNames).count == description.classNames.count)
  }

  @Test("every data set is found by its name and its aliases, and all these names are different")
  func names() {
    let names = DatasetCatalogue.all.flatMap { [$0.name] + $0.aliases }
    #expect(Set(names).count == names.count)
    for description in DatasetCatalogue.all {
      for name in [description.name] + description.aliases {
        #expect(DatasetCatalogue.description(named: name) == description)
      }
    }
    #expect(
      DatasetCatalogue.all.map(\.name) == [
        "digits", "full", "fashion", "kmnist", "qmnist", "emnist-byclass", "emnist-bymerge", "emnist-balanced",
        "emnist-letters", "emnist-digits", "emnist-mnist",
      ])
    #expect(DatasetCatalogue.description(named: "nonesuch") == nil)
  }

  @Test("every description has a title, terms, different class names, mirrors, and files with valid checksums")
  func complete() {
    for description in DatasetCatalogue.all {
      #expect(!description.title.isEmpty && !description.terms.licence.isEmpty)
      #expect(!description.terms.citation.isEmpty && !description.terms.citation.contains("\n"))
      #expect(Set(description.classNames).count == description.classNames.count)
      #expect(description.isEmbedded == description.mirrors.isEmpty)
      for mirror in description.mirrors {
        #expect(mirror.hasSuffix("/") && (mirror.hasPrefix("https://") || mirror.hasPrefix("http://")))
      }
      guard !description.isEmbedded else { continue }
      let files = description.files.map(\.name)
      #expect(Set(files).count == files.count)
      for name in ["train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1"] {
        #expect(files.contains(name + "-ubyte"))
      }
      for file in description.published {
        let digits = file.checksum.hexadecimal
        #expect(digits.count == (file.checksum.algorithm == "MD5" ? 32 : 64))
        #expect(digits.allSatisfy { "0123456789abcdef".contains($0) })
      }
    }
    let classCounts = DatasetCatalogue.all.map(\.classNames.count)
    #expect(classCounts == [10, 10, 10, 10, 10, 62, 47, 47, 26, 10, 10])
    #expect(DatasetCatalogue.emnist[1].classNames.joined() == "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabdefghnqrt")
  }

  @Test("a published file is found by its checksum and by its size")
  func origins() {
    let published = DatasetCatalogue.all.flatMap(\.published)
    let sizes = Set(published.compactMap { $0.byteCount }).count
    // The six data sets of EMNIST are made from one archive.
    #expect(sizes == published.count { $0.byteCount != nil } - 5)
    #expect(
      DatasetCatalogue.origin(sha256: "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84")
        == "fashion's train-images-idx3-ubyte.gz")
    #expect(DatasetCatalogue.origin(byteCount: 18_165_135) == "kmnist's train-images-idx3-ubyte.gz")
    #expect(DatasetCatalogue.origin(sha256: "") == nil && DatasetCatalogue.origin(byteCount: 1) == nil)
  }
}
