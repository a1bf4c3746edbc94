import Archives
import Datasets
import Foundation
import TestFixtures
import Testing

@Suite struct DatasetInstallerTests {
  /// Returns a description of the MNIST subset in Fixtures. The description treats the subset as a published data set.
  static func subset() throws -> DatasetDescription {
    let files = try [
      "train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte",
    ].map { name in
      let packed = try Fixture("mnist-subset/\(name).gz").bytes()
      return PublishedFile.gzip(
        name, byteCount: packed.count, sha256: Checksum.sha256(of: packed),
        unpackedSHA256: Checksum.sha256(of: try Gzip.decompress(packed)))
    }
    return DatasetDescription(
      name: "subset", title: "a part of MNIST", size: .init(trainingCount: 300, testCount: 100),
      classNames: (0...9).map(String.init), terms: .init(licence: "CC BY-SA 3.0", citation: "MNIST"), published: files)
  }

  /// Returns a new folder with a copy of the published files.
  static func source() throws -> ScratchFolder {
    let folder = try ScratchFolder()
    for file in try subset().published {
      try folder.write(Fixture("mnist-subset/\(file.name)").bytes(), to: file.name)
    }
    return folder
  }

  @Test("files are verified and unpacked, and a second installation keeps them")
  func install() throws {
    let (source, target, subset) = (try Self.source(), try ScratchFolder(), try Self.subset())
    let installer = DatasetInstaller(dataFolder: target("data"))
    var events: [DatasetInstaller.Event] = []
    #expect(!installer.isComplete(subset))
    try installer.install(subset, from: source.path) { events.append($0) }
    #expect(installer.isComplete(subset))
    #expect(target.names(in: "data/subset") == subset.files.map(\.name).sorted())
    #expect(events.count == 8)
    for file in subset.files {
      let bytes = try target.bytes("data/subset/\(file.name)")
      #expect(Checksum.sha256(of: bytes) == file.sha256)
      #expect(events.contains(.verified(path: source(file.name + ".gz"))))
      #expect(events.contains(.written(path: target("data/subset/\(file.name)"), byteCount: bytes.count)))
    }
    let loaded = try ImageDataset.load(folder: installer.folder(of: subset))
    #expect(try loaded.pixels == ImageDataset.load(folder: Fixture("mnist-subset").path).pixels)

    events = []
    try installer.install(subset, from: "/nowhere") { events.append($0) }
    #expect(events == subset.files.map { .present(path: target("data/subset/\($0.name)")) })
  }

  @Test("an unpacked file with a wrong checksum is replaced")
  func repair() throws {
    let (source, target, subset) = (try Self.source(), try ScratchFolder(), try Self.subset())
    try target.write("wrong".utf8, to: "subset/train-labels-idx1-ubyte")
    try DatasetInstaller(dataFolder: target.path).install(subset, from: source.path)
    let bytes = try target.bytes("subset/train-labels-idx1-ubyte")
    #expect(Checksum.sha256(of: bytes) == subset.files[1].sha256)
  }

  @Test("nothing is written if the last published file is missing or wrong")
  func refused() throws {
    let subset = try Self.subset()
    let name = subset.published[3].name
    func expect(_ text: String, _ change: (ScratchFolder) throws -> Void) throws {
      let (source, target) = (try Self.source(), try ScratchFolder())
      try change(source)
      let error = #expect(throws: DatasetError.self) {
        try DatasetInstaller(dataFolder: target.path).install(subset, from: source.path)
      }
      let found = "\(String(describing: error))"
      #expect(found.contains(text) && found.contains(name), "\(found)")
      #expect(error?.description.contains("\n") == false)
      #expect(target.names == [])
    }
    try expect("is missing") { try FileManager.default.removeItem(atPath: $0(name)) }
    try expect("an empty file") { try $0.write([], to: name) }
    try expect("an HTML or XML page") { try $0.write("\n <!DOCTYPE html><html>".utf8, to: name) }
    try expect("a file that is not a gzip file") { try $0.write("words".utf8, to: name) }
    try expect("a gzip file of 80 of 83 bytes") { try $0.write($0.bytes(name).prefix(80), to: name) }
    try expect("SHA-256 expected \(subset.published[3].checksum.hexadecimal), found") {
      var bytes = try $0.bytes(name)
      bytes[40] ^= 1
      try $0.write(bytes, to: name)
    }
  }

  @Test("the data folder is chosen by MNIST_DATA_DIR, then XDG_CACHE_HOME, then HOME")
  func dataFolder() {
    #expect(DataFolder.path(environment: ["MNIST_DATA_DIR": "/m", "XDG_CACHE_HOME": "/x", "HOME": "/h"]) == "/m")
    #expect(DataFolder.path(environment: ["MNIST_DATA_DIR": "", "XDG_CACHE_HOME": "/x"]) == "/x/mnist-toolkit")
    #expect(DataFolder.path(environment: ["HOME": "/h"]) == "/h/.cache/mnist-toolkit")
    #expect(DataFolder.path(environment: ["MNIST_DATA_DIR": "m"]) == "m")
  }

  @Test("relative paths in XDG_CACHE_HOME and HOME are ignored, and without any variable there is no data folder")
  func noDataFolder() throws {
    #expect(DataFolder.path(environment: ["XDG_CACHE_HOME": "x", "HOME": "/h"]) == "/h/.cache/mnist-toolkit")
    #expect(DataFolder.path(environment: ["XDG_CACHE_HOME": "x", "HOME": ""]) == nil)
    #expect(DataFolder.path(environment: ["HOME": "."]) == nil)
    #expect(DataFolder.path(environment: [:]) == nil)
    #expect(throws: DatasetError.noDataFolder(name: "full")) { try ImageDataset.named("mnist", dataFolder: nil) }
    #expect(try ImageDataset.named("digits", dataFolder: nil).count == 1797)
  }

  @Test("the SHA-256 of abc is the published test value, in one part and in two")
  func checksum() {
    #expect(
      Checksum.sha256(of: Array("abc".utf8)) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(Checksum.sha256(of: Array("a".utf8), Array("bc".utf8)) == Checksum.sha256(of: Array("abc".utf8)))
  }
}
