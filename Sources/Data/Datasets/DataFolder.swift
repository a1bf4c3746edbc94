/// Where data sets are kept between runs.
public enum DataFolder {
  /// Returns the data folder that an environment asks for: `$MNIST_DATA_DIR`, else `$XDG_CACHE_HOME/mnist-toolkit`, else
  /// `$HOME/.cache/mnist-toolkit`; nil where none of the three is set.
  ///
  /// Empty values count as absent. So do relative paths in the last two, as the XDG Base Directory Specification asks:
  /// the data would otherwise depend on the current folder.
  public static func path(environment: [String: String]) -> String? {
    func absolute(_ name: String) -> String? { environment[name].flatMap { $0.hasPrefix("/") ? $0 : nil } }
    if let path = environment["MNIST_DATA_DIR"], !path.isEmpty { return path }
    let cache = absolute("XDG_CACHE_HOME") ?? absolute("HOME").map { $0 + "/.cache" }
    return cache.map { $0 + "/mnist-toolkit" }
  }
}
