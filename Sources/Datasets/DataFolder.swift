/// Where data sets are kept between runs.
public enum DataFolder {
  /// The data folder that an environment asks for: `$MNIST_DATA_DIR`, else `$XDG_CACHE_HOME/mnist-toolkit`, else
  /// `~/.cache/mnist-toolkit`; empty values count as absent.
  public static func path(environment: [String: String]) -> String {
    func value(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
    return value("MNIST_DATA_DIR")
      ?? (value("XDG_CACHE_HOME") ?? ((value("HOME") ?? ".") + "/.cache")) + "/mnist-toolkit"
  }
}
