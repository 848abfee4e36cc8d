import Baton
import BatonCLI
import BatonPingMonitor

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// `baton-ping-monitor check`: would it work?
enum CheckCommand {
  private static let sendTest = Option<Bool>.flag(
    "send-test", help: "Tell each sink of a trouble that is none, and that it is over.")

  static let command = Command(
    "check", abstract: "Try the configuration, the broker, the database and each sink.",
    discussion: """
      EXIT CODES:
        0   all is well
        1   something is not; it is said what
        64 usage, 78 configuration
      """, options: [sendTest.spec] + CommonOptions.specs
  ) { arguments in
    let configuration = try Look.configuration(arguments)
    let monitor = try PingMonitor(configuration)
    let isTelling = try arguments[sendTest]
    let logger = CommonOptions.logger(configuration)
    for warning in monitor.warnings { logger.warning(warning) }
    let broker = RabbitMQ(
      hosts: configuration.connections(name: "\(BatonPingMonitor.program) check"),
      logger: logger)
    report("configuration", nil)
    return Supervisor().run {
      var isWell = await attempt("broker") { await (try broker.channel()).close() }
      guard let bridge = monitor.bridge else { return isWell ? .success : .failure }
      isWell = await attempt("database \(bridge.stateFile)") { _ = try StateFile(bridge.stateFile) } && isWell
      for settings in bridge.sinks {
        let sink = settings.sink(logger: Logger(to: .standardError()))
        let isSinkWell = await attempt("sink \(settings.name)") {
          try await sink.check()
          guard isTelling else { return }
          for notice in Notice.trial(from: hostName, at: SteadyClock().now) { try await sink.tell([notice]) }
        }
        isWell = isSinkWell && isWell
      }
      return isWell ? .success : .failure
    }
  }

  private static func attempt(_ what: String, _ act: () async throws -> Void) async -> Bool {
    do {
      try await act()
      report(what, nil)
      return true
    } catch {
      report(what, "\(error)")
      return false
    }
  }

  private static func report(_ what: String, _ trouble: String?) {
    let style = Style(for: .standard)
    let line = trouble.map { style.red("\(what): \($0)".escapingControlCharacters) } ?? style.green("\(what): ok")
    Output.standard.writeLine(line)
  }

  /// The corresponding C function is `gethostname(2)`.
  private static var hostName: String {
    var buffer = [CChar](repeating: 0, count: 256)
    guard gethostname(&buffer, buffer.count - 1) == 0 else { return "localhost" }
    return String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}
