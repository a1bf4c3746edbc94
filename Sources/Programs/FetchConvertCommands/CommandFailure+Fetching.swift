internal import Datasets
internal import Fetching
internal import MNISTCommands

extension CommandFailure {
  /// The failure that an error of a fetch amounts to.
  init(fetching description: DatasetDescription, _ error: FetchError) {
    switch error {
    case .noSource(_, let failures):
      let kinds = failures.map(\.kind)
      let status: ExitStatus =
        if kinds.contains(.wrongContent) {
          .badData
        } else if kinds.allSatisfy({ $0 == .missing }) {
          .missingInput
        } else {
          .unavailable
        }
      let other = "mnist-fetch-convert \(description.name) --from FOLDER"
      let hint = status == .unavailable ? "; with the files in a folder: \(other)" : ""
      self.init(status, "\(error)\(hint)")
    case .offline:
      self.init(
        .missingInput,
        "\(error); fetch it with: mnist-fetch-convert \(description.name), or from a folder with: --from FOLDER")
    case .file(let error):
      self.init(error)
    case .dataset(let error):
      self.init(error)
    case .interrupted:
      self = Interruption.failure("\(error); what has come is kept, and the same command goes on from there")
    }
  }
}
