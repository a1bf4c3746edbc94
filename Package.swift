// swift-tools-version: 6.2
import PackageDescription

/// The parser of command lines. It also generates help texts and shell completions.
let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
/// The template engine for the HTML of the report page. It escapes the text that it inserts into the page.
let mustache: Target.Dependency = .product(name: "Mustache", package: "swift-mustache")
/// The libraries for the faulty HTTP server of the tests.
///
/// Only tests use these libraries. Packages that depend on this package neither fetch nor build them.
let faultServer: [Target.Dependency] = ["NIOCore", "NIOPosix"].map { .product(name: $0, package: "swift-nio") }
/// The library for SHA-256 and MD5 on Linux. On Apple's systems, CryptoKit provides both.
let checksums: Target.Dependency = .target(name: "CCrypto", condition: .when(platforms: [.linux]))

// The lists below declare the modules, one list for each group. A module is in `Sources/<group>/<name>`. The tests of a
// library are in `Tests/<group>/<name>Tests`.
//
// `uses` lists the modules that a module depends on. These modules are in the same group or in a group above.
// `testsUse` lists the additional modules for the tests, from any group. They create input or are programs to run.
// All tests also use `Tests/TestFixtures`.

/// Modules that give access to the operating system and its libraries.
let system = [
  Module.cCode("CSystemCalls"),
  .systemLibrary("CZlib", pkgConfig: "zlib", apt: "zlib1g-dev", brew: "zlib"),
  .systemLibrary("CPNG", pkgConfig: "libpng", apt: "libpng-dev", brew: "libpng"),
  .systemLibrary("CCurl", pkgConfig: "libcurl", apt: "libcurl4-openssl-dev", brew: "curl"),
  .systemLibrary("CCrypto", pkgConfig: "libcrypto", apt: "libssl-dev"),
  .library("DisplayText"),
  .library("Memory", uses: ["CSystemCalls"]),
  .library("DurableFiles", uses: ["CSystemCalls", "Memory"]),
  .library("Workers", uses: ["CSystemCalls"]),
]

/// Modules that read, write and draw greyscale pictures.
let pictures = [
  Module.library("Images", uses: ["CPNG", "CZlib", "Memory"]),
  .library("Drawing", uses: ["Images", "DisplayText"]),
  .library("DigitPreparation", uses: ["Images"], testsUse: ["Datasets", "RandomSources"]),
]

/// Modules for data sets: file formats, conversion and download.
let data = [
  Module.library("IDX", uses: ["DisplayText"], testsUse: ["RandomSources"]),
  .library("Archives", uses: ["CZlib", "DisplayText", "Memory"], testsUse: ["RandomSources"]),
  .library("Pixels", testsUse: ["RandomSources"]),
  .library(
    "Datasets", uses: ["Pixels", "IDX", "Archives", "DurableFiles", "Memory", checksums],
    embeds: ["digits-images-idx3-ubyte.gz", "digits-labels-idx1-ubyte.gz"], excludes: ["ORIGIN.md"]),
  .library(
    "DatasetFormats",
    uses: ["Datasets", "Pixels", "IDX", "Archives", "Images", "Workers", "DurableFiles", "Memory", "DisplayText"],
    testsUse: ["RandomSources"]),
  .library(
    "Fetching", uses: ["Datasets", "DurableFiles", "CCurl"],
    testsUse: faultServer + ["RandomSources", "Archives", "IDX", "mnist-fetch-convert"]),
]

/// Modules that turn images and labels into the input for training.
let preparation = [
  Module.library("Matrices"),
  .library("RandomSources"),
  .library("Normalization", uses: ["Pixels", "Matrices"], testsUse: ["RandomSources"]),
  .library("Splitting", uses: ["RandomSources"]),
  .library("LabelBinarization", uses: ["Matrices"]),
]

/// Modules for training, prediction and evaluation.
let learning = [
  Module.cCode("CKernels"),
  .library(
    "NeuralNetwork",
    uses: [
      "CKernels", "Matrices", "Normalization", "LabelBinarization", "RandomSources", "Workers", "Memory",
      "DisplayText",
    ]),
  .library("Evaluation", uses: ["DisplayText", "Matrices"]),
]

/// Modules that write the results of a run for human readers: error dumps and the report page.
let results = [
  Module.library(
    "Export",
    uses: ["Datasets", "Pixels", "DurableFiles", "Evaluation", "Images", "Drawing", "Workers", "DisplayText"],
    testsUse: ["RandomSources"]),
  .library(
    "RunReport",
    uses: [
      "DigitPreparation", "Matrices", "Normalization", "NeuralNetwork", "Evaluation", "Images", "Drawing",
      "DisplayText", mustache,
    ],
    testsUse: ["LabelBinarization", "RandomSources"],
    embeds: ["page.mustache", "page.css", "page.js", "pad.mustache", "pad.js", "network.js", "preparation.js"]),
]

/// A library with the article's experiment, the libraries with the commands, and the programs.
let programs = [
  Module.library(
    "Experiments",
    uses: [
      "Memory", "DurableFiles", "DisplayText", "Datasets", "DatasetFormats", "RandomSources",
      "Normalization", "Splitting", "LabelBinarization", "NeuralNetwork", "Workers", "Evaluation", "Images", "Drawing",
      "Export", "RunReport",
    ]),
  .library(
    "MNISTCommands",
    uses: [
      "Experiments", "Memory", "DurableFiles", "DisplayText", "Datasets", "Matrices", "NeuralNetwork", "Workers",
      "Splitting", "Evaluation", "Images", "Drawing", "DigitPreparation", "Export", argumentParser,
    ],
    testsUse: [
      "DatasetFormats", "IDX", "Archives", "Normalization", "RandomSources", "LabelBinarization",
      "mnist-fetch-convert", "mnist-train", "mnist-dump-errors", "mnist-predict",
    ]),
  // FetchConvertCommands is a separate module because it needs libcurl, which the other programs do not load.
  .library(
    "FetchConvertCommands",
    uses: [
      "MNISTCommands", "Fetching", "Datasets", "DurableFiles", "DatasetFormats", "DisplayText", argumentParser,
    ],
    testsUse: ["mnist-fetch-convert"]),
  .program("mnist-fetch-convert", uses: ["MNISTCommands", "FetchConvertCommands"]),
  .program("mnist-train", uses: ["MNISTCommands"]),
  .program("mnist-dump-errors", uses: ["MNISTCommands"]),
  .program("mnist-predict", uses: ["MNISTCommands"]),
]

let groups = [
  "System": system, "Pictures": pictures, "Data": data, "Preparation": preparation, "Learning": learning,
  "Results": results, "Programs": programs,
]
/// The names of the libraries that other packages can use. DisplayText is missing, because it has no public
/// declarations.
let libraries = groups.values.joined().filter { $0.kind == .library && $0.name != "DisplayText" }.map(\.name).sorted()

let package = Package(
  name: "mnist-toolkit",
  platforms: [.macOS(.v15)],
  // The products are one for each library, one for the C kernels, and one with all libraries. Only the benchmark
  // package uses the product of the C kernels.
  products: (libraries + ["CKernels"]).map { .library(name: $0, targets: [$0]) }
    + [.library(name: "MNISTToolkit", targets: libraries)],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
  ],
  targets: groups.sorted { $0.key < $1.key }.flatMap { group, modules in modules.flatMap { $0.targets(in: group) } }
    + [.target(name: "TestFixtures", path: "Tests/TestFixtures", swiftSettings: Module.swiftSettings)]
)

/// The declaration of a module in one of the lists above.
struct Module {
  enum Kind { case cCode, systemLibrary, library, program }
  var kind: Kind
  var name: String
  var uses: [Target.Dependency] = []
  var testsUse: [Target.Dependency] = []
  /// The files of the folder `Resources` that are compiled into the module.
  var embeds: [String] = []
  /// The files of the folder `Resources` that are for human readers only.
  var excludes: [String] = []
  var pkgConfig: String?
  var providers: [SystemPackageProvider] = []

  static let swiftSettings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
  ]

  static func library(
    _ name: String, uses: [Target.Dependency] = [], testsUse: [Target.Dependency] = [], embeds: [String] = [],
    excludes: [String] = []
  ) -> Module {
    Module(kind: .library, name: name, uses: uses, testsUse: testsUse, embeds: embeds, excludes: excludes)
  }

  static func program(_ name: String, uses: [Target.Dependency]) -> Module {
    Module(kind: .program, name: name, uses: uses)
  }

  static func cCode(_ name: String) -> Module { Module(kind: .cCode, name: name) }

  static func systemLibrary(_ name: String, pkgConfig: String, apt: String, brew: String? = nil) -> Module {
    Module(
      kind: .systemLibrary, name: name, pkgConfig: pkgConfig,
      providers: [.apt([apt])] + (brew.map { [.brew([$0])] } ?? []))
  }

  /// Returns the targets of the module. A library has a second target for its tests.
  func targets(in group: String) -> [Target] {
    let path = "Sources/\(group)/\(name)"
    func resource(_ name: String) -> String { "Resources/" + name }
    switch kind {
    case .systemLibrary: return [.systemLibrary(name: name, path: path, pkgConfig: pkgConfig, providers: providers)]
    case .cCode: return [.target(name: name, path: path, cSettings: [.treatAllWarnings(as: .error)])]
    case .program:
      return [.executableTarget(name: name, dependencies: uses, path: path, swiftSettings: Self.swiftSettings)]
    case .library:
      return [
        .target(
          name: name, dependencies: uses, path: path, exclude: excludes.map(resource),
          resources: embeds.map { .embedInCode(resource($0)) }, swiftSettings: Self.swiftSettings),
        .testTarget(
          name: name + "Tests", dependencies: [.byName(name: name), "TestFixtures"] + uses + testsUse,
          path: "Tests/\(group)/\(name)Tests", swiftSettings: Self.swiftSettings),
      ]
    }
  }
}
