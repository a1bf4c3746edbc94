// swift-tools-version: 6.2
import PackageDescription

/// Checksums of what is fetched: cryptography is not ours to write.
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
/// Command lines, help texts and completions as users of Swift programs know them.
let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")

/// HTML from a template, with escaping: not ours to write.
let mustache: Target.Dependency = .product(name: "Mustache", package: "swift-mustache")

/// For tests only: a server that does what it should not. Users of the library products do not build it.
let faultServer: [Target.Dependency] = ["NIOCore", "NIOPosix"].map { .product(name: $0, package: "swift-nio") }

/// An entry point each, a few lines long, and the module with its command.
let programs = [
  (name: "mnist-fetch-convert", commands: "FetchConvertCommands"), (name: "mnist-train", commands: "MNISTCommands"),
  (name: "mnist-dump-errors", commands: "MNISTCommands"), (name: "mnist-predict", commands: "MNISTCommands"),
]

/// The library modules, bottom up; each depends only on modules above it. Every one is also a product, and has its
/// tests in a target of its own, some of which need other modules to make their input with.
let libraries: [(name: String, dependencies: [Target.Dependency], testDependencies: [Target.Dependency])] = [
  ("Memory", ["CFileSystem"], []),
  ("DurableFiles", ["CFileSystem", "CMappedFiles", "Memory"], []),
  ("Deflate", ["CZlib"], ["RandomSources"]),
  ("Gzip", ["Deflate", "Memory"], ["RandomSources"]),
  ("Zip", ["Deflate", "DisplayText", "Memory"], ["RandomSources"]),
  ("NumPyArchives", ["Pixels", "Zip", "Deflate", "Memory", "DisplayText"], ["RandomSources"]),
  ("IDX", [], ["RandomSources"]),
  ("Pixels", [], ["RandomSources"]),
  ("Datasets", ["Pixels", "IDX", "Gzip", "Zip", "DurableFiles", "Memory", crypto], []),
  ("RandomSources", [], []),
  ("Matrices", ["CKernels"], ["RandomSources"]),
  ("Workers", ["CKernels"], []),
  ("Normalization", ["Pixels", "Matrices"], ["RandomSources"]),
  ("Splitting", ["RandomSources"], []),
  ("LabelBinarization", ["Matrices"], []),
  (
    "NeuralNetwork",
    ["Pixels", "Matrices", "Normalization", "RandomSources", "Workers", "Memory", "DisplayText"], []
  ),
  ("Evaluation", ["DisplayText"], []),
  ("Export", ["CPNG", "CZlib", "DisplayText", "Memory"], []),
  ("DigitPreparation", ["Export"], ["Datasets", "NeuralNetwork", "RandomSources"]),
  ("LabelledCSV", ["Pixels", "Memory"], ["Datasets", "RandomSources"]),
  ("ImageFolders", ["Datasets", "Pixels", "DurableFiles", "Export", "Workers"], ["RandomSources"]),
  (
    "ErrorDumps", ["Datasets", "Pixels", "DurableFiles", "Evaluation", "Export", "Workers", "DisplayText"],
    ["RandomSources"]
  ),
  (
    "Conversion",
    [
      "Datasets", "Pixels", "IDX", "Gzip", "LabelledCSV", "NumPyArchives", "Zip", "ImageFolders", "Workers",
      "DurableFiles", "Memory",
    ],
    ["RandomSources"]
  ),
  (
    "RunReport",
    [
      "DigitPreparation", "Matrices", "Normalization", "NeuralNetwork", "Evaluation", "Export", "DisplayText", mustache,
    ],
    ["RandomSources"]
  ),
  (
    "Fetching", ["Datasets", "DurableFiles", "CCurl"],
    faultServer + ["RandomSources", "Gzip", "IDX", "mnist-fetch-convert"]
  ),
  (
    "MNISTCommands",
    [
      "Memory", "DurableFiles", "Datasets", "Pixels", "RandomSources", "Matrices", "Normalization", "Splitting",
      "NeuralNetwork",
      "Workers", "Evaluation", "Export", "DigitPreparation", "ErrorDumps", "RunReport", "Conversion", "LabelledCSV",
      "DisplayText", argumentParser,
    ],
    ["IDX", "Gzip", "Zip", "LabelBinarization"] + programs.map { .byName(name: $0.name) }
  ),
  // Apart, because it loads libcurl, which the other programs do not need.
  (
    "FetchConvertCommands",
    [
      "MNISTCommands", "Fetching", "Datasets", "DurableFiles", "Conversion", "LabelledCSV", "DisplayText",
      argumentParser,
    ],
    programs.map { .byName(name: $0.name) }
  ),
]

/// Compiled into the programs, so that the main job needs no other file.
let embeddedResources: [String: [Resource]] = [
  "Datasets": [
    .embedInCode("Resources/digits-images-idx3-ubyte.gz"), .embedInCode("Resources/digits-labels-idx1-ubyte.gz"),
  ],
  "RunReport": [
    "page.mustache", "page.css", "page.js", "pad.mustache", "pad.js", "network.js", "preparation.js",
  ].map { .embedInCode("Resources/" + $0) },
]
/// What lies beside the resources for people to read.
let resourceNotes = ["Datasets": ["Resources/ORIGIN.md"]]

/// C code: the systems' libraries, and the kernels.
let cTargets: [Target] = [
  .systemLibrary(name: "CFileSystem"),
  .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
  .systemLibrary(name: "CPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"]), .brew(["libpng"])]),
  .systemLibrary(
    name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"]), .brew(["curl"])]),
  .target(name: "CMappedFiles", cSettings: [.treatAllWarnings(as: .error)]),
  .target(name: "CKernels", cSettings: [.treatAllWarnings(as: .error)]),
]

let swiftTargets: [Target] =
  libraries.map {
    .target(
      name: $0.name, dependencies: $0.dependencies,
      exclude: resourceNotes[$0.name] ?? [],
      resources: embeddedResources[$0.name] ?? [])
  }
  + programs.map { program in
    .executableTarget(
      name: program.name, dependencies: Set(["MNISTCommands", program.commands]).sorted().map { .byName(name: $0) })
  }
  // No products: nothing in them is public. The modules and the tests use them.
  + [
    .target(name: "DisplayText"), .target(name: "TestFixtures", path: "Tests/TestFixtures"),
    .testTarget(name: "DisplayTextTests", dependencies: ["DisplayText"]),
  ]
  + libraries.map {
    .testTarget(
      name: $0.name + "Tests",
      dependencies: [.byName(name: $0.name), "TestFixtures"] + $0.dependencies + $0.testDependencies)
  }

for target in swiftTargets {
  target.swiftSettings = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
  ]
}

let package = Package(
  name: "mnist-toolkit",
  platforms: [.macOS(.v15)],
  products: libraries.map { .library(name: $0.name, targets: [$0.name]) }
    // The kernels are measured from a package of their own.
    + [.library(name: "CKernels", targets: ["CKernels"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
  ],
  targets: cTargets + swiftTargets
)
