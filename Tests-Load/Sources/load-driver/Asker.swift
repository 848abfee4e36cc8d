import Baton
import BatonPing
import LoadLedger

/// Asks its hosts, one request after the other and without waiting for the last, and writes down what it is told.
struct Asker: Sendable {
  let api: PingAPI
  let environment: String
  let hosts: [String]
  let ledger: Ledger

  /// The rate is that of asking, whatever becomes of the answers: a broker that stands still is asked no less.
  func run(every interval: Duration, until stop: StopSignal) async {
    let start = ContinuousClock.now
    await withDiscardingTaskGroup { group in
      var number = 0
      while !stop.isRequested {
        number += 1
        group.addTask { [number] in await ask(number) }
        try? await Task.sleep(until: start + interval * number)
      }
    }
  }

  private func ask(_ number: Int) async {
    ledger.write(.asked) {
      $0.request = number
      $0.hosts = hosts
    }
    var untold = Set(hosts)
    do {
      for try await answer in api.ping([environment], hosts: hosts) {
        guard let fate = Entry.Fate(answer.outcome) else { continue }
        untold.remove(answer.sender.fqdn)
        tell(fate, answer.sender.fqdn, number)
      }
    } catch {
      // One error is the fate of all that nothing was heard of.
      for host in untold { tell(.refused, host, number, because: "\(error)") }
    }
    ledger.write(.ended) { $0.request = number }
  }

  private func tell(_ fate: Entry.Fate, _ host: String, _ number: Int, because reason: String? = nil) {
    ledger.write(.fate) {
      $0.request = number
      $0.host = host
      $0.fate = fate
      $0.name = reason
    }
  }
}

extension Entry.Fate {
  /// Nil for progress, which is none.
  fileprivate init?<Reply>(_ outcome: Answer<Reply>.Outcome) {
    switch outcome {
    case .reply, .succeeded: self = .answered
    case .failed: self = .failed
    case .notConnected: self = .notConnected
    case .silent: self = .silent
    case .progress: return nil
    }
  }
}
