import Archives
import Foundation
import Images
import TestFixtures
import Testing

/// Tests of names, cells and metadata with control characters. Programs must escape these characters in terminals and
/// on pages.
@Suite struct HostileTextTests {
  /// A text with C0 and C1 control characters, direction overrides, line separators and line breaks.
  private static let hostile = "x\u{1B}]0;t\u{7}\u{1B}[31m\u{9B}7m\u{7F}\u{202E}\u{2066}\u{2028}\u{FEFF}\r\n\tz"
  /// The escaped form of `hostile`.
  private static let shown =
    #"x\u{1B}]0;t\u{7}\u{1B}[31m\u{9B}7m\u{7F}\u{202E}\u{2066}\u{2028}\u{FEFF}\r\n\tz"#

  /// Expects that bytes are UTF-8 text without invisible characters, except line feeds.
  private static func expectVisible(
    _ bytes: some Sequence<UInt8>, _ place: String, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    guard let text = String(validating: Array(bytes), as: UTF8.self) else {
      Issue.record("\(place): not UTF-8", sourceLocation: sourceLocation)
      return
    }
    let found = text.unicodeScalars.filter { scalar in
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator: scalar != "\n"
      default: false
      }
    }
    #expect(found.isEmpty, "\(place): \(found.map { String($0.value, radix: 16) })", sourceLocation: sourceLocation)
  }

  /// Runs a program and expects an exit status and visible output. A failure must have a one-line error.
  @discardableResult private static func run(
    _ status: Int32, _ program: String, _ arguments: [String], in folder: ScratchFolder,
    showing text: String? = shown, sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> ProgramRun {
    let run = try ProgramRun(program, arguments, in: folder.path)
    let place = "\(program) \(arguments)"
    #expect(run.status == status, "\(place): \(run.errors)", sourceLocation: sourceLocation)
    expectVisible(run.output.utf8, place + ": output", sourceLocation: sourceLocation)
    expectVisible(run.errors.utf8, place + ": errors", sourceLocation: sourceLocation)
    if status != 0 { #expect(run.errorLines.count == 1, "\(place): \(run.errors)", sourceLocation: sourceLocation) }
    if let text {
      #expect((run.output + run.errors).contains(text), "\(place): \(run)", sourceLocation: sourceLocation)
    }
    return run
  }

  /// Writes a data set with two classes that have hostile names. The classes have the same images, so that a network
  /// confuses them.
  private static func writeClassFolders(to name: String, in folder: ScratchFolder) throws {
    for letter in ["a", "b"] {
      for number in 0..<12 {
        let pixels = (0..<64).map { UInt8($0 * 3 + number) }
        let image = GreyscaleImage(width: 8, height: 8, pixels: pixels)
        try folder.write(PNG.encode(image), to: "\(name)/train/\(letter)\(hostile)/\(number).png")
      }
    }
  }

  @Test("class names, data set names and paths are escaped in all output and files of a run")
  func classNames() throws {
    let folder = try ScratchFolder()
    let (data, run) = ("data" + Self.hostile, "run" + Self.hostile)
    try Self.writeClassFolders(to: data, in: folder)
    let trained = try Self.run(0, "mnist-train", ["--dataset", data, "--epochs", "2", "--output", run], in: folder)
    for text in ["data\(Self.shown): 24 samples", "\na\(Self.shown) ", "Run folder: run\(Self.shown)\n"] {
      #expect(trained.output.contains(text), "\(trained.output)")
    }
    for name in folder.names(in: run) where name != "model.safetensors" && !name.hasSuffix(".json") {
      Self.expectVisible(try folder.bytes(run + "/" + name), name)
    }
    #expect(try folder.text(run + "/report.txt").contains("\na\(Self.shown) "))
    #expect(try folder.text(run + "/cost.svg").contains(Self.shown))
    #expect(try folder.text(run + "/report.html").contains("<h1><bdi>data\(Self.shown)</bdi></h1>"))

    try Self.run(0, "mnist-dump-errors", [run], in: folder)
    Self.expectVisible(try folder.bytes(run + "/errors/errors.csv"), "errors.csv")
    let lines = try folder.text(run + "/errors/errors.csv").split(separator: "\n")
    #expect(lines.count > 1 && lines.allSatisfy { $0.count(where: { $0 == "," }) == 10 })
    #expect(lines.last?.contains(",a\(Self.shown),b") == true || lines.last?.contains(",b\(Self.shown),a") == true)
    try Self.run(0, "mnist-dump-errors", [run, "--suspects", "2", "--output", "s" + Self.hostile], in: folder)
    try Self.run(64, "mnist-dump-errors", [run, "--actual", Self.hostile], in: folder)

    // JSON files contain the original names, with the escape sequences of JSON.
    let picture = data + "/train/a\(Self.hostile)/0.png"
    let json = try ProgramRun("mnist-predict", ["--json", "--run", run, picture], in: folder.path).output
    let answer = try #require(JSONSerialization.jsonObject(with: Data(json.utf8)) as? [[String: Any]])[0]
    #expect(answer["file"] as? String == picture)
    #expect((answer["className"] as? String).map { $0.hasSuffix(Self.hostile) } == true)

    // Without --output, the name of the run folder contains the name of the data set.
    try Self.run(0, "mnist-train", ["--dataset", data, "--epochs", "1", "--quiet"], in: folder)
    Self.expectVisible(folder.names(in: "runs").joined().utf8, "runs")
  }

  @Test("names of pictures are escaped in output and in the names of prepared pictures")
  func pictures() throws {
    let folder = try DumpErrorsCommandTests.trained(["--epochs", "1"])
    let image = GreyscaleImage(width: 8, height: 8, pixels: (0..<64).map { UInt8($0) })
    try folder.write(PNG.encode(image), to: Self.hostile + ".png")
    try folder.write("no picture".utf8, to: Self.hostile)
    let save = "prepared" + Self.hostile
    try Self.run(
      0, "mnist-predict", ["--run", "run", "--as-is", "--save-prepared", save, Self.hostile + ".png"], in: folder)
    Self.expectVisible(folder.names(in: save).joined().utf8, "prepared")
    try Self.run(65, "mnist-predict", ["--run", "run", Self.hostile], in: folder)
    try Self.run(66, "mnist-predict", ["--run", "run", "no" + Self.hostile], in: folder)
  }

  @Test(
    "option values and arguments are escaped in errors",
    arguments: [
      (66, "mnist-train", ["--dataset", hostile]), (64, "mnist-train", ["--threads", hostile]),
      (64, "mnist-train", ["--architecture", hostile]), (64, "mnist-train", ["--test-size", hostile]),
      (64, "mnist-train", ["--preset", hostile]), (64, "mnist-train", ["--" + hostile]),
      (64, "mnist-train", [hostile]), (66, "mnist-dump-errors", [hostile]),
      (66, "mnist-dump-errors", ["--model", hostile, "--dataset", "digits"]),
      (66, "mnist-predict", ["a.png", "--run", hostile]), (64, "mnist-fetch-convert", [hostile]),
      (66, "mnist-fetch-convert", ["a.b" + hostile, "--to", "npz"]),
      (66, "mnist-fetch-convert", ["--from", hostile, "--quiet"]),
      (66, "mnist-fetch-convert", ["--data-dir", hostile, "--offline"]),
      (64, "mnist-fetch-convert", ["digits", "--to", hostile]),
    ] as [(Int32, String, [String])])
  func options(_ status: Int32, _ program: String, _ arguments: [String]) throws {
    // A message of the parser is joined into one line, so the name is compared only up to its first line break.
    let shown = #"x\u{1B}]0;t\u{7}\u{1B}[31m\u{9B}7m\u{7F}\u{202E}\u{2066}"#
    try Self.run(status, program, arguments, in: ScratchFolder(), showing: shown)
  }

  @Test("names in archives and cells of tables are escaped in errors, and long ones are shortened")
  func dataFiles() throws {
    let folder = try ScratchFolder()
    try folder.write("label,\(Self.hostile)\u{0}\n".utf8, to: "header.csv")
    try folder.write("1,\u{1B}[31m\u{202E},3,4,5\n".utf8, to: "cell.csv")
    for name in ["header.csv", "cell.csv"] {
      try Self.run(65, "mnist-train", ["--dataset", name], in: folder, showing: nil)
    }

    let long = String(repeating: "long", count: 15_000)
    for (file, entry, shown) in [
      ("entry.npz", Self.hostile + ".npy", Self.shown), ("long.npz", long + ".npy", "longlong"),
      ("path.npz", "\u{1B}[31m\n/../../a", #"\u{1B}[31m\n/"#), ("long-path.npz", "/" + long, "longlong"),
    ] {
      var bytes: [UInt8] = []
      let writer = ZipWriter { bytes += $0 }
      // The writer refuses paths outside the archive. The finished archive is therefore changed to contain such a path.
      let allowed = entry.hasSuffix(".npy") ? entry : String(repeating: "?", count: entry.utf8.count)
      try writer.add(allowed, [1, 2, 3])
      try writer.finish()
      // The name occurs twice: after the local header of 30 bytes, and before the end record of 22 bytes.
      for place in [30, bytes.count - 22 - entry.utf8.count] {
        bytes.replaceSubrange(place..<place + entry.utf8.count, with: entry.utf8)
      }
      try folder.write(bytes, to: file)
      let run = try Self.run(65, "mnist-train", ["--dataset", file], in: folder, showing: shown)
      #expect(run.errors.utf8.count < 1000)
    }
    #expect(
      try ProgramRun("mnist-train", ["--dataset", long], in: folder.path).errors.utf8.count < 3000,
      "an option's value is shortened too")
  }

  @Test("texts in the files of a run are escaped in errors")
  func runFiles() throws {
    let folder = try DumpErrorsCommandTests.trained(["--epochs", "1"])
    func expect(
      _ name: String, _ status: Int32 = 65, sourceLocation: SourceLocation = #_sourceLocation,
      _ change: (String) throws -> String
    ) throws {
      let text = try folder.text("run/" + name)
      let changed = try change(text)
      #expect(changed != text, sourceLocation: sourceLocation)
      try folder.write(changed.utf8, to: "run/" + name)
      try Self.run(
        status, "mnist-dump-errors", ["run"], in: folder, showing: #"\u{1B}[31m"#, sourceLocation: sourceLocation)
      try folder.write(text.utf8, to: "run/" + name)
    }
    let quoted = String(decoding: try JSONEncoder().encode(Self.hostile + "\0"), as: UTF8.self)
    try expect("config.json", 66) { $0.replacing(#""dataset" : "digits""#, with: #""dataset" : \#(quoted)"#) }
    for (key, value) in [("format", "mnist-toolkit-run-2"), ("preset", "article"), ("split", "random")] {
      try expect("config.json") { $0.replacing("\"\(key)\" : \"\(value)\"", with: "\"\(key)\" : \(quoted)") }
    }
    try expect("predictions.csv") { $0.replacing("index,", with: "\u{1B}[31m\u{202E},") }
    try expect("predictions.csv") { $0 + "\u{1B}[31m\u{202E}\0,1,2,3\n" }

    let model = try folder.bytes("run/model.safetensors")
    let headerEnd = 8 + model.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
    for key in ["architecture", "format", "normalizer", "class_names", "image_rows"] {
      var header = try #require(JSONSerialization.jsonObject(with: Data(model[8..<headerEnd])) as? [String: Any])
      var metadata = try #require(header["__metadata__"] as? [String: String])
      #expect(metadata[key] != nil, "\(key)")
      metadata[key] = Self.hostile
      header["__metadata__"] = metadata
      let bytes = [UInt8](try JSONSerialization.data(withJSONObject: header))
      let count = (0..<8).map { UInt8(truncatingIfNeeded: bytes.count >> (8 * $0)) }
      try folder.write(count + bytes + model[headerEnd...], to: "run/model.safetensors")
      try Self.run(65, "mnist-dump-errors", ["run"], in: folder)
    }
  }
}
