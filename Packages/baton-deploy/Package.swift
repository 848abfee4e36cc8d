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
  name: "baton-deploy",
  platforms: [.macOS(.v15)],
  products: [
    .library(name: "BatonDeploy", targets: ["BatonDeploy"]),
    .library(name: "BatonDeployControl", targets: ["BatonDeployControl"]),
  ],
  dependencies: [.package(path: "../baton-core")],
  targets: [
    .target(name: "BatonDeploy", dependencies: [baton], swiftSettings: settings),
    .target(
      name: "BatonDeployControl",
      dependencies: [
        "BatonDeploy", baton, .product(name: "AMQP", package: "baton-core"),
        .product(name: "BatonStore", package: "baton-core"),
      ], swiftSettings: settings),
    .testTarget(
      name: "BatonDeployTests",
      dependencies: [
        "BatonDeploy", baton, .product(name: "BatonTesting", package: "baton-core"),
        .product(name: "AMQP", package: "baton-core"),
      ], swiftSettings: settings),
    .testTarget(
      name: "BatonDeployControlTests",
      dependencies: [
        "BatonDeployControl", "BatonDeploy", baton, .product(name: "BatonTesting", package: "baton-core"),
        .product(name: "AMQP", package: "baton-core"), .product(name: "BatonStore", package: "baton-core"),
      ], swiftSettings: settings),
  ]
)
