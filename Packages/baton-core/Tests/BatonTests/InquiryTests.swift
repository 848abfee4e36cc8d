import AMQP
import Testing

@testable import Baton

struct InquiryTests {
  private struct Ping: Request {
    static let type = "ping"
    typealias Reply = Pong
  }
  private struct Pong: Message { static let type = "pong" }

  private let returned = Confirm.returned(code: 312, reason: "NO_ROUTE")

  private func inquiry(_ targets: [Target], count: Int? = nil, legacy: Bool = false) -> Inquiry<Ping> {
    Inquiry(targets: targets, count: count, legacy: legacy, correlationID: "1")
  }

  private func message(
    _ type: String = "pong", from fqdn: String, environment: String = "production", correlationID: String? = "1"
  ) throws -> AnyMessage {
    var properties = Properties()
    properties.correlationID = correlationID
    return try AnyMessage(
      Delivery(
        tag: 1, exchange: "", routingKey: "", properties: properties,
        body: [UInt8](
          #"{"type":"\#(type)","environment":"\#(environment)","fqdn":"\#(fqdn)","message":"m","error_class":"E","error_message":"e"}"#
            .utf8)))
  }

  @Test("It is over when nobody listens to any of the keys")
  func nobody() {
    var inquiry = inquiry(["production", "staging"])
    #expect(inquiry.confirmed("production", returned).map(\.environment) == ["production"])
    #expect(!inquiry.isComplete)
    #expect(inquiry.confirmed("staging", returned).map(\.environment) == ["staging"])
    #expect(inquiry.isComplete)
  }

  @Test("It is over when the count is reached and the fate of each key is known")
  func count() throws {
    var inquiry = inquiry(["production", "staging"], count: 1)
    _ = inquiry.confirmed("production", .accepted)
    _ = inquiry.received(try message(from: "web1"))
    #expect(!inquiry.isComplete)
    _ = inquiry.confirmed("staging", .accepted)
    #expect(inquiry.isComplete)
  }

  @Test("It is over when each named host has answered or is not connected, and who is left at the end is silent")
  func namedHosts() throws {
    let targets = ["web1", "web2", "web3"].map { Target("production", host: $0) }
    var inquiry = inquiry(targets)
    #expect(inquiry.confirmed(targets[0], .accepted).isEmpty)
    #expect(inquiry.confirmed(targets[1], returned).map(\.fqdn) == ["web2"])
    _ = inquiry.confirmed(targets[2], .accepted)
    _ = inquiry.received(try message(from: "web1"))
    #expect(!inquiry.isComplete)
    #expect(inquiry.silent().map(\.fqdn) == ["web3"])
    _ = inquiry.received(try message(from: "web3"))
    #expect(inquiry.isComplete)
  }

  @Test("A host that is asked for in two environments is not connected only if it is in neither")
  func twoEnvironments() {
    let targets = ["production", "staging"].map { Target($0, host: "web1") }
    var inquiry = inquiry(targets)
    #expect(inquiry.confirmed(targets[0], returned).isEmpty)
    #expect(inquiry.confirmed(targets[1], returned).map(\.fqdn) == ["web1"])
    #expect(inquiry.isComplete)
  }

  @Test("Replies, success and errors are final, everything else is progress")
  func outcomes() throws {
    var inquiry = inquiry(["production"], count: 3)
    guard case .progress = inquiry.received(try message("info", from: "a")) else { throw Unexpected() }
    guard case .reply = inquiry.received(try message(from: "a")) else { throw Unexpected() }
    guard case .succeeded("m") = inquiry.received(try message("success", from: "b")) else { throw Unexpected() }
    guard case .failed(Failure("E", "e")) = inquiry.received(try message("error", from: "c")) else {
      throw Unexpected()
    }
  }

  private struct Unexpected: Error {}

  @Test("A host's final answer counts once, however often it comes")
  func onlyOnce() throws {
    var inquiry = inquiry(["production"], count: 2)
    #expect(inquiry.received(try message(from: "a")) != nil)
    #expect(inquiry.received(try message(from: "a")) == nil)
  }

  @Test("What answers another request is not for this one")
  func foreign() throws {
    var inquiry = inquiry(["production"], legacy: true)
    #expect(inquiry.received(try message(from: "a", correlationID: "2")) == nil)
  }

  @Test(
    "Answers without a correlation_id are the gem's: of the type and environment asked for, and only when they are wanted"
  )
  func legacy() throws {
    var strict = inquiry(["production"])
    #expect(strict.received(try message(from: "a", correlationID: nil)) == nil)
    var inquiry = inquiry(["production"], legacy: true)
    #expect(inquiry.received(try message(from: "a", environment: "staging", correlationID: nil)) == nil)
    #expect(inquiry.received(try message("info", from: "a", correlationID: nil)) == nil)
    #expect(inquiry.received(try message(from: "a", correlationID: nil)) != nil)
  }

  @Test("A host of the gem is asked again under the key of all, and is silent if it does not answer")
  func askAgain() throws {
    let target = Target("production", host: "ruby1")
    var inquiry = inquiry([target], legacy: true)
    _ = inquiry.confirmed(target, returned)
    #expect(inquiry.askAgain([target]) == ["production"])
    #expect(!inquiry.isComplete)
    _ = inquiry.confirmed("production", .accepted)
    #expect(inquiry.silent().map(\.fqdn) == ["ruby1"])
    #expect(inquiry.received(try message(from: "ruby2", correlationID: nil)) == nil)
    #expect(inquiry.received(try message(from: "swift1")) == nil, "it hears the key of all, and is not named")
    #expect(inquiry.received(try message(from: "ruby1", correlationID: nil)) != nil)
    #expect(inquiry.silent().isEmpty)
  }
}
