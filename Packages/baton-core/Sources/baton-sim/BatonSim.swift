import Baton
import BatonCLI
import Simulation

/// `baton-sim`: a fleet that is not there, for people who plan one that will be.
@main
struct BatonSim {
  /// Of a broker's 2,047 channels and one owner's thread, as many queues as one connection bears well.
  private static let hostsPerConnection = 1000

  private static let hosts = Option<Int>.value(
    "hosts", placeholder: "n", help: "So many hosts (default: 100).", default: 100)
  private static let environments = Option<[String]>.list(
    "environment", placeholder: "name",
    help: "They are in this environment (default: sim); given again, they are spread over several.")
  private static let apps = Option<[String]>.list(
    "app", placeholder: "name", help: "Each names this application; may be given again.")
  private static let delay = Option<Duration>.value(
    "delay", placeholder: "time", help: "Answer after so long on average (default: at once).", default: .zero)
  private static let failures = Option<Share>.value(
    "failures", placeholder: "share", help: "Answer this share with a failure: 1% (default: none).", default: Share())
  private static let silences = Option<Share>.value(
    "silences", placeholder: "share", help: "Do not answer this share at all (default: none).", default: Share())
  private static let stay = Option<Duration?>.optional(
    "stay", placeholder: "time", help: "Each host leaves after so long on average, and joins again (default: never).")
  private static let absence = Option<Duration>.value(
    "absence", placeholder: "time", help: "It is away for so long (default: 2s).", default: .seconds(2))
  private static let connections = Option<Int?>.optional(
    "connections", placeholder: "n", help: "Share so many connections (default: one for a thousand hosts).")

  static func main() {
    Program.main(
      Command(
        "baton-sim", abstract: "Be a fleet of many hosts that answer pings, to see what a broker and a monitor bear.",
        discussion: """
          Each host has a queue of its own, bound as a real one binds it; they share few connections. It runs until
          Ctrl-C, and then says what the hosts have done. baton-ping and baton-ping-monitor cannot tell them from others.
          """,
        options: [
          hosts.spec, environments.spec, apps.spec, delay.spec, failures.spec, silences.spec, stay.spec, absence.spec,
          connections.spec,
        ] + CommonOptions.specs, run: run))
  }

  private static func run(_ arguments: Arguments) throws -> ExitCode {
    let configuration = try CommonOptions.configuration(
      arguments, program: "baton-sim", files: ["/etc/baton/baton.cfg"])
    let count = try arguments[hosts]
    let places = try arguments[environments].checked(as: Names.environment)
    let servers = SimulatedFleet.servers(
      count, environments: places.isEmpty ? ["sim"] : places, appNames: try arguments[apps].checked(as: Names.app))
    var behaviour = Behaviour()
    behaviour.delay = try arguments[delay]
    behaviour.failures = try arguments[failures].value
    behaviour.silences = try arguments[silences].value
    behaviour.stay = try arguments[stay]
    behaviour.absence = try arguments[absence]
    let logger = CommonOptions.logger(configuration)
    let fleet = SimulatedFleet(
      servers, behaviour: behaviour,
      connections: try arguments[connections] ?? (count + hostsPerConnection - 1) / hostsPerConnection,
      broker: RabbitMQ(hosts: configuration.connections(name: "baton-sim"), logger: logger), logger: logger)
    let stop = StopSignal()
    return Supervisor().run {
      stop.request()
    } body: {
      let start = ContinuousClock.now
      let running = Task { await fleet.run(until: stop) }
      let waiting = Task {
        try await fleet.tally.waitForAll()
        let seconds = start.duration(to: .now).components.seconds
        Output.error.writeLine("\(count) hosts are there, after \(seconds) s; Ctrl-C ends them")
      }
      await running.value
      waiting.cancel()
      let counts = fleet.tally.counts
      Output.standard.writeLine("\(counts.answers) answers, \(counts.departures) departures")
      return .success
    }
  }
}

/// A part of a whole, written in percent.
private struct Share: OptionValue {
  var value = 0.0

  init() {}

  init?(optionText: String) {
    guard optionText.hasSuffix("%"), let percent = Double(optionText.dropLast()), (0...100).contains(percent) else {
      return nil
    }
    value = percent / 100
  }

  static let wanted = "a share such as 1% or 0.5%"
}
