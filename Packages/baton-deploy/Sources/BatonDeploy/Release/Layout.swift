import BatonProcess

/// Where the releases of an application are: `releases/<version>`, `shared`, and the link `current`.
struct Layout: Sendable, Hashable {
  static let releases = "releases"
  static let shared = "shared"
  static let current = "current"

  /// `deploy_to`
  let path: String
  /// Whose the files of a release are; nil is ours.
  let owner: User?

  func release(_ version: String) -> String { "\(path)/\(Self.releases)/\(version)" }

  /// Makes what is missing, and refuses what is in the way: to be called before anything is touched.
  func prepare() throws {
    let root = try Folder(path)
    _ = try root.folder(making: Self.releases)
    _ = try root.folder(making: Self.shared, owner: owner)
    if let kind = try root.kind(of: Self.current), kind != .link {
      throw FileError("use", "\(path)/\(Self.current)", reason: "it is no link; move it away")
    }
  }

  /// The version that `current` is; nil if there is none, or it is something else's.
  func currentVersion() -> String? {
    guard let root = try? Folder(path), let target = root.target(of: Self.current) else { return nil }
    let parts = target.split(separator: "/")
    guard parts.count >= 2, parts[parts.count - 2] == Self.releases, let version = parts.last else { return nil }
    return String(version)
  }

  func hasRelease(_ version: String) -> Bool {
    guard let root = try? Folder(path), let releases = try? root.folder(Self.releases) else { return false }
    return (try? releases.kind(of: version)) == .folder
  }

  /// The folder that an act unpacks into.
  private func incoming(_ act: String) -> String { ".incoming-\(act)" }

  /// An empty folder to unpack into, of the owner's.
  func makeIncoming(_ act: String) throws(FileError) -> String {
    let releases = try Folder(path).folder(Self.releases)
    try releases.remove(incoming(act))
    return try releases.folder(making: incoming(act), owner: owner).path
  }

  func removeIncoming(_ act: String) throws(FileError) {
    try Folder(path).folder(Self.releases).remove(incoming(act))
  }

  /// What has been unpacked becomes a release; an earlier one of the same name, which must not be the current one, goes.
  func adopt(_ act: String, as version: String) throws(FileError) {
    let releases = try Folder(path).folder(Self.releases)
    let old = ".old-\(act)"
    if try releases.kind(of: version) != nil { try releases.rename(version, to: old) }
    try releases.rename(incoming(act), to: version)
    try releases.sync()
    try releases.remove(old)
  }

  /// `current` is this release from one moment to the next, also for those who look at it all the time, and on disk when this returns.
  func activate(_ version: String, by act: String) throws(FileError) {
    let root = try Folder(path)
    let name = ".current-\(act)"
    try root.remove(name)
    try root.link(name, to: "\(Self.releases)/\(version)")
    try root.rename(name, to: Self.current)
    try root.sync()
  }

  /// Links what releases have in common into one of them.
  ///
  /// - Parameter shared: paths within a release. One that ends with `/` is a folder, and is made if it is not there.
  func link(_ shared: [String], into version: String) throws {
    let root = try Folder(path)
    for path in shared {
      let parts = path.split(separator: "/").map(String.init)
      guard let name = parts.last else { continue }
      try link(name, in: parts.dropLast(), isFolder: path.hasSuffix("/"), version, root)
    }
  }

  private func link(
    _ name: String, in folders: some Collection<String>, isFolder: Bool, _ version: String, _ root: borrowing Folder
  ) throws {
    let common = try Self.walk(try root.folder(Self.shared), folders, owner)
    if try common.kind(of: name) == nil {
      guard isFolder else { throw FileError("link", "\(common.path)/\(name)", reason: "it is not there") }
      _ = try common.folder(making: name, owner: owner)
    }
    let release = try Self.walk(try root.folder(Self.releases).folder(version), folders, owner)
    let up = String(repeating: "../", count: folders.count + 2)
    let target = "\(up)\(Self.shared)/\(folders.map { "\($0)/" }.joined())\(name)"
    guard release.target(of: name) != target else { return }
    try release.remove(name)
    try release.link(name, to: target)
  }

  private static func walk(
    _ start: consuming Folder, _ names: some Collection<String>, _ owner: User?
  ) throws(FileError) -> Folder {
    var folder = start
    for name in names { folder = try folder.folder(making: name, owner: owner) }
    return folder
  }

  /// Removes releases, and what acts that were interrupted have left.
  func remove(_ versions: [String]) throws(FileError) {
    let releases = try Folder(path).folder(Self.releases)
    let leftovers = try releases.names().filter { $0.hasPrefix(".incoming-") || $0.hasPrefix(".old-") }
    for name in versions + leftovers { try releases.remove(name) }
  }

  /// The file that is locked while an act is under way.
  var lockFile: String { "\(path)/.deploy.lock" }
}
