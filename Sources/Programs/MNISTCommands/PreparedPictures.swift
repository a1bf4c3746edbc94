internal import DigitPreparation
internal import DisplayText
internal import DurableFiles
internal import Images

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
