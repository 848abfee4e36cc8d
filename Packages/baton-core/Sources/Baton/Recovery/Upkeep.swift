import AMQP

/// Looks now and then whether what a consumer stands on is still there.
///
/// A deleted exchange takes its bindings with it, and no broker tells those who were bound: without this they would be deaf, and not
/// know it. It needs no right that binding did not need.
struct Upkeep: Sendable {
  /// The mean time between two looks; the real one is up to half as long or half again, so that a fleet does not look in step.
  static let interval: Duration = .seconds(10)

  private let channel: any Channel
  /// What was declared, to be looked for and not made, with the queue's name as the broker gave it.
  private let topologies: [Topology]
  private let clock: any Clock<Duration>

  init(of topologies: [(Topology, queue: String)], on channel: any Channel, clock: any Clock<Duration>) {
    self.channel = channel
    self.topologies = topologies.map { topology, queue in
      var topology = topology
      for index in topology.exchanges.indices { topology.exchanges[index].passive = true }
      topology.queue?.name = queue
      topology.queue?.passive = true
      return topology
    }
    self.clock = clock
  }

  /// Makes missing bindings again; throws when an exchange or a queue is gone, so that everything begins anew. Ends by cancellation.
  func run() async throws {
    while true {
      try await clock.sleep(for: Self.interval * Double.random(in: 0.5...1.5))
      for topology in topologies { _ = try await channel.declare(topology) }
    }
  }
}
