// swift-tools-version: 6.2
import PackageDescription

/// SHA-256 of what is fetched: not ours to write.
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")

/// The library modules, bottom up; each depends only on modules above it. Every one is also a product, and has its
/// tests in a target of its own, some of which need another module to make their input with.
let libraries: [(name: String, dependencies: [Target.Dependency], testDependencies: [Target.Dependency])] = [
  ("Gzip", ["CZlib"], ["RandomSources"]),
  ("IDX", [], ["RandomSources"]),
  ("Matrices", ["CKernels"], ["RandomSources"]),
  ("RandomSources", [], []),
  ("DurableFiles", [], []),
  ("Datasets", ["IDX", "Gzip", "DurableFiles", crypto], []),
  ("Normalization", ["Matrices"], ["RandomSources"]),
  ("Splitting", ["RandomSources"], []),
  ("LabelBinarization", ["Matrices"], []),
  ("NeuralNetwork", ["Matrices", "Normalization", "RandomSources"], []),
  ("Evaluation", [], []),
]

/// Compiled into the program, so that the main job needs no file but the program's own.
let embeddedResources: [String: [Resource]] = [
  "Datasets": [
    .embedInCode("Resources/digits-images-idx3-ubyte.gz"), .embedInCode("Resources/digits-labels-idx1-ubyte.gz"),
  ]
]

let systemLibraries: [Target] = [
  .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])])
  ("Export", ["CPNG"], []),
]

let systemLibraries: [Target] = [
  .systemLibrary(name: "CPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"]), .brew(["libpng"])])
]

let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
  name: "mnist-toolkit",
  platforms: [.macOS(.v15)],
  products: libraries.map { .library(name: $0.name, targets: [$0.name]) },
  dependencies: [
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2")
  ],
  targets: systemLibraries + [
    .target(name: "CKernels", cSettings: [.treatAllWarnings(as: .error)])
  ]
    + libraries.map {
      .target(
        name: $0.name, dependencies: $0.dependencies,
        exclude: embeddedResources[$0.name] == nil ? [] : ["Resources/ORIGIN.md"],
        resources: embeddedResources[$0.name] ?? [])
    }
    + libraries.map {
      .testTarget(
        name: $0.name + "Tests",
        dependencies: [.byName(name: $0.name), "TestFixtures"] + $0.dependencies + $0.testDependencies)
    } + [
      .target(name: "TestFixtures", path: "Tests/TestFixtures")
    ]
)

for target in package.targets where ![.system, .binary, .plugin].contains(target.type) && target.name != "CKernels" {
  target.swiftSettings = (target.swiftSettings ?? []) + settings
}
