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
    "\(CommonOptions.environment["SUDO_USER"] ?? loginName)@\(machine)"
  }

  /// `laptop`. The corresponding C function is `gethostname(2)`.
  static var machine: String {
    var buffer = [CChar](repeating: 0, count: 256)
    guard gethostname(&buffer, buffer.count - 1) == 0 else { return "localhost" }
    return String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  /// The rollouts that were begun from here.
  static func store() throws -> RolloutStore {
    let folder = try stateFolder()
    try StateFolder.make(folder)
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
