// swift-tools-version: 6.2
import PackageDescription

// The benchmark programs are in a separate package, so that users of the toolkit neither build nor see them.

let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
  name: "mnist-toolkit-benchmarks",
  platforms: [.macOS(.v15)],
  dependencies: [
    // Without this name, SwiftPM would use the name of the folder, which can be any name.
    .package(name: "mnist-toolkit", path: "../../.."),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
  ],
  targets: [
    .target(name: "CPeak", cSettings: [.treatAllWarnings(as: .error)]),
    .executableTarget(
      name: "kernel-benchmark",
      dependencies: ["CPeak", argumentParser, .product(name: "CKernels", package: "mnist-toolkit")]),
    .executableTarget(
      name: "predict-benchmark",
      dependencies: [argumentParser]
        + ["Datasets", "DurableFiles", "NeuralNetwork"].map {
          .product(name: $0, package: "mnist-toolkit")
        }),
    .executableTarget(
      name: "data-benchmark",
      dependencies: [argumentParser]
        + [
          "Archives", "DatasetFormats", "Datasets", "DurableFiles", "Evaluation", "Export", "Normalization", "Workers",
        ].map {
          .product(name: $0, package: "mnist-toolkit")
        }),
  ]
)

for target in package.targets where target.type == .executable {
  target.swiftSettings = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
  ]
}
