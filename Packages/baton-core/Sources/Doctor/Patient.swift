import Baton

/// The program whose configuration is looked at, and so what it needs of the broker and of its host.
public struct Patient: Sendable, Hashable {
  public enum Role: String, Sendable, CaseIterable {
    /// Answers: reads an input exchange, writes to an output exchange.
    case agent
    /// Asks: the other way round.
    case api
    /// Consumes output exchanges through a queue of its own.
    case monitor
  }

  public let program: String
  public let role: Role
  /// `baton_ping`, `baton_deploy`
  public let extensions: [String]

  /// - Parameters:
  ///   - program: `baton-ping` is the agent of baton_ping, `baton-ping-monitor` a monitor, `baton` asks.
  ///   - role: what it is instead.
  ///   - extensions: those that matter instead of its own.
  public init(program: String, role: Role? = nil, extensions: [String] = []) {
    self.program = program
    self.role = role ?? (program.hasSuffix("-monitor") ? .monitor : program == "baton" ? .api : .agent)
    let own = program.hasPrefix("baton-") && !program.hasSuffix("-monitor") ? program : "baton-ping"
    self.extensions = extensions.isEmpty ? [own.replacing("-", with: "_")] : extensions
  }

  /// Where it keeps what must not be forgotten: a database, and the folder that it is in.
  func database(_ settings: Settings) throws(ConfigurationError) -> (folder: String, file: String)? {
    switch program {
    case "baton-deploy":
      let folder = try settings.path("STATE_DIR") ?? "/var/lib/baton-deploy"
      return (folder, "\(folder)/journal.sqlite")
    case "baton-ping-monitor":
      let file = try settings.path("STATE_FILE") ?? "/var/lib/baton-ping-monitor/state.db"
      return (file.split(separator: "/").dropLast().reduce("") { "\($0)/\($1)" }, file)
    default: return nil
    }
  }
}
