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
  name: "baton-ping-monitor",
  platforms: [.macOS(.v15)],
  products: [
    .library(name: "BatonPingMonitor", targets: ["BatonPingMonitor"]),
    .executable(name: "baton-ping-monitor", targets: ["baton-ping-monitor"]),
  ],
  dependencies: [.package(path: "../baton-core")],
  targets: [
    .target(
      name: "BatonPingMonitor", dependencies: [baton, .product(name: "AMQP", package: "baton-core")],
      swiftSettings: settings),
    .executableTarget(
      name: "baton-ping-monitor",
      dependencies: ["BatonPingMonitor", baton, .product(name: "BatonCLI", package: "baton-core")],
      swiftSettings: settings),
    .testTarget(
      name: "BatonPingMonitorTests",
      dependencies: [
        "BatonPingMonitor", baton, .product(name: "BatonTesting", package: "baton-core"),
        .product(name: "AMQP", package: "baton-core"),
      ], swiftSettings: settings),
  ]
)
