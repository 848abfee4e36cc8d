import AMQP
import BatonTesting
import Testing

@testable import Baton

struct DeadlineTests {
  private struct Note: Request {
    static let type = "note"
    typealias Reply = Success
  }

  @Test("A request that an alarm keeps back is given up at its deadline, and the alarm is named")
  func send() async throws {
    let broker = InMemoryBroker()
    broker.blocked = "low on memory"
    let api = API("baton_test", broker: broker)
    await #expect {
      try await api.send(Note(), to: ["production"], deadline: .milliseconds(20))
    } throws: {
      ($0 as? AMQPError) == AMQPError(.blocked, "broker blocked: memory alarm", while: "send")
    }
  }

  @Test("So is a question")
  func ask() async throws {
    let broker = InMemoryBroker()
    broker.blocked = "low on disk"
    let answers = API("baton_test", broker: broker).ask(
      Note(), of: ["production"], until: Ending(deadline: .milliseconds(20)))
    await #expect {
      for try await _ in answers {}
    } throws: {
      ($0 as? AMQPError) == AMQPError(.blocked, "broker blocked: disk alarm", while: "ask")
    }
  }
}
