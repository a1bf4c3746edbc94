internal import DisplayText
public import Memory

/// Why a file holds no model that can be used.
public enum ModelError: Error, Equatable, Sendable, CustomStringConvertible {
  /// It is no consistent safetensors file.
  case safetensors(SafetensorsError)
  /// A text that a prediction needs is not in the metadata.
  case metadataMissing(key: String)
  /// A text in the metadata does not say what it should, or contradicts another.
  case metadataUnusable(key: String, found: String)
  /// The weights of a layer are not there.
  case tensorMissing(String)
  /// The weights of a layer have another shape or type than the architecture asks for.
  case tensorMisshapen(String, expected: String, found: String)
  /// There is a tensor that belongs to no layer.
  case tensorUnknown(String)
  /// A weight is infinite or not a number.
  case weightNotFinite(tensor: String)
  /// The weights need more memory than there is.
  case memory(MemoryError)

  /// One sentence.
  public var description: String {
    switch self {
    case .safetensors(let error): error.description
    case .metadataMissing(let key): "the model's metadata has no \(key)"
    case .metadataUnusable(let key, let found):
      "the model's metadata has an unusable \(key): \(found.shortenedForDisplay(to: 200))"
    case .tensorMissing(let name): "the tensor \(name) is missing"
    case .tensorMisshapen(let name, let expected, let found): "the tensor \(name) is \(found), expected \(expected)"
    case .tensorUnknown(let name): "the tensor \(name.shortenedForDisplay()) belongs to no layer"
    case .memory(let error): "the model \(error)"
    case .weightNotFinite(let tensor): "the tensor \(tensor) has a weight that is not a finite number"
    }
  }
}
