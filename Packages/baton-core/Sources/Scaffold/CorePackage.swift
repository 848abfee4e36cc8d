#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Where the sources of baton-core are, which the new package builds on.
public struct CorePackage: Sendable, Hashable {
  /// Of the folder with its Package.swift: absolute, no symbolic links.
  let path: String
  /// Where somebody else gets the repository that it is in, if that is known.
  let url: String?

  /// Finds it.
  ///
  /// - Parameters:
  ///   - given: a folder, or the address of a repository, which is cloned into `parent` unless that was done before.
  ///   - parent: the folder that the new package will be in.
  ///
  /// Without `given`, it is looked for upwards from `parent`, from the current folder, and from the executable: in a checkout of baton,
  /// beside one, or among what the package `baton` installs in `/usr/share/baton`.
  public static func find(given: String?, near parent: String) throws(Refusal) -> CorePackage {
    guard let given else { return try search(near: parent) }
    if !Files.exists(given), let name = repositoryName(given) { return try clone(given, as: name, in: parent) }
    guard let core = ["\(given)/Packages/baton-core", given].lazy.compactMap({ CorePackage(at: $0) }).first else {
      throw Refusal(
        .usage, "there is no baton-core in '\(given)'",
        "give --core the path of a checkout of baton, or the address of its repository")
    }
    return core
  }

  /// Nil if the folder is not that of baton-core.
  init?(at folder: String) {
    guard let path = Files.real(folder), let manifest = Files.text("\(path)/Package.swift"),
      manifest.contains("name: \"baton-core\"")
    else { return nil }
    self.path = path
    let origin = (try? Git.run(["-C", path, "config", "--get", "remote.origin.url"]))?.line
    url = origin.flatMap { Self.repositoryName($0) == nil || Files.exists($0) ? nil : Self.withoutUser($0) }
  }

  /// As a package in `parent` writes it: what lies beside the package is named relative to it, so that both can be moved together.
  func reference(from parent: String) -> String {
    path.hasPrefix("\(parent)/") ? "../\(path.dropFirst(parent.utf8.count + 1))" : path
  }

  // MARK: - Looking for it

  private static func search(near parent: String) throws(Refusal) -> CorePackage {
    var places: [String] = []
    for start in [parent, Files.real("."), Files.real("/proc/self/exe")].compactMap({ $0 }) {
      for folder in ancestors(of: start) {
        places += ["Packages/baton-core", "baton-core", "baton/Packages/baton-core", "share/baton/baton-core"].map {
          "\(folder)/\($0)"
        }
      }
    }
    if let core = (places + ["/usr/share/baton/baton-core"]).lazy.compactMap({ CorePackage(at: $0) }).first {
      return core
    }
    throw Refusal(
      .missing, "no baton-core is found upwards from here, beside this program, or in /usr/share/baton",
      "give the path of a checkout of baton, or the address of its repository, with --core")
  }

  /// A folder, that which it is in, and so on to the root, which is "".
  private static func ancestors(of path: String) -> [String] {
    var folders = [path == "/" ? "" : path]
    while let last = folders.last, let slash = last.lastIndex(of: "/") { folders.append(String(last[..<slash])) }
    return folders
  }

  // MARK: - Cloning it

  /// The folder that git would clone an address into; nil if it is none: `https://…`, `git@host:…`, `….git`.
  private static func repositoryName(_ address: String) -> String? {
    let colon = address.firstIndex(of: ":")
    let slash = address.firstIndex(of: "/")
    let isAddress =
      address.contains("://") || address.hasSuffix(".git")
      || (colon != nil && (slash ?? address.endIndex) > colon ?? address.endIndex)
    guard isAddress, !address.hasPrefix("-"),
      let last = address.split(whereSeparator: { $0 == "/" || $0 == ":" }).last
    else { return nil }
    let name = last.hasSuffix(".git") ? last.dropLast(4) : last
    return name.isEmpty || name.hasPrefix(".") ? nil : String(name)
  }

  /// An address may have a password in it, which is for nobody else.
  private static func withoutUser(_ address: String) -> String {
    guard let scheme = address.firstRange(of: "://") else { return address }
    let authority = address[scheme.upperBound...].prefix { $0 != "/" }
    guard let at = authority.lastIndex(of: "@") else { return address }
    return String(address[..<scheme.upperBound] + address[address.index(after: at)...])
  }

  private static func clone(_ address: String, as name: String, in parent: String) throws(Refusal) -> CorePackage {
    let folder = "\(parent)/\(name)"
    if !Files.exists(folder) {
      let result = try Git.run(["clone", "--quiet", "--depth", "1", "--", address, folder])
      guard result.status == 0 else {
        throw Refusal(
          .missing,
          "cannot clone \(withoutUser(address)): \(result.output.split(separator: "\n").last ?? "git says nothing")",
          "see to the address, or give --core the path of a checkout")
      }
    }
    guard let core = CorePackage(at: "\(folder)/Packages/baton-core") else {
      throw Refusal(
        .usage, "there is no Packages/baton-core in \(folder)",
        "see to the address given with --core, or to the folder, which is used as it is")
    }
    return core
  }
}
