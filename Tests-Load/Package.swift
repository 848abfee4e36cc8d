// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]

let baton = Target.Dependency.product(name: "Baton", package: "baton-core")
let cli = Target.Dependency.product(name: "BatonCLI", package: "baton-core")

// What Scripts/faults runs; nothing here is installed anywhere.
let package = Package(
  name: "Tests-Load",
  platforms: [.macOS(.v15)],
  dependencies: [
    .package(path: "../Packages/baton-core"), .package(path: "../Packages/baton-ping"),
    .package(path: "../Packages/baton-deploy"),
  ],
  targets: [
    .target(name: "LoadLedger", swiftSettings: settings),
    .executableTarget(
      name: "load-driver",
      dependencies: ["LoadLedger", baton, cli, .product(name: "BatonPing", package: "baton-ping")],
      swiftSettings: settings),
    .executableTarget(
      name: "load-reconnects",
      dependencies: [
        "LoadLedger", baton, .product(name: "BatonFaults", package: "baton-core"),
        .product(name: "BatonPing", package: "baton-ping"),
      ], swiftSettings: settings),
    .executableTarget(
      name: "load-deploys",
      dependencies: [
        "LoadLedger", baton, cli, .product(name: "AMQP", package: "baton-core"),
        .product(name: "BatonProcess", package: "baton-core"),
        .product(name: "BatonDeploy", package: "baton-deploy"),
      ], swiftSettings: settings),
    .executableTarget(
      name: "load-proxy", dependencies: [.product(name: "BatonFaults", package: "baton-core")], swiftSettings: settings),
    .executableTarget(name: "load-check", dependencies: ["LoadLedger"], swiftSettings: settings),
    .testTarget(name: "LoadLedgerTests", dependencies: ["LoadLedger"], swiftSettings: settings),
  ]
)
