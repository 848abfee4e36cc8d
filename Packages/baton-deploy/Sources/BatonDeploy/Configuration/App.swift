import BatonProcess

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// An application that is expected on this host, and how it is deployed.
public struct App: Sendable {
  public let name: String
  let method: Method
  let restart: StepProgram?
  let health: HealthCheck?
  /// Texts that are covered in what steps write.
  let masker: Masker

  enum Method: Sendable {
    case releases(Releasing)
    /// The people's own script.
    case command(StepProgram)
  }

  /// Whether root would do what another user could.
  var isRoots: Bool {
    guard geteuid() == 0, let releasing else { return false }
    return releasing.layout.owner == nil
  }

  var releasing: Releasing? {
    if case .releases(let releasing) = method { releasing } else { nil }
  }
}

/// How an application is deployed into folders of releases.
struct Releasing: Sendable {
  var layout: Layout
  var artifact: Artifact
  /// Paths that all releases have in common.
  var shared: [String] = []
  var before: [StepProgram] = []
  var after: [StepProgram] = []
  var keep = 5
}

/// Where artifacts come from, and what they may be.
struct Artifact: Sendable {
  var url: Template
  /// In the format of sha256sum; beside the artifact unless it is said.
  var checksumURL: Template
  /// A request in the gem's form may name addresses that begin with one of these.
  var allowed: [String] = []
  /// Certificates of the authorities to trust; nil is the system's.
  var authorities: String?
  /// Bytes of the artifact itself.
  var limit: Int64 = 1024 * 1024 * 1024
  var timeout: Duration = .seconds(600)
  var unpackTimeout: Duration = .seconds(600)
  var limits = Archive.Limits()
}

/// A program that is run as a step.
struct StepProgram: Sendable {
  var words: [Template]
  var user: User?
  /// Nil is the release's own folder.
  var folder: String?
  var timeout: Duration = .seconds(300)
  var environment: [String: String] = [:]
}

/// How it is known that an application works.
struct HealthCheck: Sendable {
  enum Probe: Sendable {
    case url(Template)
    case program(StepProgram)
  }

  var probe: Probe
  var interval: Duration = .seconds(1)
  /// For all of it.
  var timeout: Duration = .seconds(60)
  /// In a row.
  var successes = 1
}
