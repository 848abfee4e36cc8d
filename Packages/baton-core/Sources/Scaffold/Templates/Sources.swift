// The library: what an author reads, and fills with something useful.

extension ExtensionPackage {
  var messages: String {
    """
    public import Baton

    /// Asks for a greeting: the message to begin with, and to put your own in place of.
    ///
    /// What it holds is what stands in the request's body, and what `\(name.package) ask dummy` takes as options.
    public struct Dummy: Request, Hashable {
      public static let type = "dummy"
      public typealias Reply = Greeting

      /// How often to greet; once if nothing is said.
      public var count: Int?

      public init(count: Int? = nil) { self.count = count }
    }

    /// The answer; which host gives it stands beside it, as in every answer.
    public struct Greeting: Message, Hashable {
      public static let type = "greeting"

      public var text: String

      public init(text: String) { self.text = text }
    }

    """
  }

  var consumer: String {
    """
    public import Baton

    /// Does on this server what requests ask for.
    public struct \(name.type)Consumer: Consumer {
      public init() {}

      /// The requests that concern this server: here, those to its environment.
      public func routingKeys(on server: Server) -> [String] { [server.environment] }

      /// One for each type of request; add your own here.
      public var handlers: [Handler] { [.on(Dummy.self, answer: greet)] }

      func greet(_ dummy: Dummy, in context: Context) async throws -> Greeting {
        // Your own code goes here. What it throws becomes the answer, and the service lives on.
        let count = dummy.count ?? 1
        guard (1...10).contains(count) else { throw Failure("BadCount", "count is \\(count), and has to be 1 to 10") }
        return Greeting(text: Array(repeating: "hello", count: count).joined(separator: " "))
      }
    }

    """
  }

  var service: String {
    """
    public import Baton

    /// The starting point on a host: requests come in on `\(name.service)_in`, answers go out on `\(name.service)_out`.
    public struct \(name.type)Service: Service {
      public let name = "\(name.service)"

      public init() {}

      public func consumers(on server: Server) -> [any Consumer] { [\(name.type)Consumer()] }
    }

    """
  }

  var api: String {
    """
    public import Baton

    /// Asks servers from within a program.
    public struct \(name.type)API: Sendable {
      private let api: API

      /// - Parameters:
      ///   - user: the broker's user, which goes with each request.
      ///   - durable: how the exchanges are declared where they are missing.
      public init(broker: any Broker, user: String? = nil, durable: Bool = true) {
        api = API(\(name.type)Service().name, broker: broker, user: user, durable: durable)
      }

      /// Asks all servers of some environments, or, where hosts are named, those alone.
      public func greet(
        _ environments: [String], hosts: [String] = [], count: Int? = nil, until ending: Ending = Ending()
      ) -> Answers<Greeting> {
        api.ask(Dummy(count: count), of: Target.each(of: environments, hosts: hosts), until: ending)
      }
    }

    """
  }

  var monitor: String {
    """
    public import Baton

    /// Listens to what the servers say.
    public struct \(name.type)Monitor: Sendable {
      public init() {}

      /// Listens until the stop is requested. Messages wait for it while it is away.
      public func run(
        on broker: any Broker, logger: Logger, until stop: StopSignal,
        status: @escaping @Sendable (Agent.Status) -> Void = { _ in }
      ) async {
        let monitor = Monitor(
          of: ["\(name.service)_out"], queue: .durable("\(name.package)-monitor"), broker: broker, logger: logger)
        await monitor.run(until: stop, status: status) { message in
          // Your own code goes here. A message is done with when this returns; when it throws, it comes again.
          logger.info("Heard", ["type": message.type, "from": message.sender.fqdn])
        }
      }
    }

    """
  }

  // MARK: - Executables

  var serviceMain: String {
    """
    import BatonCLI
    import \(name.module)

    @main
    struct \(name.module) {
      static func main() { \(name.type)Service.main() }
    }

    """
  }

  var monitorMain: String {
    """
    import BatonCLI
    import \(name.module)

    @main
    struct \(name.module)Monitor {
      static func main() {
        let program = "\(name.package)-monitor"
        let serve = ServiceProcess.command(
          program: program, abstract: "Run the monitor (the default).",
          files: ["/etc/\\(program)/\\(program).cfg", "/etc/\(name.package)/\(name.package).cfg"]
        ) { _, _ in
          { process in
            await \(name.type)Monitor().run(on: process.broker, logger: process.logger, until: process.stop) {
              process.report($0)
            }
          }
        }
        Program.main(
          Command(program, abstract: "Listen to \(name.service)_out.", subcommands: [serve], default: "serve"))
      }
    }

    """
  }
}
