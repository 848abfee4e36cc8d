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
  name: "baton-deploy",
  platforms: [.macOS(.v15)],
  products: [
    .library(name: "BatonDeploy", targets: ["BatonDeploy"]),
    .library(name: "BatonDeployControl", targets: ["BatonDeployControl"]),
    .library(name: "BatonDeployConsole", targets: ["BatonDeployConsole"]),
    .executable(name: "baton-deploy", targets: ["baton-deploy"]),
  ],
  dependencies: [.package(path: "../baton-core")],
  targets: [
    .systemLibrary(
      name: "COpenSSL", pkgConfig: "libcrypto",
      providers: [.apt(["libssl-dev"]), .brew(["openssl@3"])]),
    .systemLibrary(
      name: "CArchive", pkgConfig: "libarchive",
      providers: [.apt(["libarchive-dev"]), .brew(["libarchive"])]),
    .systemLibrary(
      name: "CArgon2", pkgConfig: "libargon2",
      providers: [.apt(["libargon2-dev"]), .brew(["argon2"])]),
    .target(
      name: "BatonDeploy",
      dependencies: [
        "COpenSSL", "CArchive", core("Baton"), core("AMQP"), core("BatonStore"), core("BatonHTTP"),
        core("BatonProcess"), core("BatonSigning"),
      ], swiftSettings: settings),
    .target(
      name: "BatonDeployControl",
      dependencies: ["BatonDeploy", core("Baton"), core("AMQP"), core("BatonStore")], swiftSettings: settings),
    .target(
      name: "BatonDeployConsole",
      dependencies: [
        "CArgon2", "COpenSSL", "BatonDeployControl", "BatonDeploy", core("Baton"), core("AMQP"), core("BatonStore"),
        core("BatonHTTP"),
        core("BatonHTTPServer"), core("BatonProcess"),
      ], swiftSettings: settings),
    .executableTarget(
      name: "baton-deploy",
      dependencies: [
        "BatonDeploy", "BatonDeployControl", "BatonDeployConsole", core("Baton"), core("BatonCLI"),
        core("BatonSigning"),
      ],
      swiftSettings: settings),
    .testTarget(
      name: "BatonDeployTests",
      // The executable is run: what it does after it was killed cannot be seen within a test.
      dependencies: [
        "BatonDeploy", "baton-deploy", core("Baton"), core("BatonTesting"), core("AMQP"), core("BatonProcess"),
        core("BatonSigning"),
      ], swiftSettings: settings),
    .target(
      name: "DeployTestSupport",
      dependencies: ["BatonDeployControl", "BatonDeploy", core("Baton"), core("BatonTesting")],
      path: "Tests/DeployTestSupport", swiftSettings: settings),
    .testTarget(
      name: "BatonDeployConsoleTests",
      dependencies: [
        "DeployTestSupport",
        "BatonDeployConsole", "BatonDeployControl", "BatonDeploy", core("Baton"), core("BatonTesting"), core("AMQP"),
        core("BatonHTTP"), core("BatonHTTPServer"),
      ], swiftSettings: settings),
    .testTarget(
      name: "BatonDeployCommandTests",
      dependencies: ["baton-deploy", "BatonDeployControl", "BatonDeploy", core("BatonCLI")], swiftSettings: settings),
    .testTarget(
      name: "BatonDeployControlTests",
      dependencies: [
        "DeployTestSupport",
        "BatonDeployControl", "BatonDeploy", core("Baton"), core("BatonTesting"), core("AMQP"), core("BatonStore"),
      ], swiftSettings: settings),
  ]
)
