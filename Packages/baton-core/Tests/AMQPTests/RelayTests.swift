import Dispatch
import TestSupport
import Testing

@testable import AMQP

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

@Suite(
  "Tasks on a connection's thread", .enabled(if: RealBroker.isThere, "needs BATON_RABBIT_PORT"), .timeLimit(.minutes(1))
)
struct RelayTests {
  @Test("What a task receives and sends there takes no change of thread")
  func sameThread() async throws {
    let connection = try await Connection.open(RealBroker.options)
    let channel = try await connection.channel()
    let queue = try await channel.perform([.confirmSelect, .declareQueue(.serverNamed)])[0].name
    let deliveries = try await channel.consume(queue).deliveries
    let threads = try await Task(executorPreference: connection.executor) {
      var threads = [pthread_self()]
      for _ in 1...5 {
        _ = try await channel.publish([Publishing(to: queue)])
        threads.append(pthread_self())
        _ = try await deliveries.first(1)
        threads.append(pthread_self())
      }
      return threads
    }.value
    #expect(Set(threads).count == 1)
  }

  @Test("Jobs that block do not keep the connection from its work, nor other jobs from theirs")
  func blocked() async throws {
    let connection = try await Connection.open(RealBroker.options)
    let channel = try await connection.channel()
    let queue = try await channel.perform([.confirmSelect, .declareQueue(.serverNamed)])[0].name
    let open = DispatchSemaphore(value: 0)
    @Sendable func block() { open.wait() }
    let blocked = (1...5).map { _ in Task(executorPreference: connection.executor) { block() } }
    let other = Task(executorPreference: connection.executor) {
      try await channel.publish([Publishing(to: queue)])
    }
    #expect(try await other.value == [.accepted])
    for _ in blocked { open.signal() }
    for task in blocked { await task.value }
    #expect(try await channel.publish([Publishing(to: queue)]) == [.accepted])
  }

  @Test("A job that blocks while its connection ends, goes on afterwards")
  func blockedAtTheEnd() async throws {
    let connection = try await Connection.open(RealBroker.options)
    let open = DispatchSemaphore(value: 0)
    @Sendable func block() { open.wait() }
    let blocked = Task(executorPreference: connection.executor) {
      block()
      await Task.yield()
      return true
    }
    await connection.close()
    _ = try await connection.waitForEnd()
    open.signal()
    #expect(await blocked.value)
  }

  @Test("After the end of a connection its tasks run elsewhere")
  func ended() async throws {
    let connection = try await Connection.open(RealBroker.options)
    await connection.close()
    #expect(await Task(executorPreference: connection.executor) { true }.value)
  }
}
