import AMQP

/// Looks now and then whether a consumer's queue is still bound.
///
/// A deleted exchange takes its bindings with it, and no broker tells those who were bound: without this they would be deaf, and not
/// know it. It needs no right that binding did not need.
///
/// Binding again is the look, and all of it: whether the exchange is there tells nothing, since whoever finds it missing first makes it
/// anew, for himself. Of a queue that is gone the broker tells its consumer; of a missing exchange that is only published to, the next
/// message.
struct Upkeep: Sendable {
  /// The mean time between two looks; the real one is up to a third less or more, so that a fleet does not look in step.
  ///
  /// With the longest first wait before a new connection (``Backoff``) a service hears again within 5 s. A look costs one broker 0.12 ms
  /// of a core for each key: 0.8 cores for 10,000 hosts with two keys each.
  static let interval: Duration = .seconds(3)
  /// The mean while the broker is slow to answer; a cluster is when it has much to do, since each of its nodes agrees to a binding.
  static let longestInterval: Duration = .seconds(10)
  /// How much longer the time between two looks is, at least, than the quicker of the last two: one that was slow is a hiccup.
  private static let share = 20

  private let channel: any Channel
  /// What is bound, with the queue's name as the broker gave it.
  private let bound: [Topology]
  private let clock: any Clock<Duration>

  init(of topologies: [(Topology, queue: String)], on channel: any Channel, clock: any Clock<Duration>) {
    self.channel = channel
    bound = topologies.map { topology, queue in
      var found = topology.queue
      found?.name = queue
      found?.passive = true
      return Topology(queue: found, bindings: topology.bindings)
    }
    self.clock = clock
  }

  /// Makes missing bindings again; throws when an exchange or a queue is gone, so that everything begins anew. Ends by cancellation.
  func run() async throws {
    var pause = Self.interval
    var before = Duration.zero
    while true {
      // In whole milliseconds: what divides a duration by a fraction is half a megabyte more of code in an idle agent.
      let mean = pause.wholeMilliseconds
      try await clock.sleep(for: .milliseconds(Int64.random(in: mean * 2 / 3...mean * 4 / 3)))
      let time = try await clock.measure {
        for topology in bound { _ = try await channel.declare(topology) }
      }
      pause = min(max(Self.interval, min(time, before) * Self.share), Self.longestInterval)
      before = time
    }
  }
}
