import AMQP
import Baton
import BatonCLI
import Foundation
import LoadLedger

/// All hosts of a run, and what they go through, side by side.
struct Run: Sendable {
  /// For ledgers and logs.
  let folder: String
  /// For the folders of hosts.
  let home: String
  let artifact: String
  let executables: Victim.Executables
  let hosts: [String]
  let trials: [Trial]
  let seed: Int
  let configuration: Configuration

  /// Says whether all came to their end.
  func run() async throws -> Bool {
    guard let ledger = Ledger("\(folder)/driver.ledger") else {
      throw UsageError("Cannot write into the folder \(folder).")
    }
    let homes = try hosts.map { host in
      try Home(
        host, in: home, artifact: artifact, broker: brokerLines,
        log: "\(folder)/\(host).log", ledger: "\(folder)/\(host).ledger")
    }
    let broker = RabbitMQ(hosts: configuration.connections(name: "load-deploys"), logger: .discarding)
    let channel = try await broker.channel()
    let conversation = try await API("baton_deploy", broker: broker).converse(on: channel, hearsAll: true)
    let ear = Ear(conversation, ledger: ledger, hosts: hosts)
    let victims = homes.enumerated().map { index, home in
      Victim(home, ear: ear, executables: executables, seed: seed &+ index)
    }
    let isOver = StopSignal()
    async let hearing: Void = ear.hear()
    let begun = await each(of: victims) { try await $0.begin() }
    // From now on there is a release on each host, and always one.
    let (watching, watched) = AsyncStream.makeStream(of: Void.self)
    Thread.detachNewThread {
      var watcher = Watcher(homes, ledger: ledger)
      watcher.run(until: isOver)
      watched.finish()
    }
    let queue = Queue(trials)
    let endured = await each(of: begun) { victim in
      while let trial = await queue.next() { try await victim.undergo(trial) }
    }
    let calmed = await each(of: endured) { try await $0.calm() }
    isOver.request()
    for await _ in watching {}
    await channel.close()
    await hearing
    return calmed.count == hosts.count
  }

  /// For the configuration of each agent: where the broker is.
  private var brokerLines: String {
    configuration.hosts.first.map { "RABBIT_HOST: \($0.host)\nRABBIT_PORT: \($0.port)" } ?? ""
  }

  /// Does something on all hosts at once; gives those that it went well with.
  private func each(
    of victims: [Victim], _ body: @escaping @Sendable (Victim) async throws -> Void
  ) async -> [Victim] {
    await withTaskGroup(of: Victim?.self) { group in
      for victim in victims {
        group.addTask {
          do {
            try await body(victim)
            return victim
          } catch {
            Output.error.writeLine("\(victim.home.host): \(error)")
            await victim.end()
            return nil
          }
        }
      }
      return await group.reduce(into: []) { if let victim = $1 { $0.append(victim) } }
    }
  }
}

/// What is still to be gone through: whoever is free takes the next.
private actor Queue {
  private var trials: ArraySlice<Trial>

  init(_ trials: [Trial]) { self.trials = trials[...] }

  func next() -> Trial? { trials.popFirst() }
}
