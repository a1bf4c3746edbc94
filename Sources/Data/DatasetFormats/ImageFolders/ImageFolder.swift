/// Data sets as folders of PNG files, a folder for each class, as most image tools read them.
///
/// ```swift
/// try ImageFolder.write(ImageDataset.digits(), to: "digits")  // digits/train/0/0000.png, ...
/// let same = try ImageFolder.read("digits")
/// ```
///
/// A data set's folder holds `train` and, where there is a test part, `test`. Each of them holds a folder for every class,
/// named by the label's number with as many digits as the largest has: `0` to `9`, or `00` to `11`. In these lie the
/// images, each named by its index in its part with as many digits as the part's largest index has, so that the images
/// come back in their order.
public enum ImageFolder {
  /// A part of a data set.
  public enum Part: String, CaseIterable, Sendable {
    /// The training part.
    case training = "train"
    /// The test part.
    case test

    /// The name of its folder.
    public var folderName: String { rawValue }
  }

  /// The most classes: labels are bytes.
  public static let maximumClassCount = 256

  /// The most pixels of an image that is read: a side of 4,096, far above every data set of the kind.
  public static let maximumImagePixelCount = 1 << 24

  /// The largest file of an image that is read: the pixels of the largest one, 8 bytes each as PNG has at most, and a MiB.
  public static let maximumImageFileByteCount = maximumImagePixelCount * 8 + (1 << 20)

  /// The most pixels of all images together that are read: 4 GiB of them.
  public static let maximumPixelCount = 1 << 32

  /// What a file's name ends in.
  static let fileExtension = ".png"

  /// A number with zeros before it, up to as many digits as the largest number has.
  static func paddedName(_ number: Int, largest: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(String(largest).utf8.count - digits.utf8.count, 0)) + digits
  }

  /// The number that a name of digits alone stands for; nil for other names, and numbers too large to be any index.
  static func number(_ name: some StringProtocol) -> Int? {
    let utf8 = name.utf8
    guard (1...18).contains(utf8.count), utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
    return utf8.reduce(0) { $0 * 10 + Int($1 - 48) }
  }

  /// Whether a name is nobody's data: hidden files and what file browsers leave, such as `.DS_Store`.
  static func isIgnored(_ name: String) -> Bool {
    name.hasPrefix(".") || name.lowercased() == "thumbs.db" || name.lowercased() == "desktop.ini"
  }
}
