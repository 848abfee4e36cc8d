import Baton

/// A service for the tests of this package: echoes, tells of its progress, fails, or waits to be let go.
struct Echo: Request, Hashable {
  static let type = "echo"
  typealias Reply = Echoed
  var text: String
}

struct Echoed: Message, Hashable {
  static let type = "echoed"
  var text: String
}

struct Fail: Request {
  static let type = "fail"
  typealias Reply = Echoed
}

struct EchoConsumer: Consumer {
  struct Broken: Error, CustomStringConvertible {
    var description: String { "it is broken" }
  }

  func routingKeys(on server: Server) -> [String] { [server.environment] }

  var handlers: [Handler] {
    [
      .on(Echo.self) { echo, context in
        context.info("working on \(echo.text)")
        return Echoed(text: echo.text)
      },
      .on(Fail.self) { _, _ in throw Broken() },
    ]
  }
}

struct EchoService: Service {
  let name = "baton_test"

  func consumers(on server: Server) -> [any Consumer] { [EchoConsumer()] }
}
