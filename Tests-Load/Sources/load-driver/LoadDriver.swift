import Baton
import BatonCLI
import BatonPing
import LoadLedger

/// `load-driver -c CONFIGURATION LEDGER ENVIRONMENT RATE HOST…`: asks the hosts again and again until SIGTERM, so that RATE requests a
/// second reach hosts, and writes down what it is told of each.
@main
struct LoadDriver {
  static func main() {
    Program.main(
      Command(
        "load-driver", abstract: "Ask hosts at a steady rate, and write down each fate.",
        operands: [
          .init("ledger", help: "The file to append to."), .init("environment", help: "Of the hosts."),
          .init("rate", help: "Requests that reach hosts in a second."),
          .init("host", help: "Each is asked each time.", repeats: true),
        ], options: CommonOptions.specs
      ) { arguments in
        let words = arguments.operands
        guard let ledger = Ledger(words[0]) else { throw UsageError("Cannot open the ledger \(words[0]).") }
        guard let rate = Int(words[2]), rate > 0 else { throw UsageError("'\(words[2])' is not a rate.") }
        let configuration = try CommonOptions.configuration(arguments, program: "load-driver")
        let broker = RabbitMQ(hosts: configuration.connections(name: "load-driver"), logger: .discarding)
        let asker = Asker(
          api: PingAPI(broker: broker, user: configuration.user), environment: words[1],
          hosts: Array(words.dropFirst(3)),
          ledger: ledger)
        let stop = StopSignal()
        return Supervisor().run {
          stop.request()
        } body: {
          await asker.run(every: .seconds(asker.hosts.count) / rate, until: stop)
          return .success
        }
      })
  }
}
