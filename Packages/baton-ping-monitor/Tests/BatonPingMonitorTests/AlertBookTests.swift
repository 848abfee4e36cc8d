import Testing

@testable import BatonPingMonitor

struct AlertBookTests {
  private let subject = Alert.Subject(name: "HostError", environment: "production", host: "web1.example")

  private func finding(
    severity: Severity = .warning, count: Int = 1, lasts: Duration? = nil, damping: Damping = Damping()
  ) -> Finding {
    Finding(
      subject: subject, severity: severity, summary: "it is wrong",
      threshold: Threshold(count: count, window: .seconds(60)), lasts: lasts, damping: damping)
  }

  @Test("What is found again and again is one alert, counted")
  func oneAlert() {
    var book = AlertBook()
    for second in 0..<5 { book.raise(finding(), at: .at(Double(second))) }
    #expect(book.alerts.count == 1)
    #expect(book[subject.key]?.count == 5)
    #expect(book[subject.key]?.startedAt == .at(0))
    #expect(book[subject.key]?.updatedAt == .at(4))
  }

  @Test("It is over when it is well again, and begins anew when it comes again")
  func resolves() {
    var book = AlertBook()
    book.raise(finding(severity: .critical), at: .at(0))
    book.clear(subject.key, at: .at(5))
    #expect(book[subject.key]?.state == .resolved)
    #expect(book[subject.key]?.resolvedAt == .at(5))
    book.raise(finding(), at: .at(60))
    #expect(book[subject.key]?.state == .firing)
    #expect(book[subject.key]?.startedAt == .at(60))
    #expect(book[subject.key]?.count == 1)
    #expect(book[subject.key]?.resolvedAt == nil)
  }

  @Test("Clearing what was not wrong does nothing")
  func clearsNothing() {
    var book = AlertBook()
    book.clear(subject.key, at: .at(0))
    #expect(book.alerts.isEmpty)
  }

  @Test("It is told only when it has happened often enough within the time")
  func threshold() {
    var book = AlertBook()
    book.raise(finding(count: 3), at: .at(0))
    book.raise(finding(count: 3), at: .at(30))
    #expect(book[subject.key]?.state == .pending)
    // The first is more than a minute ago by now.
    book.raise(finding(count: 3), at: .at(61))
    #expect(book[subject.key]?.state == .pending)
    book.raise(finding(count: 3), at: .at(62))
    #expect(book[subject.key]?.state == .firing)
    #expect(book[subject.key]?.startedAt == .at(30))
  }

  @Test("What was not often enough is forgotten")
  func forgetsPending() {
    var book = AlertBook()
    book.raise(finding(count: 2), at: .at(0))
    book.pass(at: .at(59))
    #expect(book.alerts.count == 1)
    book.pass(at: .at(60))
    #expect(book.alerts.isEmpty)
    #expect(book.takeChanged().forgotten == [subject.key])
  }

  @Test("What nobody takes back ends by itself, as long after the last time")
  func lasts() {
    var book = AlertBook()
    book.raise(finding(lasts: .seconds(900)), at: .at(0))
    book.raise(finding(lasts: .seconds(900)), at: .at(100))
    book.pass(at: .at(999))
    #expect(book[subject.key]?.state == .firing)
    book.pass(at: .at(1000))
    #expect(book[subject.key]?.state == .resolved)
  }

  @Test("What comes and goes is one long alert until it has been calm")
  func flapping() {
    let damping = Damping(changes: 4, window: .seconds(600), calm: .seconds(300))
    var book = AlertBook()
    book.raise(finding(damping: damping), at: .at(0))
    book.clear(subject.key, at: .at(10))
    #expect(book[subject.key]?.state == .resolved)
    book.raise(finding(damping: damping), at: .at(20))
    book.clear(subject.key, at: .at(30))
    #expect(book[subject.key]?.state == .firing)
    #expect(book[subject.key]?.isFlapping == true)
    book.raise(finding(damping: damping), at: .at(40))
    book.clear(subject.key, at: .at(50))
    book.pass(at: .at(349))
    #expect(book[subject.key]?.state == .firing)
    book.pass(at: .at(350))
    #expect(book[subject.key]?.state == .resolved)
    #expect(book[subject.key]?.isFlapping == false)
  }

  @Test("Slow changes are no flapping")
  func slowChanges() {
    let damping = Damping(changes: 4, window: .seconds(600), calm: .seconds(300))
    var book = AlertBook()
    for round in 0..<10 {
      book.raise(finding(damping: damping), at: .at(Double(round) * 800))
      book.clear(subject.key, at: .at(Double(round) * 800 + 400))
      #expect(book[subject.key]?.state == .resolved)
    }
  }

  @Test("A resolved alert is remembered for a day")
  func remembers() {
    var book = AlertBook()
    book.raise(finding(), at: .at(0))
    book.clear(subject.key, at: .at(1))
    book.pass(at: .at(24 * 3600))
    #expect(book.alerts.count == 1)
    book.pass(at: .at(24 * 3600 + 1))
    #expect(book.alerts.isEmpty)
  }

  @Test("Different troubles have different keys, whatever their names")
  func keys() {
    let left = Alert.Subject(name: "a/b", environment: "c")
    let right = Alert.Subject(name: "a", environment: "b/c")
    #expect(left.key != right.key)
    #expect(Alert.Subject(name: "a%2Fb").key != Alert.Subject(name: "a/b").key)
  }
}
