import AMQP
import Baton
import BatonHTTPServer

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Everything that a bridge does at once: listening, asking, telling, being looked at.
struct BridgeRun: Sendable {
  /// Messages that a bridge takes at once, and so the most that one write to the disk is waited for.
  static let prefetch = 2000

  let settings: BridgeSettings
  let exchanges: [String]
  let queue: MonitorQueue
  let durable: Bool
  let user: String
  let clock = SteadyClock()

  /// Works until the stop is requested. Throws if it cannot begin: the database cannot be opened, or nothing can listen.
  func run(
    on broker: any Broker, logger: Logger, until stop: StopSignal, status: @escaping @Sendable (Agent.Status) -> Void
  ) async throws {
    let clock = clock
    let now: @Sendable () -> Moment = { clock.now }
    let file = try StateFile(settings.stateFile)
    let name = Self.newID()
    let doorbells = settings.sinks.map { _ in Doorbell() }
    let bridge = Bridge(settings, file: file, name: name, logger: logger, doorbells: doorbells, now: now)
    let server = try settings.listen.map { listen in
      try HTTPServer(host: listen.host, port: listen.port, routes: Web.routes(bridge))
    }
    if let server { logger.info("Page and metrics", ["address": "http://\(server.host):\(server.port)/"]) }
    defer { server?.stop() }
    let (states, changed) = AsyncStream<Agent.Status>.makeStream()
    await withTaskGroup(of: Void.self) { group in
      group.addTask { for await state in states { await bridge.connectionChanged(state) } }
      group.addTask { await tick(bridge, logger: logger) }
      for (sink, doorbell) in zip(settings.sinks, doorbells) {
        let courier = Courier(
          settings: sink, sink: sink.sink(logger: logger), file: file, doorbell: doorbell, logger: logger, now: now,
          isLeading: { await bridge.isLeading }, report: { await bridge.report($0, of: sink.name) })
        group.addTask { await courier.run() }
      }
      let monitor = Monitor(
        of: exchanges, queue: queue, broker: broker, logger: logger, durable: durable, hasOwnExchange: durable,
        targets: settings.environments.isEmpty ? [] : [Pings.exchange])
      let beat = Beat(monitor: name, database: file.id)
      await monitor.run(
        until: stop, prefetch: Self.prefetch,
        status: { state in
          status(state)
          changed.yield(state)
        }, beside: { channel, queue in try await speak(bridge, beat, channel, queue) },
        batches: { try await bridge.handle($0) })
      changed.finish()
      group.cancelAll()
    }
  }

  private func tick(_ bridge: Bridge, logger: Logger) async {
    var lastWords = ""
    while !Task.isCancelled {
      do {
        try await bridge.tick()
        lastWords = ""
      } catch {
        if lastWords != "\(error)" { logger.error("The state cannot be kept", ["reason": "\(error)"]) }
        lastWords = "\(error)"
      }
      try? await Task.sleep(for: .seconds(1))
    }
  }

  /// Says into the queue that it is there and, while it leads, asks the hosts.
  private func speak(_ bridge: Bridge, _ beat: Beat, _ channel: any Baton.Channel, _ queue: String) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      if durable {
        group.addTask {
          while !Task.isCancelled {
            _ = try await channel.publish([try beat.publishing(to: queue)])
            try await Task.sleep(for: Beat.interval)
          }
        }
      }
      group.addTask {
        while !settings.environments.isEmpty, !Task.isCancelled {
          // With a queue like the gem's there is no telling who leads.
          if await bridge.isLeading || !durable {
            try await ping(bridge, channel)
            try await Task.sleep(for: settings.interval)
          } else {
            try await Task.sleep(for: .milliseconds(100))
          }
        }
      }
      for try await _ in group {}
    }
  }

  private func ping(_ bridge: Bridge, _ channel: any Baton.Channel) async throws {
    var publishings: [Publishing] = []
    for environment in settings.environments {
      let id = Self.newID()
      await bridge.pinged(environment, id: id, at: .now)
      publishings.append(Pings.publishing(id, to: environment, user: user, timeToLive: settings.interval))
    }
    let confirms = try await channel.publish(publishings)
    let unrouted = confirms.count { if case .returned = $0 { true } else { false } }
    await bridge.pingedAll(unrouted: unrouted)
  }

  private static func newID() -> String { UUID().uuidString.lowercased() }
}
