internal import Foundation

/// Sizes for the eye, in units of a thousand.
package enum ByteCountText {
  /// Such as `28.9 kB`.
  package static func text(_ byteCount: Int) -> String {
    let units = ["bytes", "kB", "MB", "GB", "TB"]
    var (value, unit) = (Double(byteCount), 0)
    while value >= 999.95, unit < units.count - 1 {
      value /= 1000
      unit += 1
    }
    return unit == 0 ? "\(byteCount) bytes" : String(format: "%.1f ", value) + units[unit]
  }
}
