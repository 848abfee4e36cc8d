// swift-tools-version: 6.2
import PackageDescription

let plain: [CSetting] = [.unsafeFlags(["-O2", "-Wall", "-Wextra", "-Werror"])]

// What the measurements of Scripts/bench run; nothing here is installed anywhere.
let package = Package(
  name: "Benchmarks",
  platforms: [.macOS(.v15)],
  dependencies: [.package(path: "../Packages/baton-core")],
  targets: [
    .systemLibrary(
      name: "CRabbitMQBench", pkgConfig: "librabbitmq", providers: [.apt(["librabbitmq-dev"]), .brew(["rabbitmq-c"])]),
    .target(name: "Plain", dependencies: ["CRabbitMQBench"], cSettings: plain),
    .executableTarget(name: "throughput-c", dependencies: ["Plain"], cSettings: plain),
    .executableTarget(name: "agent-c", dependencies: ["Plain"], cSettings: plain),
    .executableTarget(name: "asker-c", dependencies: ["Plain"], cSettings: plain),
    .executableTarget(
      name: "throughput-swift",
      dependencies: [.product(name: "AMQP", package: "baton-core"), .product(name: "Baton", package: "baton-core")],
      swiftSettings: [.treatAllWarnings(as: .error)]),
  ]
)
