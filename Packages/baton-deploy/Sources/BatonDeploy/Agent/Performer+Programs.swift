import Baton
import BatonHTTP
import BatonProcess

extension Performer {
  /// The variable by which processes of an act are found again, and not those of another agent on this host.
  var mark: (name: String, value: String) { ("BATON_DEPLOY_MARK", "\(stateFolder):\(app.name)/\(id)") }

  /// A program as it is run: with its placeholders filled, and nothing in its environment but what is said here.
  func program(_ step: StepProgram, for version: String?) -> Program {
    let release = release(version)
    var environment = [
      "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8",
      "BATON_APP": app.name, "BATON_VERSION": version ?? "", "BATON_RELEASE": release ?? "",
      "BATON_ENVIRONMENT": voice.server.environment, "BATON_DEPLOY_ID": id, mark.name: mark.value,
    ]
    if let user = step.user { environment.merge(["HOME": user.home, "USER": user.name]) { $1 } }
    environment.merge(step.environment) { $1 }
    return Program(
      step.words.map { $0.filled(values(version)) }, environment: environment, folder: step.folder ?? release ?? "/",
      user: step.user, timeout: step.timeout)
  }

  func values(_ version: String?) -> [String: String] {
    ["version": version ?? "", "release": release(version) ?? ""]
  }

  private func release(_ version: String?) -> String? {
    guard let version, let layout = app.releasing?.layout else { return nil }
    return layout.release(version)
  }

  /// Asks until the application has said often enough in a row that it is well. Throws why not, when the time is over.
  func checkHealth(_ check: HealthCheck, of version: String?) async throws {
    var reason: String?
    var successes = 0
    let end = ContinuousClock.now + check.timeout
    while true {
      let rest = max(.milliseconds(1), ContinuousClock.now.duration(to: end))
      if let problem = try await problem(check.probe, of: version, within: rest) {
        // One that had next to no time left says less than the one before it.
        if reason == nil || rest >= min(.seconds(1), check.timeout / 2) { reason = problem }
        successes = 0
      } else {
        successes += 1
      }
      if successes >= check.successes { return }
      guard ContinuousClock.now + check.interval < end else { break }
      try await surroundings.clock.sleep(for: check.interval)
    }
    throw ProgramFailure(
      description: "not healthy within \(check.timeout): \(reason ?? "it was well, but not often enough")")
  }

  /// What is wrong now; nil if nothing is.
  private func problem(_ probe: HealthCheck.Probe, of version: String?, within time: Duration) async throws -> String? {
    switch probe {
    case .url(let address):
      var client = HTTPClient()
      client.schemes = [.http, .https]
      client.timeout = min(time, .seconds(10))
      client.redirects = 0
      do {
        let response = try await client.get(address.filled(values(version)))
        return response.isSuccess ? nil : "it answered \(response.status)"
      } catch let error as HTTPError {
        return error.description
      }
    case .program(let step):
      var program = program(step, for: version)
      program.timeout = min(time, program.timeout)
      let ending = try await program.run()
      if ending.way == .cancelled { throw CancellationError() }
      return ending.isSuccess ? nil : "'\(program.words[0])' \(ending)"
    }
  }
}
