/// The data of a run: what tells it from any other, and how it was divided.
public struct DataSummary: Equatable, Sendable {
  /// The data set's name.
  public var name: String
  /// What the page is headed: what the data is.
  public var title: String
  /// Of all pixels and labels, in hexadecimal digits.
  public var sha256: String
  /// The samples that were trained on.
  public var trainingCount: Int
  /// The samples that each epoch was judged by.
  public var validationCount: Int
  /// The samples that were tested on.
  public var testCount: Int

  /// A summary of its parts; without a title of its own it is called by its name.
  public init(
    name: String, title: String? = nil, sha256: String, trainingCount: Int, validationCount: Int = 0, testCount: Int
  ) {
    self.name = name
    self.title = title ?? name
    self.sha256 = sha256
    self.trainingCount = trainingCount
    self.validationCount = validationCount
    self.testCount = testCount
  }
}
