internal import Evaluation
internal import Images
internal import NeuralNetwork

/// All that the template shows, by its names there.
struct PageContent {
  let values: PageTemplate.Values

  init(_ report: RunReport) throws(PNGError) {
    let gallery = try Gallery(report)
    let modelData = ModelData(report.model)?.json
    var values: PageTemplate.Values = [
      "version": report.reproduction.version,
      "stylesheet": PageResources.stylesheet,
      "scripts": [PageResources.script] + (modelData == nil ? [] : PageResources.padScripts),
      "hasPad": modelData != nil,
      "notes": report.notes,
      "command": report.reproduction.shellCommand,
      "settings": (Self.dataSettings(report.data) + report.reproduction.settings).map {
        ["name": $0.name, "value": $0.value]
      },
    ]
    if let modelData { values.merge(["pad": PageResources.pad, "modelData": modelData.asScriptData]) { $1 } }
    for part in [
      RunSummary(report).values, Curves(report.history).values, EpochTable(report.history).values,
      ScoreTable(report).values, HeatMap(report.confusionMatrix, classNames: report.model.classNames).values,
      gallery.values,
    ] {
      values.merge(part) { $1 }
    }
    self.values = values
  }

  private static func dataSettings(_ data: DataSummary) -> [Reproduction.Setting] {
    [
      Reproduction.Setting("data set", data.name), Reproduction.Setting("SHA-256 of pixels and labels", data.sha256),
      Reproduction.Setting(
        "samples",
        "\(NumberText.count(data.trainingCount)) training, \(NumberText.count(data.validationCount)) validation, "
          + "\(NumberText.count(data.testCount)) test"),
    ]
  }
}
