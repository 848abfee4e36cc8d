import Testing

@testable import Scaffold

struct ExtensionPackageTests {
  private let folder: Folder

  init() throws {
    folder = try Folder()
    try folder.makeCore("baton-core")
  }

  private func package(
    _ name: String = "my-app-2", in parent: String? = nil, executables: Bool = true, repository: Bool = true
  ) throws -> ExtensionPackage {
    try ExtensionPackage(
      try ExtensionName(name), in: parent ?? folder.path,
      parts: .init(executables: executables, repository: repository), core: nil)
  }

  @Test("It has all that a package has, and everything is staged")
  func files() throws {
    let package = try package()
    try package.write()
    let files = [
      ".github/workflows/ci.yml", ".gitignore", ".swift-format", "LICENSE", "Package.swift", "README.md",
      "Sources/BatonMyApp2/Dummy.swift", "Sources/BatonMyApp2/MyApp2API.swift",
      "Sources/BatonMyApp2/MyApp2Consumer.swift",
      "Sources/BatonMyApp2/MyApp2Monitor.swift", "Sources/BatonMyApp2/MyApp2Service.swift",
      "Sources/baton-my-app-2-monitor/BatonMyApp2Monitor.swift", "Sources/baton-my-app-2/BatonMyApp2.swift",
      "Tests/BatonMyApp2Tests/MyApp2MonitorTests.swift", "Tests/BatonMyApp2Tests/MyApp2ServiceTests.swift",
      "config/baton-my-app-2.cfg", "systemd/baton-my-app-2-monitor.service", "systemd/baton-my-app-2.service",
    ]
    #expect(folder.files(in: "baton-my-app-2") == files)
    let staged = try Git.run(["-C", package.path, "diff", "--cached", "--name-only"]).output
    #expect(staged.split(separator: "\n").map(String.init) == files)
  }

  @Test("Without executables there is nothing that only they need")
  func libraryOnly() throws {
    let files = try package(executables: false).files
    #expect(!files.contains { $0.path.hasPrefix("systemd/") || $0.path.hasPrefix("Sources/baton-") })
    #expect(try !package(executables: false).manifest.contains("executable"))
  }

  @Test("As part of a repository it has no repository of its own")
  func partOfRepository() throws {
    let package = try package(repository: false)
    try package.write()
    #expect(!Files.exists("\(package.path)/.git"))
    #expect(!Files.exists("\(package.path)/LICENSE"))
  }

  @Test("A folder that is there is left as it is")
  func existing() throws {
    let path = try folder.makeFolder("baton-my-app-2")
    try Files.write("mine", to: "\(path)/README.md")
    #expect { try package() } throws: { ($0 as? Refusal)?.kind == .folder && "\($0)".contains("is there already") }
    #expect(folder.files(in: "baton-my-app-2") == ["README.md"])
    #expect(Files.text("\(path)/README.md") == "mine")
  }

  @Test("One that appears only after the look is left as it is, too")
  func race() throws {
    let package = try package()
    _ = try folder.makeFolder("baton-my-app-2")
    #expect(throws: Refusal.self) { try package.write() }
    #expect(folder.files(in: "baton-my-app-2").isEmpty)
    #expect(Files.exists(package.path))
  }

  @Test(
    "A folder that is none, is not there, or takes nothing is refused with what to do",
    arguments: ["/etc/passwd", "/nowhere/at/all", "/proc"])
  func parents(parent: String) throws {
    #expect {
      try package(in: parent).write()
    } throws: {
      ($0 as? Refusal)?.kind == .folder && "\($0)".contains(";")
    }
  }

  @Test("What git says, and what is beside it, ends up in it")
  func contents() throws {
    let package = try package()
    #expect(package.license.contains("(c) \(package.author.year) \(package.author.name)"))
    #expect(package.author.year >= 2026)
    #expect(package.manifest.contains(#"path: "../baton-core""#))
    #expect(package.configuration.contains("# PID_FILE: /run/baton-my-app-2.pid"))
    #expect(package.configuration.contains("# LOG_FILE: /var/log/baton-my-app-2.log"))
    #expect(package.nextSteps.contains("swift run baton-my-app-2 ask dummy development --count 3"))
  }

  @Test("The consumer that an author has to read is about 30 lines")
  func short() throws {
    #expect(try package().consumer.split(separator: "\n").count <= 30)
  }

  @Test("A folder with an odd name is quoted for Swift, for the shell and for YAML")
  func quoting() throws {
    let core = try folder.makeFolder("it's \"here\"")
    try folder.makeCore("it's \"here\"/baton-core")
    let parent = try folder.makeFolder("it's \"here\"/mine")
    let package = try package(in: parent)
    #expect(package.manifest.contains(##"it\'s \"here\"/baton-core"##))
    #expect(package.workflow.contains("CORE: '\(core.replacing("'", with: "''"))/baton-core'"))
    #expect(package.nextSteps.contains("cd '\(parent.replacing("'", with: #"'\''"#))/baton-my-app-2'"))
  }
}
