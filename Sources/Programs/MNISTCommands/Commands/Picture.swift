internal import DigitPreparation
internal import DisplayText
internal import DurableFiles
internal import Experiments
internal import Foundation
internal import Images

/// Functions that read a picture named on the command line. The name `-` stands for standard input.
enum Picture {
  /// The name that stands for standard input.
  static let standardInputName = "-"

  /// The largest size of a picture file in bytes: 256 MiB, far more than a photograph of a digit needs.
  static let maximumByteCount = 1 << 28

  /// Reads and decodes a PNG file. Error messages begin with the file's name.
  ///
  /// If a file does not begin with the PNG signature, the rest of the file is not read.
  static func read(_ name: String) throws -> GreyscaleImage {
    let bytes: [UInt8]
    if name == standardInputName {
      bytes = try DurableFile.read(
        descriptor: STDIN_FILENO, named: place(of: name), maximumByteCount: maximumByteCount, accepting: PNG.isPNG)
    } else {
      if FilePaths.isRegularFile(RunFolder.path(of: .configuration, in: name)) {
        throw CommandFailure(.usage, "\(name) is a run folder, not a picture; give it as --run \(name)")
      }
      if FilePaths.isFolder(name) {
        throw CommandFailure(
          .usage, "\(name) is a folder; give PNG files, for example \(FilePaths.join(name, "*.png"))")
      }
      bytes = try DurableFile.read(name, maximumByteCount: maximumByteCount, accepting: PNG.isPNG)
    }
    do { return try PNG.decode(bytes) } catch {
      throw CommandFailure(.badData, "\(place(of: name)): \(error)\(hint(for: bytes))")
    }
  }

  /// Returns the name of a picture for use in messages.
  static func place(of name: String) -> String { name == standardInputName ? "standard input" : name }

  /// The first bytes of other picture formats, and their offsets in the file.
  private static let otherKinds: [(name: String, offset: Int, bytes: [UInt8])] = [
    ("JPEG", 0, [0xFF, 0xD8, 0xFF]), ("GIF", 0, Array("GIF8".utf8)), ("WebP", 8, Array("WEBP".utf8)),
    ("HEIC or AVIF", 4, Array("ftyp".utf8)), ("TIFF", 0, [0x49, 0x49, 0x2A, 0]), ("TIFF", 0, [0x4D, 0x4D, 0, 0x2A]),
    ("BMP", 0, Array("BM".utf8)),
  ]

  private static func hint(for bytes: [UInt8]) -> String {
    let kind = otherKinds.first { bytes.dropFirst($0.offset).starts(with: $0.bytes) }
    return kind.map { "; it looks like \($0.name); save it as PNG with an image program" } ?? ""
  }
}

/// A folder of prepared digits as PNG files.
///
/// The folder is written completely under a temporary name and then renamed. Only an earlier folder of prepared digits
/// is replaced.
struct PreparedPictures {
  private let folder: StagedFolder

  /// Creates the folder under a temporary name, so that an unusable path is reported before the pictures are read.
  init(_ path: String) throws(FileError) {
    folder = try StagedFolder(for: path, unownedItem: Self.unownedItem)
  }

  /// Writes all files and gives the folder its final name.
  ///
  /// - Returns: The folder's path.
  func write(_ answers: [PictureAnswer]) throws -> String {
    for (place, answer) in answers.enumerated() {
      try folder.write(PNG.encode(answer.digit.image), as: Self.name(answer.file, place: place + 1, of: answers.count))
    }
    return try folder.commit()
  }

  /// Returns the file name of a prepared picture, such as `001-mine-prepared.png`.
  ///
  /// The number is the picture's position on the command line. It distinguishes pictures with the same name.
  static func name(_ file: String, place: Int, of count: Int) -> String {
    let name = file == Picture.standardInputName ? "stdin" : FilePaths.name(of: file)
    let stem = name.lowercased().hasSuffix(".png") ? String(name.dropLast(4)) : name
    let digits = String(place)
    // Most file systems allow 255 bytes in a name. The stem is cut to a number of bytes, because one character can have
    // 30 bytes.
    let number = String(repeating: "0", count: max(0, max(3, String(count).count) - digits.count)) + digits
    return "\(number)-\(String(decoding: stem.utf8.prefix(120), as: UTF8.self).asFileNamePart())-prepared.png"
  }

  /// Returns the name of an item that is not a prepared picture; nil if the folder has no such item.
  private static func unownedItem(in folder: String) throws(FileError) -> String? {
    let names = try FilePaths.names(in: folder)
    return names.first { name in
      !TemporaryName.matches(name)
        && !(name.wholeMatch(of: /[0-9]{3,}-.*-prepared\.png/.matchingSemantics(.unicodeScalar)) != nil
          && FilePaths.isRegularFile(FilePaths.join(folder, name)))
    }
  }
}
