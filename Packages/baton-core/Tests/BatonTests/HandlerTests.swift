import AMQP
import BatonTesting
import Testing

@testable import Baton

struct HandlerTests {
  private let web = Server(environment: "production", fqdn: "web1.example", appNames: ["shop"])
  private let said = RecordingObserver()

  /// Has a handler handle a request, and gives what it says.
  private func handle(_ body: String, with handler: Handler) async throws -> [AnyMessage] {
    var properties = Properties()
    properties.messageID = "7"
    properties.replyTo = "amq.gen-1"
    let request = try AnyMessage(
      Delivery(tag: 1, exchange: "x_in", routingKey: "k", properties: properties, body: [UInt8](body.utf8)))
    let voice = Voice(server: web, logger: .discarding, observers: [said])
    let context = Context(voice: voice, request: request)
    try await handler.handle(request, context)
    return try said.outputs.map { try AnyMessage(Delivery(tag: 1, exchange: "", routingKey: "", body: $0.body)) }
  }

  @Test("It takes the requests of its type, and answers as this host")
  func answers() async throws {
    let handler = Handler.on(Echo.self) { echo, context in
      #expect(context.server == web)
      #expect(context.request.type == "echo")
      return Echoed(text: echo.text.uppercased())
    }
    #expect(handler.type == "echo")
    let messages = try await handle(#"{"type":"echo","text":"a"}"#, with: handler)
    #expect(messages.map(\.type) == ["echoed"])
    #expect(messages.first?.sender == web)
    #expect(try messages.first?.decode(Echoed.self) == Echoed(text: "A"))
    #expect(said.outputs.first?.correlationID == "7")
    #expect(said.outputs.first?.replyTo == "amq.gen-1")
  }

  @Test("What it says of its progress comes before the answer, and belongs to the request as well")
  func progress() async throws {
    let handler = Handler.on(Echo.self) { echo, context in
      context.info("half")
      context.say(Success("nearly"))
      return Echoed(text: echo.text)
    }
    let messages = try await handle(#"{"type":"echo","text":"a"}"#, with: handler)
    #expect(messages.map(\.type) == ["info", "success", "echoed"])
    #expect(Set(said.outputs.map(\.correlationID)) == ["7"])
  }

  @Test("A request that is not what its type says is not handled")
  func unreadable() async {
    let handler = Handler.on(Echo.self) { _, _ in
      Issue.record("it was handled")
      return Echoed(text: "")
    }
    await #expect(throws: Unreadable("the member 'text' is missing")) {
      try await handle(#"{"type":"echo"}"#, with: handler)
    }
    #expect(said.outputs.isEmpty)
  }

  @Test("What it throws goes to its caller, and nothing is said")
  func throwing() async {
    let handler = Handler.on(Fail.self) { _, _ in throw Failure("IOError", "no") }
    await #expect(throws: Failure("IOError", "no")) { try await handle(#"{"type":"fail"}"#, with: handler) }
    #expect(said.outputs.isEmpty)
  }
}
