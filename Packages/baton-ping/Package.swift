// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]

let baton = Target.Dependency.product(name: "Baton", package: "baton-core")

let package = Package(
  name: "baton-ping",
  platforms: [.macOS(.v15)],
  products: [
    .library(name: "BatonPing", targets: ["BatonPing"]),
    .executable(name: "baton-ping", targets: ["baton-ping"]),
  ],
  dependencies: [.package(path: "../baton-core")],
  targets: [
    .target(name: "BatonPing", dependencies: [baton], swiftSettings: settings),
    .executableTarget(
      name: "baton-ping",
      dependencies: ["BatonPing", baton, .product(name: "BatonCLI", package: "baton-core")], swiftSettings: settings),
    .testTarget(
      name: "BatonPingTests",
      dependencies: [
        "BatonPing", baton, .product(name: "AMQP", package: "baton-core"),
        .product(name: "BatonTesting", package: "baton-core"),
      ], swiftSettings: settings),
  ]
)
