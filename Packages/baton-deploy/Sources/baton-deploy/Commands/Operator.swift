import BatonCLI
import BatonDeployControl

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Whoever types the commands, and where what they do is remembered.
enum Operator {
  /// `jo@laptop`; whoever became root by sudo is still who they are.
  static var name: String {
    let user = CommonOptions.environment["SUDO_USER"] ?? loginName
    var buffer = [CChar](repeating: 0, count: 256)
    guard gethostname(&buffer, buffer.count - 1) == 0 else { return user }
    return "\(user)@\(String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self))"
  }

  /// The rollouts that were begun from here.
  static func store() throws -> RolloutStore {
    let folder = try stateFolder()
    var path = ""
    // Each part that is missing, readable by its owner alone.
    for part in folder.split(separator: "/") {
      path += "/\(part)"
      guard mkdir(path, 0o700) == 0 || errno == EEXIST else {
        throw StateFolderError(folder: folder, reason: String(cString: strerror(errno)))
      }
    }
    return try RolloutStore("\(folder)/rollouts.sqlite")
  }

  /// `$XDG_STATE_HOME/baton-deploy`, or `~/.local/state/baton-deploy`
  /// (<https://specifications.freedesktop.org/basedir-spec/latest/>: a relative path does not count).
  private static func stateFolder() throws -> String {
    let environment = CommonOptions.environment
    if let home = environment["XDG_STATE_HOME"], home.hasPrefix("/") { return "\(home)/baton-deploy" }
    guard let home = environment["HOME"], home.hasPrefix("/") else {
      throw StateFolderError(folder: "~/.local/state/baton-deploy", reason: "HOME is not set")
    }
    return "\(home)/.local/state/baton-deploy"
  }

  /// The corresponding C function is `getpwuid(3)`.
  private static var loginName: String {
    guard let entry = getpwuid(getuid()), let name = entry.pointee.pw_name else { return "\(getuid())" }
    return String(cString: name)
  }
}

/// There is no folder to remember rollouts in.
struct StateFolderError: Error, CustomStringConvertible {
  let folder: String
  let reason: String

  var description: String {
    "cannot remember rollouts in \(folder): \(reason); see to its rights, or set XDG_STATE_HOME to another folder"
  }
}
