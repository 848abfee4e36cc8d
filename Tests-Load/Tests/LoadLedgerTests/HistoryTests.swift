import Testing

@testable import LoadLedger

/// A run in which all is well, into which each test plants what must not be.
struct HistoryTests {
  private var driver = [
    #"{"event":"asked","at":10,"request":1,"hosts":["a","b"]}"#,
    #"{"event":"fate","at":10.1,"request":1,"host":"a","fate":"answered"}"#,
    #"{"event":"fate","at":10.2,"request":1,"host":"b","fate":"answered"}"#,
    #"{"event":"ended","at":10.2,"request":1}"#,
    #"{"event":"asked","at":31,"request":2,"hosts":["a","b"]}"#,
    #"{"event":"fate","at":31.5,"request":2,"host":"a","fate":"answered"}"#,
    #"{"event":"fate","at":33,"request":2,"host":"b","fate":"silent"}"#,
    #"{"event":"ended","at":33,"request":2}"#,
    #"{"event":"asked","at":34,"request":3,"hosts":["b"]}"#,
    #"{"event":"fate","at":35,"request":3,"host":"b","fate":"answered"}"#,
    #"{"event":"ended","at":35,"request":3}"#,
  ]
  private var script = [
    #"{"event":"process","at":5,"name":"a","pid":7,"descriptors":10,"threads":3,"memory":9000}"#,
    #"{"event":"fault","at":20,"wall":1000,"name":"kill"}"#,
    #"{"event":"healed","at":30,"wall":1010,"name":"kill"}"#,
    #"{"event":"process","at":50,"name":"a","pid":7,"descriptors":12,"threads":3,"memory":9900}"#,
    #"{"event":"queue","at":51,"name":"q","messages":0}"#,
  ]
  private var agent = [
    #"{"level":"info","message":"Said","message_id":"m1","body":{"type":"pong"},"time":"1970-01-01T00:16:45.000Z"}"#,
    #"{"level":"info","message":"Said","message_id":"m2","body":{"type":"pong"},"time":"1970-01-01T00:16:45.000Z"}"#,
    #"{"level":"info","message":"Said","message_id":"m3","body":{"type":"pong"},"time":"1970-01-01T00:16:45.000Z"}"#,
    #"{"level":"info","message":"Said","message_id":"m4","body":{"type":"pong"},"time":"1970-01-01T00:16:45.000Z"}"#,
    #"{"level":"debug","message":"Confirmed","message_ids":"m1 m2 m3 m4","time":"1970-01-01T00:16:46.000Z"}"#,
  ]
  private var monitor = [
    #"{"message":"Message read","message_id":"m1"}"#, #"{"message":"Message read","message_id":"m2"}"#,
    #"{"message":"Message read","message_id":"m3"}"#, #"{"message":"Message read","message_id":"m4"}"#,
  ]

  private var history: History {
    var history = History()
    history.addLedger(driver.joined(separator: "\n"), name: "driver")
    history.addLedger(script.joined(separator: "\n"), name: "script")
    history.addAgent(agent.joined(separator: "\n"), name: "a")
    history.addMonitor(monitor.joined(separator: "\n"), name: "monitor")
    return history
  }

  @Test("A run in which all is well has no violations, and its measures")
  func well() {
    let findings = [
      history.fates(), history.losses(), history.recoveries(), history.resources(), history.wholeness(),
    ]
    #expect(findings.flatMap(\.violations) == [])
    #expect(
      findings.flatMap(\.measures) == [
        "3 requests: 4 answered, 1 silent", "4 messages said, 4 confirmed, 4 written down, 0 of them again",
        "all back after any fault: p50 5.00 s, p99 5.00 s, longest 5.00 s of 1",
        "all back after kill: p50 5.00 s, p99 5.00 s, longest 5.00 s of 1",
        "1 processes before and after: at most 2 descriptors, 0 threads, 900 KiB more",
      ])
  }

  // MARK: - Fates

  @Test("A host whose fate is never told is found")
  mutating func untold() {
    driver.remove(at: 2)
    #expect(history.fates().violations == ["1 × fate never told: b in request 1"])
  }

  @Test("A fate that is told twice is found")
  mutating func toldTwice() {
    driver.append(driver[1])
    #expect(history.fates().violations == ["1 × fate told twice: a in request 1"])
  }

  @Test("An answer of a host that was not asked is found")
  mutating func foreign() {
    driver.append(#"{"event":"fate","at":35,"request":3,"host":"c","fate":"answered"}"#)
    #expect(history.fates().violations == ["1 × fate of a host that was not asked: c in request 3"])
  }

  @Test("A request without an end, and one that lasts too long, are found")
  mutating func endless() {
    driver[3] = #"{"event":"ended","at":26,"request":1}"#
    driver.removeLast()
    #expect(history.fates().violations == ["1 × without an end: request 3", "1 × longer than 15.0 s: request 1"])
  }

  @Test("A run that asked nothing proves nothing")
  func nothing() {
    #expect(History().fates().violations == ["the driver asked nothing"])
    #expect(History().losses().violations == ["the agents said nothing"])
    #expect(History().resources().violations.count == 2)
  }

  // MARK: - Losses

  @Test("What was confirmed and is not written down is lost")
  mutating func lost() {
    monitor.remove(at: 1)
    #expect(history.losses().violations == ["1 × confirmed and lost: m2 of a"])
  }

  @Test("It is excused only if its exchange or host was deleted about then")
  mutating func thrownAway() {
    monitor.remove(at: 1)
    script[1] = #"{"event":"fault","at":20,"wall":1000,"name":"output exchange deleted"}"#
    #expect(history.losses().violations == [])
    #expect(history.losses().measures.last == "1 thrown away with the exchange or host that was deleted")
    script[2] = #"{"event":"healed","at":30,"wall":1001,"name":"output exchange deleted"}"#
    agent[4] = #"{"message":"Confirmed","message_ids":"m1 m2 m3 m4","time":"1970-01-01T00:17:12.000Z"}"#
    #expect(history.losses().violations == ["1 × confirmed and lost: m2 of a"])
  }

  @Test("What was written down twice is counted, and no violation")
  mutating func doubled() {
    monitor.append(monitor[0])
    #expect(history.losses() == Finding(measures: ["4 messages said, 4 confirmed, 4 written down, 1 of them again"]))
  }

  @Test("What was never confirmed is found, unless its agent was killed")
  mutating func unconfirmed() {
    agent[4] = #"{"message":"Confirmed","message_ids":"m1 m3 m4"}"#
    #expect(history.losses().violations == ["1 × said and never confirmed: m2 of a"])
    script.append(#"{"event":"killed","at":40,"name":"a"}"#)
    #expect(history.losses().violations == [])
  }

  @Test("What nobody said is found")
  mutating func forged() {
    monitor.append(#"{"message":"Message read","message_id":"m9"}"#)
    #expect(history.losses().violations == ["1 × written down and said by nobody: m9"])
  }

  @Test("More answers than were said are found")
  mutating func invented() {
    agent = [agent[0], #"{"message":"Confirmed","message_ids":"m1"}"#]
    monitor = [monitor[0]]
    #expect(history.losses().violations == ["4 answers were told, and only 1 messages were said"])
  }

  // MARK: - Recovery

  @Test("A host that is back too late, or never, is found")
  mutating func late() {
    driver[9] = #"{"event":"fate","at":60.5,"request":3,"host":"b","fate":"answered"}"#
    #expect(history.recoveries().violations == ["1 × not back within 30 s: b after fault 1, kill"])
    driver.remove(at: 9)
    #expect(history.recoveries().violations == ["1 × not back within 30 s: b after fault 1, kill"])
  }

  @Test("An answer to what was asked before the fault was over is none")
  mutating func askedBefore() {
    driver[8] = #"{"event":"asked","at":29,"request":3,"hosts":["b"]}"#
    #expect(history.recoveries().violations == ["1 × not back within 30 s: b after fault 1, kill"])
  }

  @Test("A fault that never ended is found")
  mutating func unhealed() {
    script.remove(at: 2)
    #expect(history.recoveries().violations == ["1 × fault without an end: kill"])
  }

  // MARK: - Resources

  @Test("A queue that is not empty is found")
  mutating func queue() {
    script[4] = #"{"event":"queue","at":51,"name":"q","messages":2}"#
    #expect(history.resources().violations == ["1 × queue not empty: q holds 2"])
  }

  @Test("Descriptors, threads and memory that gather are found")
  mutating func gathering() {
    script[3] = #"{"event":"process","at":50,"name":"a","pid":7,"descriptors":13,"threads":6,"memory":99000}"#
    #expect(
      history.resources().violations == [
        "a (pid 7) had 10 descriptors and has 13", "a (pid 7) had 3 threads and has 6",
        "a (pid 7) grew by 90000 KiB, to 99000",
      ])
  }

  @Test("A line that cannot be read is found, but for the last one of an agent that was killed")
  mutating func torn() {
    agent.append(#"{"level":"in"#)
    #expect(history.wholeness().violations.count == 1)
    script.append(#"{"event":"killed","at":40,"name":"a"}"#)
    #expect(history.wholeness().violations == [])
    agent.append(agent[0])
    #expect(history.wholeness().violations.count == 1)
  }
}
