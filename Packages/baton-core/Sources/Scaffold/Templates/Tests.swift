// Tests that run without a broker.

extension ExtensionPackage {
  var serviceTests: String {
    """
    import Baton
    import \(name.module)
    import BatonTesting
    import Testing

    struct \(name.type)ServiceTests {
      private let web = Server(environment: "production", fqdn: "web1.example")
      private let db = Server(environment: "production", fqdn: "db1.example")

      @Test("Every server of the environment answers")
      func greets() async throws {
        try await withService(\(name.type)Service(), on: web, db) { api in
          let answers = try await api.ask(Dummy(count: 2), of: "production", count: 2)
          #expect(Set(answers.map(\\.sender)) == [web, db])
          for answer in answers {
            guard case .reply(let greeting) = answer.outcome else {
              Issue.record("\\(answer.outcome)")
              continue
            }
            #expect(greeting.text == "hello hello")
          }
        }
      }

      @Test("What a handler throws is the answer")
      func refuses() async throws {
        try await withService(\(name.type)Service(), on: web) { api in
          let answers = try await api.ask(Dummy(count: 99), of: "production", count: 1)
          guard case .failed(let failure)? = answers.first?.outcome else {
            Issue.record("\\(answers)")
            return
          }
          #expect(failure.errorClass == "BadCount")
        }
      }

      @Test("After a lost connection it is there again")
      func reconnects() async throws {
        let (broker, clock, seen) = (InMemoryBroker(), TestClock(), RecordingObserver())
        try await withService(\(name.type)Service(), on: web, broker: broker, observers: [seen], clock: clock) { _ in
          broker.disconnectAll()
          try await clock.advance(by: .seconds(3))
          #expect(try await seen.outputs(atLeast: 2).map(\\.type) == ["up", "up"])
        }
      }
    }

    """
  }

  var monitorTests: String {
    """
    import AMQP
    import Baton
    import \(name.module)
    import BatonTesting
    import Testing

    struct \(name.type)MonitorTests {
      @Test("It hears what servers say")
      func hears() async throws {
        let broker = InMemoryBroker()
        let stop = StopSignal()
        let (lines, written) = AsyncStream<String>.makeStream()
        let logger = Logger(to: LogSink { written.yield($0) })
        async let running: Void = \(name.type)Monitor().run(on: broker, logger: logger, until: stop)
        for await line in lines where line.contains("Listening") { break }
        let channel = try await broker.channel()
        let body = [UInt8](#"{"type":"greeting","fqdn":"web1.example","text":"hello"}"#.utf8)
        _ = try await channel.publish([Publishing(exchange: "\(name.service)_out", routingKey: "", body: body)])
        for await line in lines where line.contains("Heard") {
          #expect(line.contains("type=greeting from=web1.example"))
          break
        }
        stop.request()
        await running
      }
    }

    """
  }
}
