#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A package with an extension, ready to be built and to be filled with something useful.
///
/// The files themselves are in `Templates/`, one property each.
public struct ExtensionPackage: Sendable {
  /// What of it there shall be.
  public struct Parts: Sendable {
    /// An executable for the service and one for the monitor, with what belongs to them.
    public var executables: Bool
    /// A git repository of its own, with the files that one has.
    public var repository: Bool

    public init(executables: Bool, repository: Bool = true) {
      self.executables = executables
      self.repository = repository
    }
  }

  public let name: ExtensionName
  let parts: Parts
  let core: CorePackage
  /// The folder that it will be in: absolute, no symbolic links.
  let parent: String
  let author: Author

  public var path: String { "\(parent)/\(name.package)" }

  /// - Parameters:
  ///   - parent: the folder that it will be in.
  ///   - core: see ``CorePackage/find(given:near:)``.
  public init(_ name: ExtensionName, in parent: String, parts: Parts, core: String?) throws(Refusal) {
    guard Files.exists(parent) else {
      throw Refusal(.folder, "there is no folder \(parent)", "make it first: mkdir -p '\(parent)'")
    }
    guard Files.isFolder(parent), let real = Files.real(parent) else {
      throw Refusal(.folder, "\(parent) is not a folder", "name another one with --path")
    }
    self.name = name
    self.parts = parts
    // The root is "", as everywhere that something is put behind a slash.
    self.parent = real == "/" ? "" : real
    try Self.check(path: "\(self.parent)/\(name.package)", parent: real)
    author = try Author.ofGit(in: real)
    self.core = try CorePackage.find(given: core, near: self.parent)
  }

  /// Refuses before anything is done what would fail in the middle.
  private static func check(path: String, parent: String) throws(Refusal) {
    guard !Files.exists(path) else {
      throw Refusal(.folder, "\(path) is there already", "take another name or --path; nothing is ever overwritten")
    }
    guard access(parent, W_OK | X_OK) == 0 else {
      throw Refusal(
        .folder, "cannot write to \(parent): \(String(cString: strerror(errno)))",
        "see to its rights, or name another folder with --path")
    }
  }

  /// Writes it all, or, if that fails, leaves nothing.
  public func write() throws(Refusal) {
    try Files.makeFolder(path)
    do {
      for (file, text) in files {
        let folders = file.split(separator: "/").dropLast().joined(separator: "/")
        try Files.makeFolders(folders, in: path)
        try Files.write(text, to: "\(path)/\(file)")
      }
      if parts.repository {
        try git("init", "--quiet")
        try git("add", "--all")
      }
    } catch {
      Files.remove(path)
      throw error
    }
  }

  private func git(_ words: String...) throws(Refusal) {
    let result = try Git.run(["-C", path] + words)
    guard result.status == 0 else {
      throw Refusal(.missing, "git \(words[0]) failed: \(result.output)", "see to git's configuration")
    }
  }

  /// Paths below the package's folder, and what stands there.
  var files: [(path: String, text: String)] {
    let sources = "Sources/\(name.module)"
    var files = [
      ("Package.swift", manifest), ("README.md", readme), ("config/\(name.package).cfg", configuration),
      ("\(sources)/Dummy.swift", messages), ("\(sources)/\(name.type)Consumer.swift", consumer),
      ("\(sources)/\(name.type)Service.swift", service), ("\(sources)/\(name.type)API.swift", api),
      ("\(sources)/\(name.type)Monitor.swift", monitor),
      ("Tests/\(name.module)Tests/\(name.type)ServiceTests.swift", serviceTests),
      ("Tests/\(name.module)Tests/\(name.type)MonitorTests.swift", monitorTests),
    ]
    if parts.executables {
      files += [
        ("Sources/\(name.package)/\(name.module).swift", serviceMain),
        ("Sources/\(name.package)-monitor/\(name.module)Monitor.swift", monitorMain),
        ("systemd/\(name.package).service", unit(of: name.package, "answers requests on \(name.service)_in")),
        (
          "systemd/\(name.package)-monitor.service",
          unit(of: "\(name.package)-monitor", "listens to \(name.service)_out")
        ),
      ]
    }
    if parts.repository {
      files += [
        ("LICENSE", license), (".gitignore", gitignore), (".swift-format", swiftFormat),
        (".github/workflows/ci.yml", workflow),
      ]
    }
    return files
  }
}
