// swift-tools-version: 6.2
import PackageDescription

// What Scripts/bench measures of baton's own client; nothing here is installed anywhere.
let package = Package(
  name: "Benchmarks",
  platforms: [.macOS(.v15)],
  dependencies: [.package(path: "../Packages/baton-core")],
  targets: [
    .executableTarget(
      name: "throughput-swift",
      dependencies: [.product(name: "AMQP", package: "baton-core"), .product(name: "Baton", package: "baton-core")],
      swiftSettings: [.treatAllWarnings(as: .error)])
  ]
)
