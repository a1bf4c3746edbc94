internal import DigitPreparation
internal import DisplayText
internal import DurableFiles
internal import Experiments
internal import Foundation
internal import Images

/// A picture that is named on a command line; `-` is the one on standard input.
enum Picture {
  static let standardInputName = "-"

  /// The largest file that is read as a picture: 256 MiB, far more than a photograph of a digit needs.
  static let maximumByteCount = 1 << 28

  /// Reads and decodes a picture. Errors begin with its name.
  ///
  /// A file that does not begin with PNG's signature is not read any further.
  static func read(_ name: String) throws -> GreyscaleImage {
    let bytes: [UInt8]
    if name == standardInputName {
      bytes = try DurableFile.read(
        descriptor: STDIN_FILENO, named: place(of: name), maximumByteCount: maximumByteCount, accepting: PNG.isPNG)
    } else {
      if FilePaths.isRegularFile(RunFolder.path(of: .configuration, in: name)) {
        throw CommandFailure(.badData, "\(name): a run folder and no picture; name it with --run \(name)")
      }
      bytes = try DurableFile.read(name, maximumByteCount: maximumByteCount, accepting: PNG.isPNG)
    }
    do { return try PNG.decode(bytes) } catch {
      throw CommandFailure(.badData, "\(place(of: name)): \(error)\(hint(for: bytes))")
    }
  }

  /// Returns what messages call a picture.
  static func place(of name: String) -> String { name == standardInputName ? "standard input" : name }

  /// What other kinds of pictures begin with.
  private static let otherKinds: [(name: String, offset: Int, bytes: [UInt8])] = [
    ("JPEG", 0, [0xFF, 0xD8, 0xFF]), ("GIF", 0, Array("GIF8".utf8)), ("WebP", 8, Array("WEBP".utf8)),
    ("HEIC or AVIF", 4, Array("ftyp".utf8)), ("TIFF", 0, [0x49, 0x49, 0x2A, 0]), ("TIFF", 0, [0x4D, 0x4D, 0, 0x2A]),
    ("BMP", 0, Array("BM".utf8)),
  ]

  private static func hint(for bytes: [UInt8]) -> String {
    let kind = otherKinds.first { bytes.dropFirst($0.offset).starts(with: $0.bytes) }
    return kind.map { "; it looks like \($0.name), which any image program saves as PNG" } ?? ""
  }
}

/// The prepared digits as PNG files in a folder, which appears whole or not at all, and replaces only such a folder.
struct PreparedPictures {
  private let folder: StagedFolder

  /// Begins a folder, so that a place where none can be made shows before the work.
  init(_ path: String) throws(FileError) {
    folder = try StagedFolder(for: path, unownedItem: Self.unownedItem)
  }

  /// Writes all files. Returns the folder's path.
  func write(_ answers: [PictureAnswer]) throws -> String {
    for (place, answer) in answers.enumerated() {
      try folder.write(PNG.encode(answer.digit.image), as: Self.name(answer.file, place: place + 1, of: answers.count))
    }
    return try folder.commit()
  }

  /// `001-mine-prepared.png`: numbered as on the command line, as two pictures can have one name.
  static func name(_ file: String, place: Int, of count: Int) -> String {
    let name = file == Picture.standardInputName ? "stdin" : FilePaths.name(of: file)
    let stem = name.lowercased().hasSuffix(".png") ? String(name.dropLast(4)) : name
    let digits = String(place)
    // A name has 255 bytes at most in file systems, and a character up to some 30.
    let number = String(repeating: "0", count: max(0, max(3, String(count).count) - digits.count)) + digits
    return "\(number)-\(String(decoding: stem.utf8.prefix(120), as: UTF8.self).asFileNamePart())-prepared.png"
  }

  private static func unownedItem(in folder: String) throws(FileError) -> String? {
    let names = try FilePaths.names(in: folder)
    return names.first { name in
      !TemporaryName.matches(name)
        && !(name.wholeMatch(of: /[0-9]{3,}-.*-prepared\.png/.matchingSemantics(.unicodeScalar)) != nil
          && FilePaths.isRegularFile(FilePaths.join(folder, name)))
    }
  }
}
