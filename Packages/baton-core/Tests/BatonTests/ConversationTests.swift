import AMQP
import BatonTesting
import Testing

@testable import Baton

/// In an environment of their own: on a real RabbitMQ other tests run beside them.
struct ConversationTests {
  private let web = Server(environment: "talk", fqdn: "web1.example")
  private let db = Server(environment: "talk", fqdn: "db1.example")

  @Test("Requests go out while answers come in, on one channel", arguments: TestBroker.all)
  func many(broker: TestBroker) async throws {
    let broker = broker.make()
    try await withService(EchoService(), on: web, db, broker: broker) { api in
      let channel = try await broker.channel()
      let conversation = try await api.converse(on: channel)
      for host in [web.fqdn, db.fqdn] {
        let target = Target("talk", host: host)
        let confirm = try await conversation.send(
          Echo(text: host), to: target, id: "7/\(host)", timeToLive: .seconds(60))
        #expect(confirm == .accepted)
      }
      var echoes: [String: String] = [:]
      while echoes.count < 2 {
        for message in try await conversation.receive() where message.type == Echoed.type {
          #expect(message.properties.correlationID == "7/\(message.sender.fqdn)")
          echoes[message.sender.fqdn] = try message.decode(Echoed.self).text
        }
      }
      #expect(echoes == [web.fqdn: web.fqdn, db.fqdn: db.fqdn])
      await channel.close()
    }
  }

  @Test("A host that is not there is known at once", arguments: TestBroker.all)
  func returned(broker: TestBroker) async throws {
    let broker = broker.make()
    try await withService(EchoService(), on: web, broker: broker) { api in
      let channel = try await broker.channel()
      let conversation = try await api.converse(on: channel)
      let confirm = try await conversation.send(
        Echo(text: "x"), to: Target("talk", host: "gone.example"), id: "7", timeToLive: .seconds(60))
      guard case .returned = confirm else { throw Failure("Unexpected", "\(confirm)") }
      await channel.close()
    }
  }

  @Test("What is said to nobody in particular is heard by who wants to", arguments: TestBroker.all)
  func hearsAll(broker: TestBroker) async throws {
    let broker = broker.make()
    let api = API(EchoService().name, broker: broker)
    let channel = try await broker.channel()
    let conversation = try await api.converse(on: channel, hearsAll: true)
    try await withService(EchoService(), on: web, broker: broker) { _ in
      var isHeard = false
      while !isHeard {
        isHeard = try await conversation.receive().contains { $0.type == Up.type && $0.sender == web }
      }
    }
    await channel.close()
  }

  @Test("It ends with its channel")
  func lost() async throws {
    let broker = InMemoryBroker()
    let conversation = try await API("baton_test", broker: broker).converse(on: try await broker.channel())
    broker.disconnectAll()
    await #expect { try await conversation.receive() } throws: { AMQPError.Code.connectionLost ~= $0 }
  }
}
