internal import Foundation

/// Numbers for people to read.
enum NumberText {
  /// A number from 0 to 1 with three digits behind the point; with two that count where it is smaller than that shows.
  static func short(_ value: Double) -> String {
    if !value.isFinite { return "\(value)" }
    return value >= 0.001 || value == 0 ? String(format: "%.3f", value) : String(format: "%.1e", value)
  }
}
