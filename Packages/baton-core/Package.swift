// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]

let package = Package(
  name: "baton-core",
  platforms: [.macOS(.v15)],
  products: [
    .library(name: "Baton", targets: ["Baton"]),
    .library(name: "BatonCLI", targets: ["BatonCLI"]),
    .library(name: "BatonTesting", targets: ["BatonTesting"]),
    .library(name: "BatonFaults", targets: ["BatonFaults"]),
    .library(name: "AMQP", targets: ["AMQP"]),
    .library(name: "BatonStore", targets: ["BatonStore"]),
    .library(name: "BatonOutbox", targets: ["BatonOutbox"]),
    .library(name: "BatonHTTP", targets: ["BatonHTTP"]),
    .library(name: "BatonSigning", targets: ["BatonSigning"]),
    .library(name: "BatonProcess", targets: ["BatonProcess"]),
    .library(name: "BatonHTTPServer", targets: ["BatonHTTPServer"]),
    .executable(name: "baton", targets: ["baton"]),
    .executable(name: "batonize", targets: ["batonize"]),
    .executable(name: "baton-sim", targets: ["baton-sim"]),
  ],
  targets: [
    .systemLibrary(
      name: "CRabbitMQ", pkgConfig: "librabbitmq",
      providers: [.apt(["librabbitmq-dev"]), .brew(["rabbitmq-c"])]),
    .systemLibrary(
      name: "CYAML", pkgConfig: "yaml-0.1",
      providers: [.apt(["libyaml-dev"]), .brew(["libyaml"])]),
    .systemLibrary(
      name: "CSQLite", pkgConfig: "sqlite3",
      providers: [.apt(["libsqlite3-dev"]), .brew(["sqlite"])]),
    .systemLibrary(
      name: "CCurl", pkgConfig: "libcurl",
      providers: [.apt(["libcurl4-openssl-dev"]), .brew(["curl"])]),
    .systemLibrary(
      name: "CMicroHTTPD", pkgConfig: "libmicrohttpd",
      providers: [.apt(["libmicrohttpd-dev"]), .brew(["libmicrohttpd"])]),
    // Not named as the same library in packages that depend on this one: names of targets are unique in a build.
    .systemLibrary(
      name: "CCrypto", pkgConfig: "libcrypto",
      providers: [.apt(["libssl-dev"]), .brew(["openssl@3"])]),
    .target(name: "CSystem"),
    .target(name: "AMQP", dependencies: ["CRabbitMQ", "CSystem"], swiftSettings: settings),
    .target(name: "YAML", dependencies: ["CYAML"], swiftSettings: settings),
    .target(name: "Baton", dependencies: ["AMQP", "YAML", "CSystem"], swiftSettings: settings),
    .target(name: "BatonOutbox", dependencies: ["Baton", "BatonStore"], swiftSettings: settings),
    .target(name: "BatonTesting", dependencies: ["Baton", "AMQP"], swiftSettings: settings),
    .target(name: "BatonFaults", dependencies: ["AMQP", "CSystem"], swiftSettings: settings),
    .target(name: "BatonCLI", dependencies: ["Baton", "CSystem"], swiftSettings: settings),
    .target(name: "BatonStore", dependencies: ["CSQLite", "AMQP"], swiftSettings: settings),
    .target(name: "BatonHTTP", dependencies: ["CCurl", "AMQP"], swiftSettings: settings),
    .target(name: "BatonHTTPServer", dependencies: ["CMicroHTTPD", "AMQP"], swiftSettings: settings),
    .target(name: "BatonSigning", dependencies: ["CCrypto", "Baton", "AMQP"], swiftSettings: settings),
    .target(name: "BatonProcess", dependencies: ["CSystem", "AMQP"], swiftSettings: settings),
    .target(name: "Doctor", dependencies: ["Baton", "AMQP", "BatonStore", "CSystem"], swiftSettings: settings),
    .executableTarget(
      name: "baton", dependencies: ["BatonCLI", "Baton", "BatonSigning", "AMQP", "Doctor"],
      swiftSettings: settings),
    .target(name: "Simulation", dependencies: ["Baton", "AMQP"], swiftSettings: settings),
    .executableTarget(name: "baton-sim", dependencies: ["Simulation", "BatonCLI", "Baton"], swiftSettings: settings),
    .target(name: "Scaffold", dependencies: ["Baton"], swiftSettings: settings),
    .executableTarget(name: "batonize", dependencies: ["Scaffold", "BatonCLI"], swiftSettings: settings),
    .target(name: "CSlowResolver", path: "Tests/CSlowResolver"),
    .target(name: "TestSupport", dependencies: ["AMQP"], path: "Tests/TestSupport", swiftSettings: settings),
    .testTarget(
      name: "AMQPTests", dependencies: ["AMQP", "BatonFaults", "TestSupport", "CSlowResolver"], swiftSettings: settings),
    .testTarget(name: "BatonFaultsTests", dependencies: ["BatonFaults", "AMQP"], swiftSettings: settings),
    .testTarget(name: "YAMLTests", dependencies: ["YAML"], swiftSettings: settings),
    .testTarget(
      name: "BatonTests", dependencies: ["Baton", "BatonTesting", "BatonFaults", "AMQP", "YAML", "TestSupport"],
      swiftSettings: settings),
    .testTarget(
      name: "BatonOutboxTests", dependencies: ["BatonOutbox", "Baton", "BatonTesting", "AMQP", "TestSupport"],
      swiftSettings: settings),
    .testTarget(
      name: "BatonTestingTests", dependencies: ["BatonTesting", "Baton", "AMQP"], swiftSettings: settings),
    .testTarget(
      name: "SimulationTests", dependencies: ["Simulation", "Baton", "BatonTesting", "AMQP"], swiftSettings: settings),
    .testTarget(name: "DoctorTests", dependencies: ["Doctor", "Baton", "AMQP"], swiftSettings: settings),
    .testTarget(name: "ScaffoldTests", dependencies: ["Scaffold"], swiftSettings: settings),
    .testTarget(name: "BatonStoreTests", dependencies: ["BatonStore", "TestSupport"], swiftSettings: settings),
    .testTarget(
      name: "BatonSigningTests", dependencies: ["BatonSigning", "Baton", "AMQP", "TestSupport"], swiftSettings: settings
    ),
    .testTarget(name: "BatonProcessTests", dependencies: ["BatonProcess", "TestSupport"], swiftSettings: settings),
    .testTarget(
      name: "BatonHTTPServerTests", dependencies: ["BatonHTTPServer", "BatonHTTP", "AMQP"], swiftSettings: settings),
    .testTarget(name: "BatonHTTPTests", dependencies: ["BatonHTTP", "AMQP", "TestSupport"], swiftSettings: settings),
    .testTarget(
      name: "BatonCLITests", dependencies: ["BatonCLI", "Baton", "AMQP", "CSystem", "TestSupport"],
      swiftSettings: settings),
  ]
)
