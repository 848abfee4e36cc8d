import Baton
import Testing

@testable import BatonCLI

struct RequestOptionsTests {
  private struct Deploy: Request, Equatable {
    static let type = "deploy"
    typealias Reply = Success

    enum Mode: String, Codable, CaseIterable {
      case fast, slow
    }

    struct Window: Codable, Equatable {
      var start: Int
      var note: String?
    }

    var release: String
    var mode: Mode?
    var dryRun: Bool
    var hosts: [String]
    var ratio: Double?
    var window: Window?
    var labels: [String: Int]?
    var wait: Int?

    enum CodingKeys: String, CodingKey {
      case release, mode, hosts, ratio, window, labels, wait
      case dryRun = "dry_run"
    }
  }

  /// What a command line makes of the options of a deploy.
  private func request(_ words: String...) throws -> Deploy {
    let options = RequestOptions(try Shape(of: Deploy.self), besides: AskOptions.specs)
    let command = Command("deploy", abstract: "", options: options.specs + AskOptions.specs) { _ in .success }
    guard case .run(_, _, let arguments) = try CommandParser.parse(words, as: command) else {
      throw UsageError("not run")
    }
    return try options.request(Deploy.self, arguments)
  }

  @Test("Each member is an option of its kind")
  func all() throws {
    let deploy = try request(
      "--release", "1.0", "--mode", "slow", "--dry-run", "--hosts", "a", "--hosts", "b", "--ratio", "0.5",
      "--window.start", "-3", "--labels", #"{"x":1}"#, "--request-wait", "9", "--wait", "5s")
    let expected = Deploy(
      release: "1.0", mode: .slow, dryRun: true, hosts: ["a", "b"], ratio: 0.5, window: .init(start: -3),
      labels: ["x": 1], wait: 9)
    #expect(deploy == expected)
  }

  @Test("What may be left out is left out; a flag is false and a list empty")
  func least() throws {
    #expect(try request("--release", "1.0") == Deploy(release: "1.0", dryRun: false, hosts: []))
  }

  @Test(
    "What is missing or wrong is named as the option that it is",
    arguments: [
      ([], "Missing option '--release': it wants a string."),
      (["--release", "1", "--mode", "x"], "The value 'x' of '--mode' is not usable: it wants one of 'fast', 'slow'."),
      (["--release", "1", "--ratio", "x"], "The value 'x' of '--ratio' is not usable: it wants a number."),
      (["--release", "1", "--window.note", "x"], "Missing option '--window.start': it wants a whole number."),
      (["--release", "1", "--labels", "{"], "The value '{' of '--labels' is not usable: it wants an object."),
      (["--release", "1", "--labels", "[]"], "This is no 'deploy': the member 'labels' is not an object."),
    ])
  func wrong(words: [String], message: String) throws {
    let options = RequestOptions(try Shape(of: Deploy.self), besides: AskOptions.specs)
    let command = Command("deploy", abstract: "", options: options.specs) { _ in .success }
    guard case .run(_, _, let arguments) = try CommandParser.parse(words, as: command) else {
      throw UsageError("not run")
    }
    #expect(throws: UsageError(message)) { try options.request(Deploy.self, arguments) }
  }

  @Test("A member that is called as another option gives way to it")
  func taken() throws {
    let options = RequestOptions(try Shape(of: Deploy.self), besides: AskOptions.specs)
    let names = options.specs.map(\.name)
    #expect(
      names == [
        "release", "mode", "hosts", "ratio", "window.start", "window.note", "labels", "request-wait", "dry-run",
      ])
  }

  @Test("The help says what an option wants, and whether it is needed")
  func help() throws {
    let options = RequestOptions(try Shape(of: Deploy.self), besides: [])
    #expect(options.specs.first?.help == "The request's 'release': a string (needed).")
    #expect(options.specs.dropFirst().first?.placeholder == "fast|slow")
  }
}
