import Datasets
import DurableFiles
import Foundation
import Images
import Matrices
import NeuralNetwork
import TestFixtures
import Testing

@Suite struct PredictCommandTests {
  static let data = Result { try ImageDataset.digits() }

  static func trained(_ arguments: [String] = []) throws -> ScratchFolder {
    let folder = try ScratchFolder()
    let run = try ProgramRun("mnist-train", arguments + ["--output", "run", "--quiet"], in: folder.path)
    #expect(run.status == 0, "\(run.errors)")
    return folder
  }

  static func predict(_ folder: ScratchFolder, _ arguments: String...) throws -> ProgramRun {
    try ProgramRun("mnist-predict", ["--run", "run"] + arguments, in: folder.path)
  }

  static func digit(_ index: Int) throws -> GreyscaleImage {
    GreyscaleImage(width: 8, height: 8, pixels: Array(try data.get().image(index))).stretched(from: 0, to: 16)
  }

  static func objects(_ run: ProgramRun) throws -> [[String: Any]] {
    try #require(try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [[String: Any]])
  }

  @Test(
    "a digit of the data set in a PNG file has the same outputs as in the data set", arguments: [["article"], ["fast"]])
  func ownDigits(_ preset: [String]) throws {
    let folder = try Self.trained(["--preset", preset[0], "--epochs", "10"])
    let model = try TrainedModel(parsing: folder.bytes("run/model.safetensors"))
    let indices = [0, 5, 700, 1796]
    for index in indices {
      try folder.write(PNG.encode(Self.digit(index).scaled(by: index % 3 + 1)), to: "\(index).png")
    }
    let run = try ProgramRun(
      "mnist-predict", ["--run", "run", "--json"] + indices.map { "\($0).png" }, in: folder.path)
    #expect(run.status == 0 && run.errors == "")
    for (object, index) in zip(try Self.objects(run), indices) {
      let pixels = Array(try Self.data.get().image(index))
      #expect(object["file"] as? String == "\(index).png")
      #expect(object["class"] as? Int == (try model.prediction(for: pixels)))
      #expect(object["className"] as? String == model.classNames[try model.prediction(for: pixels)])
      // Reading a decimal number from JSON may change the last bit of the number.
      let outputs = try #require(object["outputs"] as? [Double])
      #expect(try zip(outputs, model.outputs(for: pixels).row(0)).allSatisfy { abs($0 - $1) < 1e-12 })
      #expect(outputs.count == 10)
      #expect(object["outputKind"] as? String == (preset == ["fast"] ? "probabilities" : "independent"))
      let preparation = try #require(object["preparation"] as? [String: Any])
      #expect(preparation["treatment"] as? String == "as-is" && preparation["enlargement"] as? Int == index % 3 + 1)
    }
  }

  @Test("a file name that is not valid UTF-8 is reported, on the command line and in a data set")
  func invalidName() throws {
    let folder = try Self.trained(["--epochs", "1"])
    try folder.write(PNG.encode(Self.digit(0)), to: "pictures/train/0/0.png")
    let name = "$(printf 'pictures/train/0/caf\\351.png')"
    for command in ["mnist-predict --run run \"\(name)\"", "mnist-train --dataset pictures"] {
      let run = try ProgramRun(
        "/bin/sh", ["-c", "cp pictures/train/0/0.png \"\(name)\"; exec \(command)"], in: folder.path)
      #expect([64, 65, 66].contains(run.status))
      #expect(run.errorLines.count == 1 && run.errors.contains("not valid UTF-8"), "\(run.errors)")
    }
  }

  @Test("a line contains the class, its output and the next classes; a note explains sigmoid outputs")
  func text() throws {
    let folder = try Self.trained(["--epochs", "30"])
    try folder.write(PNG.encode(Self.digit(0)), to: "zero.png")
    let run = try Self.predict(folder, "zero.png")
    #expect(run.status == 0)
    #expect(
      run.output.wholeMatch(of: /zero\.png: 0, output [01]\.\d{3}; then \d \S+, \d \S+ \(used as it is\)\n/) != nil,
      "\(run.output)")
    #expect(run.errors.contains("not probabilities") && run.errorLines.count == 1)
    #expect(try Self.predict(folder, "--quiet", "zero.png").errors == "")
    let fast = try Self.trained(["--preset", "fast", "--epochs", "5"])
    try fast.write(PNG.encode(Self.digit(0)), to: "zero.png")
    let softmax = try Self.predict(fast, "zero.png")
    #expect(softmax.output.contains(": 0, probability ") && softmax.errors == "")
  }

  @Test("a drawing on white paper is prepared, and the preparation is reported")
  func prepared() throws {
    let folder = try Self.trained()
    let picture = Self.drawnOne()
    try folder.write(PNG.encode(picture), to: "one.png")
    let run = try Self.predict(folder, "one.png", "--quiet")
    #expect(
      run.output.hasPrefix("one.png: 1, ") && run.output.hasSuffix("(dark ink, 30x160 at 85,20)\n"), "\(run.output)")
    let object = try #require(try Self.objects(Self.predict(folder, "--json", "one.png")).first)
    let preparation = try #require(object["preparation"] as? [String: Any])
    #expect(preparation["treatment"] as? String == "prepared" && preparation["ink"] as? String == "dark")
    #expect((preparation["box"] as? [String: Double])?["height"] == 160)
  }

  /// Returns a picture of 200x200 pixels with the digit 1 in dark ink on white paper.
  static func drawnOne() -> GreyscaleImage {
    var picture = GreyscaleImage(width: 200, height: 200, filledWith: 255)
    for y in 20..<180 { for x in 85..<115 { picture[x: x, y: y] = 10 } }
    return picture
  }

  @Test("each bad picture has an error line, the good pictures are answered, and the exit status is 65")
  func someBad() throws {
    let folder = try Self.trained(["--epochs", "5"])
    try folder.write(PNG.encode(Self.digit(0)), to: "good.png")
    try folder.write(PNG.encode(GreyscaleImage(width: 50, height: 50, filledWith: 200)), to: "blank.png")
    try folder.write([0xFF, 0xD8, 0xFF, 0xE0], to: "photo.jpg")
    let run = try Self.predict(folder, "--quiet", "blank.png", "good.png", "photo.jpg", "missing.png")
    #expect(run.status == 65)
    #expect(run.output.hasPrefix("good.png: ") && run.output.split(separator: "\n").count == 1)
    #expect(run.errorLines.count == 4)
    #expect(run.errorLines[0] == "mnist-predict: blank.png: the picture is blank: every pixel has the grey value 200")
    #expect(run.errorLines[1].contains("photo.jpg: not a PNG file") && run.errorLines[1].contains("JPEG"))
    #expect(run.errorLines[2].contains("missing.png"))
    #expect(run.errorLines[3] == "mnist-predict: 3 of 4 pictures have no prediction")

    let json = try Self.predict(folder, "--json", "blank.png", "good.png")
    #expect(json.status == 65)
    let objects = try Self.objects(json)
    #expect(objects.count == 2 && objects[1]["class"] as? Int != nil)
    #expect(objects[0]["error"] as? String == "blank.png: the picture is blank: every pixel has the grey value 200")
  }

  @Test(
    "wrong options and missing inputs give a one-line error",
    arguments: [
      (64, "Missing expected argument", ["--run", "run"]),
      (64, "--run and --model cannot be combined", ["--run", "a", "--model", "b", "x.png"]),
      (64, "--ink and --as-is cannot be combined", ["--as-is", "--ink", "dark", "x.png"]),
      (64, "--as-is", ["--as-is", "--no-as-is", "x.png"]), (64, "only once", ["-", "-"]),
      (64, "--show and --json cannot be combined", ["--json", "--show", "x.png"]),
      (66, "runs/latest: this run folder does not exist; make one with: mnist-train", ["x.png"]),
      (66, "nowhere: this run folder does not exist", ["--run", "nowhere", "x.png"]),
      (66, "empty: not a run folder: model.safetensors is missing", ["--run", "empty", "x.png"]),
      (64, "broken.safetensors is a file, expected a run folder", ["--run", "broken.safetensors", "x.png"]),
      (66, "none.safetensors", ["--model", "none.safetensors", "x.png"]),
      (65, "broken.safetensors", ["--model", "broken.safetensors", "x.png"]),
      (64, "--ink", ["--ink", "blue", "x.png"]),
    ])
  func refused(_ status: Int32, _ text: String, _ arguments: [String]) throws {
    let folder = try ScratchFolder()
    try folder.write("nonsense".utf8, to: "broken.safetensors")
    try folder.write([], to: "empty/file")
    try BadInputTests.expect(status, text, "mnist-predict", arguments, in: folder)
  }

  @Test("a single bad picture gives a one-line error with its own exit status")
  func singleBad() throws {
    let folder = try Self.trained(["--epochs", "1"])
    try folder.write(PNG.encode(Self.drawnOne()), to: "one.png")
    try folder.write([UInt8](), to: "empty.png")
    let run = ["--run", "run"]
    try BadInputTests.expect(66, "missing.png", "mnist-predict", run + ["missing.png"], in: folder)
    try BadInputTests.expect(
      65, "empty.png: not a PNG file: it is empty", "mnist-predict", run + ["empty.png"], in: folder)
    try BadInputTests.expect(
      65, "one.png: the picture has 200 by 200 pixels, expected 8 by 8", "mnist-predict",
      run + ["--as-is", "one.png"], in: folder)
    try BadInputTests.expect(
      64, "run is a run folder, not a picture; give it as --run run", "mnist-predict", run + ["run"], in: folder)
    for (name, example) in [("photos", "photos/*.png"), ("photos/", "photos/*.png"), (".", "./*.png")] {
      try folder.write([], to: "photos/notes.txt")
      try BadInputTests.expect(
        64, "\(name) is a folder; give PNG files, for example \(example)\n", "mnist-predict", run + [name], in: folder)
    }
  }

  @Test("the network's input is written as PNG and drawn, and only an earlier folder of this kind is replaced")
  func seen() throws {
    let folder = try Self.trained(["--epochs", "1"])
    try folder.write(PNG.encode(Self.digit(3)), to: "three.png")
    try folder.write(PNG.encode(Self.drawnOne()), to: "one.png")
    let run = try Self.predict(folder, "three.png", "one.png", "--save-prepared", "seen", "--show", "--quiet")
    #expect(run.status == 0, "\(run.errors)")
    #expect(folder.names(in: "seen") == ["001-three-prepared.png", "002-one-prepared.png"])
    #expect(try PNG.decode(folder.bytes("seen/001-three-prepared.png")) == Self.digit(3))
    // Each picture has a line of text and four lines of half blocks for 8x8 pixels.
    #expect(run.output.split(separator: "\n", omittingEmptySubsequences: false).count == 2 * 5 + 1)
    #expect(run.output.contains("█") && !run.output.contains("\u{1B}"))
    #expect(try Self.predict(folder, "one.png", "--save-prepared", "seen").status == 0)
    #expect(folder.names(in: "seen") == ["001-one-prepared.png"])
    try folder.write("mine".utf8, to: "seen/notes.txt")
    try BadInputTests.expect(
      73, "notes.txt", "mnist-predict", ["--run", "run", "one.png", "--save-prepared", "seen"], in: folder)
    #expect(folder.names(in: "seen") == ["001-one-prepared.png", "notes.txt"])
  }

  @Test("the name - stands for a picture on standard input")
  func standardInput() throws {
    let folder = try Self.trained(["--epochs", "20"])
    try folder.write(PNG.encode(Self.drawnOne()), to: "one.png")
    let process = Process()
    process.executableURL = URL(filePath: "/bin/sh")
    let program = ProgramRun.binaries.appending(path: "mnist-predict").path
    process.arguments = ["-c", "cat one.png | '\(program)' --run run - > out.txt"]
    process.currentDirectoryURL = URL(filePath: folder.path)
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    #expect(try folder.text("out.txt").hasPrefix("-: 1, "))
    // Standard input is empty in this call.
    try BadInputTests.expect(65, "standard input: not a PNG file", "mnist-predict", ["--run", "run", "-"], in: folder)
  }

  @Test("another kind of file is refused after its first bytes, and a picture above the size limit before it is read")
  func hugeInput() throws {
    let folder = try Self.trained(["--epochs", "1"])
    try folder.write([0], to: "zeros.png")
    try folder.write([0xFF, 0xD8, 0xFF, 0xE0], to: "photo.jpg")
    try folder.write([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], to: "large.png")
    for name in ["zeros.png", "photo.jpg", "large.png"] { #expect(truncate(folder(name), 1 << 43) == 0) }
    for (name, text) in [
      ("/dev/zero", "not a PNG file: it starts with the bytes 00"), ("zeros.png", "not a PNG file"),
      ("photo.jpg", "looks like JPEG"), ("large.png", "it has 8796093022208 bytes, expected at most 268435456"),
    ] {
      try BadInputTests.expect(65, name + ": ", "mnist-predict", ["--run", "run", name], in: folder)
      try BadInputTests.expect(65, text, "mnist-predict", ["--run", "run", name], in: folder)
      let path = name.hasPrefix("/") ? name : folder(name)
      let run = try ProgramRun("mnist-predict", ["--run", "run", "-"], in: folder.path, inputPath: path)
      #expect(run.status == 65 && run.errorLines.count == 1)
      #expect(run.errors.contains("standard input: ") && run.errors.contains(text), "\(run.errors)")
    }
  }

  @Test("a model whose scaling or outputs are not finite gives an error instead of a prediction")
  func notFinite() throws {
    let folder = try Self.trained(["--preset", "fast", "--epochs", "1", "--architecture", "64,10"])
    try folder.write(PNG.encode(Self.digit(0)), to: "zero.png")
    let original = try Safetensors(parsing: folder.bytes("run/model.safetensors"))
    var scaled = original
    scaled.metadata["normalizer"] = scaled.metadata["normalizer"]?.replacing(
      #""range":[0,1]"#, with: #""range":[0,1e308]"#)
    #expect(scaled != original)
    try folder.write(scaled.encoded(), to: "run/model.safetensors")
    try BadInputTests.expect(
      65, "an unusable normalizer: it scales a pixel to a magnitude of", "mnist-predict", ["--run", "run", "zero.png"],
      in: folder)

    var huge = original
    let weights = try #require(huge.tensors["weights.0"])
    // Huge weights of both signs give positive and negative infinity. The sum of both is NaN.
    huge.tensors["weights.0"] = .init(
      shape: weights.shape, elements: (0..<650).map { ($0 / 10).isMultiple(of: 2) ? 3e38 : -3e38 },
      precision: weights.elementType == "F32" ? .float32 : .float64)
    try folder.write(huge.encoded(), to: "run/model.safetensors")
    try BadInputTests.expect(
      65, "zero.png: the model's output for the class 0 is", "mnist-predict", ["--run", "run", "zero.png"], in: folder)
    let run = try Self.predict(folder, "--json", "zero.png")
    #expect(run.status == 65)
    #expect(try Self.objects(run)[0]["error"] as? String != nil)
    for arguments in [["run"], ["--model", "run/model.safetensors", "--dataset", "digits"]] {
      try BadInputTests.expect(
        65, "model.safetensors: the output of class 0 for sample", "mnist-dump-errors", arguments, in: folder)
    }
  }

  @Test("predictions use the class names of the model")
  func names() throws {
    let folder = try ScratchFolder()
    for (name, first) in [("ankle boot", 0), ("\"bag\"", 100)] {
      for number in 0..<20 {
        let picture = GreyscaleImage(
          width: 5, height: 7, pixels: (0..<35).map { UInt8($0 == number ? 50 : first + $0) })
        try folder.write(PNG.encode(picture), to: "set/train/\(name)/\(number).png")
      }
    }
    let run = try ProgramRun(
      "mnist-train", ["--dataset", "set", "--preset", "fast", "--output", "run", "--quiet", "--epochs", "30"],
      in: folder.path)
    #expect(run.status == 0, "\(run.errors)")
    let answer = try Self.predict(folder, "set/train/\"bag\"/3.png")
    #expect(
      answer.output.hasPrefix("set/train/\"bag\"/3.png: \"bag\", probability "), "\(answer.output)\(answer.errors)")
  }
}
