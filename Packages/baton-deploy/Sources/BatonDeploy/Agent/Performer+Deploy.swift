import Baton
import BatonHTTP
import BatonProcess

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension Performer {
  /// Fetches, unpacks, and puts a release to work.
  func deploy(_ releasing: Releasing, _ digest: Digest?, _ source: Deploy.Source?) async throws {
    do {
      let delivery = try await step(.fetch) { try await fetch(releasing, digest, source) }
      if case .file(let path, let digest, let isResumed) = delivery {
        try await step(.verify) { try await verify(path, digest, isResumed, releasing, source) }
        try await step(.unpack) { try await unpack(path, digest, releasing) }
      }
      if !releasing.shared.isEmpty {
        try await step(.link) { try releasing.layout.link(releasing.shared, into: version) }
      }
      for program in releasing.before { try await step(.before) { try await run(program, for: version, as: .before) } }
    } catch {
      removeIncoming(releasing.layout)
      throw await restore(after: error, releasing.layout)
    }
    try await putToWork(releasing)
  }

  /// Switches to a release that is there, and goes back if it does not work.
  func putToWork(_ releasing: Releasing) async throws {
    do {
      try await step(.activate) { try activate(version, releasing.layout) }
      for program in releasing.after { try await step(.after) { try await run(program, for: version, as: .after) } }
      try await restartAndCheck()
    } catch {
      // Not as part of a task that may be cancelled: half of it would be worse than none.
      throw await Task { await self.restore(after: error, releasing.layout) }.value
    }
    await prune(releasing)
  }

  func restartAndCheck() async throws {
    if let program = app.restart {
      try await step(.restart) { try await run(program, for: currentVersion, as: .restart) }
    }
    guard let check = app.health else { return }
    do {
      try await step(.health) { try await checkHealth(check, of: currentVersion) }
      try journal.setHealth(app.name, .healthy)
    } catch {
      try journal.setHealth(app.name, .unhealthy)
      throw error
    }
  }

  func activate(_ version: String, _ layout: Layout) throws {
    try layout.activate(version, by: id)
    surroundings.failpoint("switch.renamed")
    try journal.setRunning(
      app.name, RunningRecord(version: version, since: Surroundings.now, by: record.act.by, health: .unknown))
  }

  // MARK: - Fetch, verify, unpack

  /// The folder of artifacts on their way. No name of an application or a version has an `@` in it.
  static let incoming = "incoming"

  /// What is to be unpacked: nothing, if the same release is there already.
  private enum Delivery {
    case release
    case file(String, Digest, isResumed: Bool)
  }

  private func fetch(_ releasing: Releasing, _ digest: Digest?, _ source: Deploy.Source?) async throws -> Delivery {
    try releasing.layout.prepare()
    let digest = if let digest { digest } else { try await fetchDigest(releasing.artifact, source) }
    if releasing.layout.hasRelease(version) {
      let known = try journal.releases(app.name).first { $0.version == version }
      if known?.sha256 == digest.description { return .release }
      guard version != record.act.previous else {
        throw NotDeployed(
          .failed, "'\(version)' is what runs, and the artifact is another now; give it another version")
      }
    }
    let path = "\(stateFolder)/\(Self.incoming)/\(app.name)@\(version)"
    let (_, resumedAt) = try await download(releasing.artifact, source, to: path)
    return .file(path, digest, isResumed: resumedAt > 0)
  }

  private func download(_ artifact: Artifact, _ source: Deploy.Source?, to path: String) async throws -> (Int64, Int64)
  {
    try await client(artifact).download(
      source?.url ?? artifact.url.filled(values(version)), to: path, limit: artifact.limit, clock: surroundings.clock)
  }

  private func fetchDigest(_ artifact: Artifact, _ source: Deploy.Source?) async throws -> Digest {
    let address = source?.checksumURL ?? artifact.checksumURL.filled(values(version))
    let response = try await client(artifact).get(address, limit: 64 * 1024)
    guard response.isSuccess else {
      throw HTTPError(
        .status, "the server answered \(response.status)", while: "fetch \(address.withoutCredentials)",
        status: response.status)
    }
    let name = (source?.url ?? artifact.url.filled(values(version))).withoutCredentials.split(separator: "/").last
    return try Digest(list: String(decoding: response.body, as: UTF8.self), name: name.map(String.init) ?? "")
  }

  private func client(_ artifact: Artifact) -> HTTPClient {
    var client = HTTPClient()
    client.schemes = [.https, .file]
    client.authorities = artifact.authorities
    client.timeout = artifact.timeout
    client.userAgent = "baton-deploy"
    return client
  }

  private func verify(
    _ path: String, _ digest: Digest, _ isResumed: Bool, _ releasing: Releasing, _ source: Deploy.Source?
  ) async throws {
    var found = try Digest(ofFile: path)
    if found != digest, isResumed {
      // The two halves were not of one artifact.
      unlink(path)
      _ = try await download(releasing.artifact, source, to: path)
      found = try Digest(ofFile: path)
    }
    guard found == digest else {
      unlink(path)
      throw NotDeployed(.failed, "the artifact's SHA-256 is \(found), and should be \(digest)")
    }
  }

  /// Has the artifact unpacked by a process of the owner's, which has no other rights.
  private func unpack(_ path: String, _ digest: Digest, _ releasing: Releasing) async throws {
    let layout = releasing.layout
    let folder = try layout.makeIncoming(id)
    let input = open(path, O_RDONLY | O_CLOEXEC)
    guard input >= 0 else { throw FileError("open", path) }
    defer { close(input) }
    let limits = releasing.artifact.limits
    let numbers = [Int64(limits.entries), limits.bytes, limits.ratio, Int64(limits.depth)].map(String.init)
    var unpacking = StepProgram(words: (surroundings.unpacker + numbers).map(Template.init))
    unpacking.user = layout.owner
    unpacking.timeout = releasing.artifact.unpackTimeout
    var program = program(unpacking, for: version)
    program.folder = folder
    program.input = input
    let last = LastWords()
    let ending = try await program.run { await last.add($0) }
    if ending.way == .cancelled { throw CancellationError() }
    guard ending.isSuccess else {
      let words = await last.text
      throw NotDeployed(.failed, "the artifact was not unpacked: \(words.isEmpty ? "unpacking \(ending)" : words)")
    }
    surroundings.failpoint("unpack.unpacked")
    try layout.adopt(id, as: version)
    surroundings.failpoint("unpack.adopted")
    try journal.addRelease(app.name, version, digest, at: Surroundings.now)
    unlink(path)
  }

  // MARK: - Afterwards

  func removeIncoming(_ layout: Layout) {
    do { try layout.removeIncoming(id) } catch {
      // In nobody's way; the next act that ends well tries again.
      voice.logger.warning("Cannot remove what was unpacked", ["app": app.name, "error": "\(error)"])
    }
  }

  /// Removes the oldest releases; that it cannot is told, and no reason to go back.
  private func prune(_ releasing: Releasing) async {
    do {
      try await step(.prune) {
        let kept = Set([version, record.act.previous].compactMap(\.self))
        let others = try journal.releases(app.name).map(\.version).filter { !kept.contains($0) }
        let old = Array(others.dropFirst(max(0, releasing.keep - kept.count)))
        // First out of the journal: what is not there is not whole.
        for version in old { try journal.removeRelease(app.name, version) }
        try releasing.layout.remove(old)
        let incoming = try Folder(stateFolder).folder(Self.incoming)
        // Artifacts of earlier deploys that did not come as far as this one.
        for name in try incoming.names() where name.hasPrefix("\(app.name)@") { try incoming.remove(name) }
      }
    } catch {
      voice.logger.warning("Cannot remove old releases", ["app": app.name, "error": "\(error)"])
    }
  }
}

/// What a program says.
private actor LastWords {
  private(set) var text = ""

  func add(_ line: String) {
    text = String((text.isEmpty ? line : "\(text) \(line)").escapingControlCharacters.prefix(500))
  }
}
