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
    on broker: any Broker, logger: Logger, until stop: StopSignal, renewals: AsyncStream<PingMonitor>,
    status: @escaping @Sendable (Agent.Status) -> Void
  ) async throws {
    let clock = clock
    let now: @Sendable () -> Moment = { clock.now }
    let file = try StateFile(settings.stateFile)
    let name = Self.newID()
    let bridge = Bridge(settings, file: file, name: name, logger: logger, now: now)
    let server = try settings.listen.map { listen in
      try HTTPServer(host: listen.host, port: listen.port, routes: Web.routes(bridge))
    }
    if let server { logger.info("Page and metrics", ["address": "http://\(server.host):\(server.port)/"]) }
    defer { server?.stop() }
    let (states, changed) = AsyncStream<Agent.Status>.makeStream()
    await withTaskGroup(of: Void.self) { group in
      group.addTask { for await state in states { await bridge.connectionChanged(state) } }
      group.addTask { await tick(bridge, logger: logger) }
      group.addTask {
        await carry(bridge, renewals) { sink in
          Courier(
            name: sink, file: file, doorbell: await bridge.doorbell(sink), logger: logger, now: now,
            assignment: { await bridge.assignment(sink) }, report: { await bridge.report($0, of: sink) })
        }
      }
      let monitor = Monitor(
        of: exchanges, queue: queue, broker: broker, logger: logger, durable: durable, hasOwnExchange: durable,
        targets: settings.environments.isEmpty ? [] : [Pings.exchange])
      await monitor.run(
        until: stop, prefetch: Self.prefetch,
        status: { state in
          status(state)
          changed.yield(state)
        }, beside: { channel, queue in try await speak(bridge, name, channel, queue) },
        batches: { try await bridge.handle($0) })
      changed.finish()
      group.cancelAll()
    }
  }

  /// A courier for each sink that there is, and for each that a new configuration brings.
  private func carry(
    _ bridge: Bridge, _ renewals: AsyncStream<PingMonitor>, courier: @escaping @Sendable (String) async -> Courier
  ) async {
    await withTaskGroup(of: Void.self) { group in
      var known: Set<String> = []
      func employ(_ settings: BridgeSettings) {
        for sink in settings.sinks where known.insert(sink.name).inserted {
          group.addTask { await courier(sink.name).run() }
        }
      }
      employ(settings)
      for await monitor in renewals {
        guard let renewed = monitor.bridge else { continue }
        await bridge.reconfigure(settings.environments.isEmpty ? renewed.withoutPings : renewed)
        employ(renewed)
      }
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

  /// Says into the queue that it is there, hears who else is and, while it leads, asks the hosts.
  private func speak(_ bridge: Bridge, _ name: String, _ channel: any Baton.Channel, _ queue: String) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      if durable {
        group.addTask {
          while !Task.isCancelled {
            _ = try await channel.publish([try await bridge.beat.publishing(to: queue)])
            try await Task.sleep(for: Beat.interval)
          }
        }
        group.addTask { try await hear(bridge, name, channel, queue) }
      }
      group.addTask {
        while !settings.environments.isEmpty, !Task.isCancelled {
          // With a queue like the gem's there is no telling who leads.
          if await bridge.isLeading || !durable {
            try await ping(bridge, channel)
            try await Task.sleep(for: await bridge.asking.interval)
          } else {
            try await Task.sleep(for: .milliseconds(100))
          }
        }
      }
      for try await _ in group {}
    }
  }

  /// Hears the beats of all monitors on the queue, its own among them.
  private func hear(_ bridge: Bridge, _ name: String, _ channel: any Baton.Channel, _ queue: String) async throws {
    let own = try await channel.declare(Beat.topology(of: name, beside: queue))
    let subscription = try await channel.consume(own, prefetch: 100)
    for try await deliveries in subscription.deliveries {
      for delivery in deliveries {
        // What is no beat is nobody's business.
        if let beat = try? JSONText.decode(Beat.self, from: delivery.body) { await bridge.hear(beat) }
        subscription.settle(delivery, .acknowledge)
      }
    }
  }

  private func ping(_ bridge: Bridge, _ channel: any Baton.Channel) async throws {
    var publishings: [Publishing] = []
    let asking = await bridge.asking
    guard !asking.environments.isEmpty else { return }
    for environment in asking.environments {
      let id = Self.newID()
      await bridge.pinged(environment, id: id, at: .now)
      publishings.append(Pings.publishing(id, to: environment, user: user, timeToLive: asking.interval))
    }
    let confirms = try await channel.publish(publishings)
    let unrouted = confirms.count { if case .returned = $0 { true } else { false } }
    await bridge.pingedAll(unrouted: unrouted)
  }

  private static func newID() -> String { UUID().uuidString.lowercased() }
}
