internal import Matrices
internal import Pixels

extension Matrix<Double> {
  /// What bytes stand for, `[bytes.count / columnCount, columnCount]`.
  ///
  /// - Parameter values: the value of each byte, `[256]`.
  init(bytes: PixelBytes, columnCount: Int, values: [Double]) {
    self.init(rowCount: bytes.count / columnCount, columnCount: columnCount)
    withUnsafeMutableElements { target in
      values.withUnsafeBufferPointer { values in
        bytes.withUnsafeSegments { segments in
          var end = 0
          for segment in segments {
            for byte in segment {
              target[end] = values[Int(byte)]
              end += 1
            }
          }
        }
      }
    }
  }
}
