public import Datasets
internal import DurableFiles
internal import Images
public import Workers

extension ImageFolder {
  /// Reads a data set from a folder of PNG files.
  ///
  /// A folder without `train` and `test` that has folders of classes is taken as the training part. Where all folders of
  /// classes are named by numbers, these are the labels; otherwise the sorted names are the classes from 0 on. A part's
  /// images come by the numbers in their files' names where all of these are different numbers, otherwise by class, then
  /// name. Hidden files and what file browsers leave are ignored; anything else that has no place there is an error.
  ///
  /// The pictures are read as ``/Export/PNG/decode(_:maximumPixelCount:)`` says: colours, for one, become greys.
  ///
  /// - Parameters:
  ///   - path: the folder's path.
  ///   - name: the data set's name; the folder's by default.
  ///   - classNames: the classes' names; by default those of the folders, or the numbers up to the largest one.
  ///   - pool: the threads that read and decode.
  /// - Throws: ``ImageFolderError``, where several files are wrong of the first of them.
  /// - Complexity: O(bytes + pixels); one image for each thread beside the result.
  public static func read(
    _ path: String, name: String? = nil, classNames: [String]? = nil, pool: WorkerPool = WorkerPool()
  ) throws(ImageFolderError) -> ImageDataset {
    let listing = try ImageFolderListing(path)
    let files = listing.files
    let classNames = classNames ?? listing.classNames
    if let file = files.first(where: { $0.label >= classNames.count }) {
      throw .labelOutOfRange(path: FilePaths.parent(of: file.path), maximum: classNames.count - 1)
    }
    let first = try image(files[0].path)
    let imageSize = [first.height, first.width]
    guard files.count <= maximumPixelCount / first.pixels.count else {
      throw .tooManyPixels(path: path, imageCount: files.count, imageSize: imageSize, maximum: maximumPixelCount)
    }
    var failure: ImageFolderError?
    let featureCount = first.pixels.count
    do throws(FileError) {
      try FileError.checkMemory(files.count * featureCount, for: path)
    } catch {
      throw .file(error)
    }
    let pixels = [UInt8](unsafeUninitializedCapacity: files.count * featureCount) { target, count in
      do throws(ImageFolderError) {
        try pool.forEach(in: 0..<files.count) {
        } body: { (index, _) throws(ImageFolderError) in
          let image = try image(files[index].path)
          guard image.width == first.width, image.height == first.height else {
            throw .sizeDiffers(
              path: files[index].path, expected: imageSize, found: [image.height, image.width], first: files[0].path)
          }
          let place = UnsafeMutableBufferPointer(rebasing: target[index * featureCount..<(index + 1) * featureCount])
          _ = place.initialize(from: image.pixels)
        }
        count = files.count * featureCount
      } catch {
        failure = error
        count = 0
      }
    }
    if let failure { throw failure }
    return ImageDataset(
      name: name ?? FilePaths.name(of: FilePaths.absolute(path)), rowCount: first.height, columnCount: first.width,
      pixels: pixels, labels: files.map { UInt8($0.label) }, trainingCount: listing.trainingCount,
      classNames: classNames)
  }

  private static func image(_ path: String) throws(ImageFolderError) -> GreyscaleImage {
    let bytes: [UInt8]
    do throws(FileError) {
      bytes = try DurableFile.read(path, maximumByteCount: maximumImageFileByteCount, accepting: PNG.isPNG)
    } catch {
      throw .file(error)
    }
    do throws(PNGError) {
      return try PNG.decode(bytes, maximumPixelCount: maximumImagePixelCount)
    } catch {
      throw .png(path: path, error)
    }
  }
}
