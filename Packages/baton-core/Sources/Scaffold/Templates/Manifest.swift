extension ExtensionPackage {
  var manifest: String {
    """
    // swift-tools-version: 6.2
    import PackageDescription

    let settings: [SwiftSetting] = [
      .enableUpcomingFeature("ExistentialAny"),
      .enableUpcomingFeature("InternalImportsByDefault"),
      .enableUpcomingFeature("MemberImportVisibility"),
      .treatAllWarnings(as: .error),
    ]

    func core(_ name: String) -> Target.Dependency { .product(name: name, package: "baton-core") }

    let package = Package(
      name: "\(name.package)",
      platforms: [.macOS(.v15)],
      products: [
    \(products)
      ],
      dependencies: [.package(name: "baton-core", path: \(core.reference(from: parent).debugDescription))],
      targets: [
        .target(name: "\(name.module)", dependencies: [core("Baton")], swiftSettings: settings),
    \(executableTargets)\
        .testTarget(
          name: "\(name.module)Tests",
          dependencies: ["\(name.module)", core("Baton"), core("BatonTesting"), core("AMQP")], swiftSettings: settings),
      ]
    )

    """
  }

  private var executables: [String] { parts.executables ? [name.package, "\(name.package)-monitor"] : [] }

  private var products: String {
    let library = #"    .library(name: "\#(name.module)", targets: ["\#(name.module)"]),"#
    let programs = executables.map { #"    .executable(name: "\#($0)", targets: ["\#($0)"]),"# }
    return ([library] + programs).joined(separator: "\n")
  }

  private var executableTargets: String {
    executables.map { executable in
      """
          .executableTarget(
            name: "\(executable)", dependencies: ["\(name.module)", core("Baton"), core("BatonCLI")],
            swiftSettings: settings),

      """
    }.joined()
  }
}
