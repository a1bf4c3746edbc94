internal import Normalization

extension TrainedModel {
  /// The value of a pixel that is full of ink: the largest of the data set that the model was trained on. Where the model
  /// does not say, the largest that the scaling of pixels was fitted to; 16 for the digits of 8x8, and 255 otherwise.
  public var highestPixel: UInt8 {
    if let largestPixel { return largestPixel }
    if case .minMax(let scaler) = normalizer, let highest = scaler.maximum.max(), highest >= 1, highest <= 255 {
      return UInt8(highest)
    }
    return datasetName == "digits" && rowCount == 8 && columnCount == 8 ? 16 : 255
  }
}
