import AMQP
import Baton
import BatonProcess
import BatonTesting
import Foundation
import Testing

@testable import BatonDeploy

/// A host of a test's own: its configuration, its artifacts, its journal, its releases.
final class TestHost: Sendable {
  let path: String
  /// In an environment of its own: tests share a broker.
  let server = Server(
    environment: "t\(UUID().uuidString.prefix(8).lowercased())", fqdn: "web1.example", appNames: ["shop"])

  /// The executable of this package, which was built beside the tests.
  static var executable: String {
    get throws {
      let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
      return "\((tests as NSString).deletingLastPathComponent)/baton-deploy"
    }
  }

  init() throws {
    path = FileManager.default.temporaryDirectory.appending(path: "baton-test-\(UUID().uuidString.prefix(8))").path
    for folder in ["artifacts", "shop", "state"] {
      try FileManager.default.createDirectory(atPath: "\(path)/\(folder)", withIntermediateDirectories: true)
    }
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func path(_ name: String) -> String { "\(path)/\(name)" }

  func write(_ text: String, to name: String) throws {
    try FileManager.default.createDirectory(
      atPath: (path(name) as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    try Data(text.utf8).write(to: URL(filePath: path(name)))
  }

  func text(_ name: String) throws -> String {
    String(decoding: try Data(contentsOf: URL(filePath: path(name))), as: UTF8.self)
  }

  func lines(_ name: String) -> [String] { ((try? text(name)) ?? "").split(separator: "\n").map(String.init) }

  func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path(name)) }

  var current: String? { try? FileManager.default.destinationOfSymbolicLink(atPath: path("shop/current")) }

  /// An artifact, and its checksum beside it. Its one file says the version.
  func makeArtifact(_ version: String, contents: String? = nil) async throws {
    try write(contents ?? version, to: "files/\(version)/version")
    try await pack(version)
  }

  /// What is in `files/<version>`, as an artifact.
  func pack(_ version: String) async throws {
    let archive = "artifacts/shop-\(version).tar.gz"
    let words = ["tar", "-czf", path(archive), "-C", path("files/\(version)"), "version"]
    let ending = try await Program(words).run()
    #expect(ending.isSuccess)
    try write("\(try Digest(ofFile: path(archive)))  shop-\(version).tar.gz\n", to: "\(archive).sha256")
  }

  /// What goes with every configuration; its programs write what they do into `log`.
  static let restart = "    restart: [sh, -c, 'echo restart $BATON_VERSION >> ../../../log']\n"

  func configurationText(_ lines: String = TestHost.restart, unsigned: Bool = true) -> String {
    """
    STATE_DIR: \(path("state"))
    ALLOW_UNSIGNED: \(unsigned)
    APPS:
      shop:
        deploy_to: \(path("shop"))
        artifact:
          url: file://\(path("artifacts"))/shop-%{version}.tar.gz
          allow: ["file://\(path("artifacts"))/"]
    \(lines)
    """
  }

  func configuration(text: String) throws -> DeployConfiguration {
    try write(text, to: "deploy.cfg")
    let configuration = try Configuration.load(
      file: path("deploy.cfg"), environment: [:], keys: DeployConfiguration.keys)
    return try DeployConfiguration(configuration, on: server)
  }

  func configuration(_ lines: String = TestHost.restart, unsigned: Bool = true) throws -> DeployConfiguration {
    try configuration(text: configurationText(lines, unsigned: unsigned))
  }

  func desk(_ configuration: DeployConfiguration) throws -> Desk {
    try Desk(
      configuration, on: server, surroundings: Surroundings(unpacker: [try Self.executable, "unpack"]),
      logger: .discarding)
  }

  /// Runs an agent with that configuration.
  func withAgent<Result>(
    _ configuration: DeployConfiguration, broker: any Broker = InMemoryBroker(),
    body: (TestRequester) async throws -> Result
  ) async throws -> Result {
    let service = DeployService(configuration, desk: try desk(configuration))
    return try await withService(service, on: server, broker: broker) {
      try await body(TestRequester(api: $0, environment: server.environment))
    }
  }
}

/// Asks an agent, and gives what comes of it.
struct TestRequester: Sendable {
  struct Result<Reply: Message>: Sendable {
    var outcome: Answer<Reply>.Outcome?
    var progress: [BatonDeploy.Progress] = []

    /// Steps that have been done, in their order.
    var done: [Step] { progress.filter { $0.state == .done }.map(\.step) }
    var output: [String] { progress.filter { $0.state == .output }.map(\.message) }
  }

  let api: API
  let environment: String

  func ask<R: DeployRequest>(
    _ request: R, onProgress: (BatonDeploy.Progress) async throws -> Void = { _ in }
  ) async throws -> Result<R.Reply> {
    var result = Result<R.Reply>()
    let target = Target("\(request.order.app ?? "shop").\(environment)")
    for try await answer in api.ask(request, of: [target], until: Ending(deadline: .seconds(60), count: 1)) {
      switch answer.outcome {
      case .progress(let message) where message.type == BatonDeploy.Progress.type:
        result.progress.append(try message.decode(BatonDeploy.Progress.self))
        try await onProgress(try message.decode(BatonDeploy.Progress.self))
      case .progress: break
      default: result.outcome = answer.outcome
      }
    }
    return result
  }

  func deploy(_ version: String, id: String? = nil) async throws -> Result<Deployed> {
    try await ask(Deploy(Order(app: "shop", id: id, by: "jo"), version: version))
  }
}

extension TestRequester.Result {
  /// The reply; anything else fails the test.
  func reply(sourceLocation: SourceLocation = #_sourceLocation) throws -> Reply {
    guard case .reply(let reply)? = outcome else {
      Issue.record("\(String(describing: outcome))", sourceLocation: sourceLocation)
      throw CancellationError()
    }
    return reply
  }

  /// The error; anything else fails the test.
  func failure(sourceLocation: SourceLocation = #_sourceLocation) throws -> Failure {
    guard case .failed(let failure)? = outcome else {
      Issue.record("\(String(describing: outcome))", sourceLocation: sourceLocation)
      throw CancellationError()
    }
    return failure
  }
}
