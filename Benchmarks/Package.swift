// swift-tools-version: 6.2
import PackageDescription

// What the measurements of Scripts/bench run; nothing here is installed anywhere.
let package = Package(
  name: "Benchmarks",
  platforms: [.macOS(.v15)],
  dependencies: [.package(path: "../Packages/baton-core")],
  targets: [
    .systemLibrary(
      name: "CRabbitMQBench", pkgConfig: "librabbitmq", providers: [.apt(["librabbitmq-dev"]), .brew(["rabbitmq-c"])]),
    .executableTarget(name: "throughput-c", dependencies: ["CRabbitMQBench"], cSettings: [.unsafeFlags(["-O2"])]),
    .executableTarget(
      name: "throughput-swift", dependencies: [.product(name: "AMQP", package: "baton-core")],
      swiftSettings: [.treatAllWarnings(as: .error)]),
  ]
)
