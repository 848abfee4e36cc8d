import Baton
import Testing

@testable import BatonCLI

struct SummaryTests {
  /// What some answers come to.
  private func summary(
    _ answers: [Answer<Pong>], of environments: [String] = ["production"], hosts: [String] = [], expected: Int? = nil
  ) -> Summary {
    var summary = Summary(environments: environments, hosts: hosts, expected: expected)
    for entry in answers.compactMap({ Entry($0) }) { summary.add(entry) }
    return summary
  }

  private let pong = Answer<Pong>.Outcome.reply(Pong())
  private let failed = Answer<Pong>.Outcome.failed(Failure("IOError", "no"))

  // MARK: - Exit codes

  @Test("0: all who were asked answered")
  func success() {
    #expect(summary([Answer("a", pong)]).exitCode == .success)
    #expect(summary([Answer("a", pong), Answer("b", pong)], hosts: ["a", "b"], expected: 2).exitCode == .success)
    #expect(
      summary([Answer("a", pong), Answer("b", pong, in: "staging")], of: ["production", "staging"]).exitCode == .success
    )
    #expect(summary([Answer("ruby", pong, in: "Production")]).exitCode == .success)
  }

  @Test("1: some host answered with a failure, and none is missing")
  func failure() {
    #expect(summary([Answer("a", pong), Answer("b", failed)]).exitCode == .failure)
    #expect(summary([Answer("a", failed)], expected: 1).exitCode == .failure)
  }

  @Test("2: nothing that was asked was routed, and no host was named")
  func nobody() {
    #expect(summary([Answer("", .notConnected)]).exitCode == .nobody)
    #expect(
      summary(
        [Answer("", .notConnected), Answer("", .notConnected, in: "staging")], of: ["production", "staging"],
        expected: 5
      ).exitCode == .nobody)
  }

  @Test("4: a named host, the expected count or an environment is short, whatever failed beside it")
  func missing() {
    let environments = ["production", "staging"]
    #expect(summary([Answer("a", .notConnected)], hosts: ["a"]).exitCode == .missing)
    #expect(summary([Answer("a", failed), Answer("b", .silent)], hosts: ["a", "b"]).exitCode == .missing)
    #expect(summary([Answer("a", pong)], expected: 2).exitCode == .missing)
    #expect(summary([Answer("a", failed)], expected: 2).exitCode == .missing)
    #expect(
      summary([Answer("a", pong), Answer("", .notConnected, in: "staging")], of: environments).exitCode == .missing)
  }

  @Test("4: routed, and nobody answered there")
  func silentEnvironment() {
    #expect(summary([]).exitCode == .missing)
    #expect(summary([Answer("a", pong)], of: ["production", "staging"]).exitCode == .missing)
  }

  @Test("With an expected count that is reached, an environment that nobody has answered in yet is none the shorter")
  func expectedReached() {
    #expect(summary([Answer("a", pong)], of: ["production", "staging"], expected: 1).exitCode == .success)
  }

  // MARK: - Words

  @Test("The counts, and what was expected only if it is short")
  func counts() {
    let answers = [
      Answer("a", pong), Answer("b", failed), Answer("c", .silent), Answer("d", .notConnected), Answer("e", pong),
    ]
    #expect(
      summary(answers, hosts: ["a"], expected: 4).text.hasPrefix(
        "\n2 answered, 1 failed, 1 silent, 1 not connected, 4 expected\nmin "))
    #expect(summary(answers, expected: 3).text.hasPrefix("\n2 answered, 1 failed, 1 silent, 1 not connected\nmin "))
    #expect(summary([]).text == "\n0 answered, 0 failed, 0 silent, 0 not connected\n")
  }

  @Test("Percentiles are times that were measured, of the hosts that answered")
  func percentiles() {
    func line(_ times: [Int]) -> String {
      let answers = times.map { Answer("a\($0)", pong, $0) } + [Answer("x", .silent, 9999)]
      return String(summary(answers).text.split(separator: "\n")[1])
    }
    #expect(line([7]) == "min 7.0 ms, median 7.0 ms, p95 7.0 ms, p99 7.0 ms")
    #expect(line([30, 10, 20]) == "min 10.0 ms, median 20.0 ms, p95 30.0 ms, p99 30.0 ms")
    #expect(line(Array(1...100).shuffled()) == "min 1.0 ms, median 50.0 ms, p95 95.0 ms, p99 99.0 ms")
    #expect(line(Array(1...1000)) == "min 1.0 ms, median 500.0 ms, p95 950.0 ms, p99 990.0 ms")
    #expect(line(Array(1...20)) == "min 1.0 ms, median 10.0 ms, p95 19.0 ms, p99 20.0 ms")
  }

  @Test("Failures of the same words are one line, the most frequent first, and none can forge a line")
  func folding() {
    let answers = ["b", "a", "c", "c", "a\n\u{1B}[2J"].enumerated().map { index, words in
      Answer("web\(index)", .failed(Failure("E", words)))
    }
    let lines = summary(answers).text.split(separator: "\n").dropFirst(2)
    #expect(lines == ["2 × E: c", "1 × E: a", #"1 × E: a\n\u{1b}[2J"#, "1 × E: b"])
  }

  @Test("As JSON it is the counts and, where somebody answered, the times")
  func json() throws {
    func json(_ summary: Summary) throws -> String { String(decoding: try JSONText.encode(summary), as: UTF8.self) }
    #expect(try json(summary([])) == #"{"answered":0,"failed":0,"not_connected":0,"silent":0}"#)
    #expect(
      try json(summary([Answer("a", pong, 5), Answer("b", failed, 7)], expected: 3))
        == #"{"answered":1,"expected":3,"failed":1,"median_ms":5,"min_ms":5,"not_connected":0,"p95_ms":7,"p99_ms":7,"silent":0}"#
    )
  }

  @Test("The two formats for programs exclude each other")
  func format() throws {
    #expect(try ReportFormat(json: false, jsonLines: false) == .table)
    #expect(try ReportFormat(json: true, jsonLines: false) == .json)
    #expect(try ReportFormat(json: false, jsonLines: true) == .jsonLines)
    #expect(throws: UsageError.self) { try ReportFormat(json: true, jsonLines: true) }
  }
}
