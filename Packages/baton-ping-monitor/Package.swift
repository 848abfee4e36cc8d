// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]

func core(_ product: String) -> Target.Dependency { .product(name: product, package: "baton-core") }

let package = Package(
  name: "baton-ping-monitor",
  platforms: [.macOS(.v15)],
  products: [
    .library(name: "BatonPingMonitor", targets: ["BatonPingMonitor"]),
    .executable(name: "baton-ping-monitor", targets: ["baton-ping-monitor"]),
  ],
  dependencies: [.package(path: "../baton-core")],
  targets: [
    .systemLibrary(
      name: "COpenSSL", pkgConfig: "libcrypto",
      providers: [.apt(["libssl-dev"]), .brew(["openssl@3"])]),
    .target(
      name: "BatonPingMonitor",
      dependencies: [
        "COpenSSL", core("Baton"), core("AMQP"), core("BatonStore"), core("BatonHTTP"), core("BatonHTTPServer"),
        core("BatonProcess"),
      ], swiftSettings: settings),
    .executableTarget(
      name: "baton-ping-monitor", dependencies: ["BatonPingMonitor", core("Baton"), core("BatonCLI")],
      swiftSettings: settings),
    .testTarget(
      name: "BatonPingMonitorTests",
      dependencies: [
        "BatonPingMonitor", core("Baton"), core("BatonTesting"), core("AMQP"), core("BatonHTTPServer"),
        core("BatonHTTP"),
      ], swiftSettings: settings),
  ]
)
