/// The starting point of an extension on a host: names its exchanges, and sets up its consumers.
///
/// `BatonCLI` gives it a `main()` that reads the configuration, daemonizes, and obeys signals.
public protocol Service: Sendable {
  init()

  /// `baton_ping` listens on `baton_ping_in` and answers on `baton_ping_out`.
  var name: String { get }

  func consumers(on server: Server) -> [any Consumer]
}
