import Testing

@testable import LoadLedger

/// A run with deploys in which all is well, into which each test plants what must not be.
struct DeploysTests {
  /// `one` works, `two` is killed and taken back, `rival` is refused meanwhile.
  private var driver = [
    #"{"event":"started","at":9,"host":"a"}"#,
    #"{"event":"up","at":9.5,"host":"a"}"#,
    #"{"event":"ordered","at":10,"host":"a","id":"one","version":"1"}"#,
    #"{"event":"result","at":11,"host":"a","id":"one","isSuccess":true,"body":"1 done"}"#,
    #"{"event":"result","at":11.1,"host":"a","id":"one","isSuccess":true,"body":"1 done"}"#,
    #"{"event":"settled","at":11.2,"host":"a","version":"1"}"#,
    #"{"event":"ordered","at":20,"host":"a","id":"two","version":"2"}"#,
    #"{"event":"ordered","at":20.1,"host":"a","id":"rival","version":"3"}"#,
    #"{"event":"result","at":20.2,"host":"a","id":"rival","isSuccess":false,"body":"busy"}"#,
    #"{"event":"killed","at":21,"name":"a","id":"two","point":"after.begun"}"#,
    #"{"event":"started","at":22,"host":"a"}"#,
    #"{"event":"up","at":22.5,"host":"a"}"#,
    #"{"event":"result","at":23,"host":"a","id":"two","isSuccess":false,"body":"1 is back"}"#,
    #"{"event":"settled","at":23.1,"host":"a","version":"1"}"#,
  ]
  private var steps = [
    #"{"event":"stepBegan","at":10.1,"host":"a","id":"one","name":"before"}"#,
    #"{"event":"stepEnded","at":10.2,"host":"a","id":"one","name":"before"}"#,
    #"{"event":"stepBegan","at":10.5,"host":"a","id":"one","name":"after"}"#,
    #"{"event":"stepEnded","at":10.6,"host":"a","id":"one","name":"after"}"#,
    #"{"event":"stepBegan","at":20.1,"host":"a","id":"two","name":"before"}"#,
    #"{"event":"stepEnded","at":20.2,"host":"a","id":"two","name":"before"}"#,
    #"{"event":"stepBegan","at":20.9,"host":"a","id":"two","name":"after"}"#,
  ]
  private var watcher = [
    #"{"event":"seen","at":10.3,"host":"a","version":"1"}"#,
    #"{"event":"seen","at":20.5,"host":"a","version":"2"}"#,
    #"{"event":"seen","at":22.7,"host":"a","version":"1"}"#,
    #"{"event":"looked","at":30,"host":"a","looks":20000,"gap":0.004}"#,
  ]

  private var deploys: Deploys {
    var history = History()
    // In whatever order ledgers are found.
    for (name, lines) in [("watcher", watcher), ("driver", driver), ("steps", steps)] {
      history.addLedger(lines.joined(separator: "\n"), name: name)
    }
    #expect(history.wholeness().violations == [])
    return history.deploys
  }

  @Test("A run in which all is well has no violations, and its measures")
  func well() {
    let findings = [deploys.lastWords(), deploys.currents(), deploys.overlaps(), deploys.comebacks()]
    #expect(findings.flatMap(\.violations) == [])
    #expect(
      findings.flatMap(\.measures) == [
        "3 acts ordered: 1 done, 2 not; 1 last words heard again",
        "20000 looks at 1 hosts, one each 985 µs, at most 0.00 s between two; 3 changes seen",
        "2 acts at work; 1 were ordered while another was", "1 × killed at after.begun",
        "1 kills, 1 before the last word; listening again: p50 0.50 s, p99 0.50 s, longest 0.50 s of 2",
      ])
  }

  @Test("A run in which nothing happened proves nothing")
  func nothing() {
    let deploys = Deploys()
    #expect(deploys.lastWords().violations == ["nothing was ordered"])
    #expect(deploys.currents().violations == ["nobody saw anything"])
    #expect(
      deploys.overlaps().violations == [
        "nothing was done on any host", "no two acts were ever ordered at the same time",
      ])
    #expect(deploys.comebacks().violations == ["nobody was killed"])
  }

  // MARK: - 2: one last word, done once

  @Test("An act without a last word is found")
  mutating func untold() {
    driver.remove(at: 12)
    #expect(deploys.lastWords().violations == ["1 × without a last word: two on a"])
  }

  @Test("A second, other last word is found")
  mutating func contradicting() {
    driver.append(#"{"event":"result","at":24,"host":"a","id":"two","isSuccess":true,"body":"2 done"}"#)
    #expect(deploys.lastWords().violations == ["1 × more than one last word: two on a"])
  }

  @Test("A last word about what nobody ordered is found")
  mutating func foreign() {
    driver.append(#"{"event":"result","at":24,"host":"a","id":"three","isSuccess":false,"body":"no"}"#)
    #expect(deploys.lastWords().violations == ["1 × a last word about what nobody ordered: three on a"])
  }

  @Test("What is done twice on a host is found, and what is said to be done and is not")
  mutating func repeated() {
    steps.append(#"{"event":"stepBegan","at":22.6,"host":"a","id":"two","name":"after"}"#)
    #expect(deploys.lastWords().violations == ["1 × done twice: two on a"])
    steps.removeLast()
    steps.removeSubrange(2...3)
    #expect(deploys.lastWords().violations == ["1 × done in words only: one on a"])
  }

  @Test("Another version than the last word says is found")
  mutating func unsettled() {
    driver[13] = #"{"event":"settled","at":23.1,"host":"a","version":"2"}"#
    #expect(
      deploys.lastWords().violations == ["1 × runs another version than the last word says: a runs 2 instead of 1"])
  }

  // MARK: - 3: `current`

  @Test("A moment without 'current' is found")
  mutating func missing() {
    watcher.append(#"{"event":"seen","at":22.65,"host":"a","name":"No such file or directory"}"#)
    #expect(
      deploys.currents().violations == ["1 × 'current' was missing: a at 22.65: nothing, No such file or directory"])
  }

  @Test("A release that is not whole, and one that nobody ordered, are found")
  mutating func torn() {
    watcher[1] = #"{"event":"seen","at":20.5,"host":"a","version":"2","name":"without last"}"#
    #expect(deploys.currents().violations == ["1 × a release that is not whole: a at 20.50: 2, without last"])
    watcher[1] = #"{"event":"seen","at":20.5,"host":"a","version":".incoming-two"}"#
    #expect(deploys.currents().violations == ["1 × a release that nobody ordered: a at 20.50: .incoming-two"])
  }

  @Test("A release that did not work and comes again is found")
  mutating func switchedTwice() {
    watcher.append(#"{"event":"seen","at":22.8,"host":"a","version":"2"}"#)
    #expect(deploys.currents().violations == ["1 × switched to twice: 2 on a"])
  }

  @Test("A host that nobody looked at is found")
  mutating func unwatched() {
    watcher.removeLast()
    #expect(deploys.currents().violations == ["1 × host that nobody looked at: a"])
  }

  // MARK: - 4: one at a time

  @Test("Two acts that meet on a host are found; on two hosts they are none")
  mutating func overlapping() {
    steps.append(#"{"event":"stepBegan","at":20.15,"host":"a","id":"rival","name":"before"}"#)
    #expect(deploys.overlaps().violations == ["1 × two acts at once: two and rival on a"])
    steps[7] = #"{"event":"stepBegan","at":20.15,"host":"b","id":"rival","name":"before"}"#
    #expect(deploys.overlaps().violations == [])
  }

  @Test("An act that is at work after its last word is found")
  mutating func late() {
    steps.append(#"{"event":"stepEnded","at":23.5,"host":"a","id":"two","name":"after"}"#)
    #expect(deploys.overlaps().violations == ["1 × still at work after its last word: two on a"])
  }

  // MARK: - 5: back again

  @Test("An agent that does not come back, or too late, is found")
  mutating func deaf() {
    driver[11] = #"{"event":"up","at":52.5,"host":"a"}"#
    #expect(deploys.comebacks().violations == ["1 × not listening within 30 s: 30.50 s"])
    driver.remove(at: 11)
    #expect(deploys.comebacks().violations == ["1 × started and never heard of: a"])
  }

  @Test("A kill after which nothing is said of the act is found")
  mutating func unresolved() {
    driver.remove(at: 12)
    #expect(deploys.comebacks().violations == ["1 × killed, and no last word after it: two at after.begun"])
  }
}
