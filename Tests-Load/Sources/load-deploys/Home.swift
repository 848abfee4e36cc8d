import LoadLedger

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The folders of one host: its configuration, its application, its journal.
struct Home: Sendable {
  static let environment = "load"

  let host: String
  let path: String
  /// What is linked as the artifact of each version.
  let artifact: String

  var configuration: String { "\(path)/agent.cfg" }
  var app: String { "\(path)/shop" }

  /// - Parameters:
  ///   - broker: the lines that say where it is.
  ///   - ledger: where programs of steps write down what they do.
  init(_ host: String, in folder: String, artifact: String, broker: String, log: String, ledger: String) throws {
    self.host = host
    self.artifact = artifact
    path = "\(folder)/\(host)"
    for name in ["shop", "state", "artifacts"] {
      try FileManager.default.createDirectory(atPath: "\(path)/\(name)", withIntermediateDirectories: true)
    }
    try write(Self.step(host, ledger), to: "step.sh")
    try write(
      """
      \(broker)
      ENVIRONMENT: \(Self.environment)
      FQDN: \(host)
      STATE_DIR: \(path)/state
      LOG_FILE: \(log)
      ALLOW_UNSIGNED: true
      APPS:
        shop:
          deploy_to: \(app)
          artifact: {url: "file://\(path)/artifacts/shop-%{version}.tar.gz"}
          shared: [log/]
          before: [[sh, \(path)/step.sh, before]]
          after: [[sh, \(path)/step.sh, after]]
          restart: ["true"]
          health: {run: [sh, -c, 'case $BATON_VERSION in *sick) exit 1; esac'], interval: 60s, timeout: 20s}
          keep_releases: 2

      """, to: "agent.cfg")
  }

  /// A version is there to be fetched. One that ends with `sick` does not work.
  func offer(_ version: String) throws {
    let name = "\(path)/artifacts/shop-\(version).tar.gz"
    try FileManager.default.linkItem(atPath: artifact, toPath: name)
    try FileManager.default.linkItem(atPath: "\(artifact).sha256", toPath: "\(name).sha256")
  }

  /// What `current` is; nil if it is not there.
  var currentVersion: String? {
    let target = try? FileManager.default.destinationOfSymbolicLink(atPath: "\(app)/current")
    return target?.split(separator: "/").last.map(String.init)
  }

  /// What a step of the application does: it takes a moment, and says when it begins and ends.
  private static func step(_ host: String, _ ledger: String) -> String {
    """
    note() {
      read -r up rest </proc/uptime
      printf '{"event":"%s","at":%s,"host":"\(host)","id":"%s","name":"%s"}\\n' "$1" "$up" "$BATON_DEPLOY_ID" "$2" >>\(ledger)
    }
    note stepBegan "$1"
    sleep 0.05
    note stepEnded "$1"

    """
  }

  private func write(_ text: String, to name: String) throws {
    try Data(text.utf8).write(to: URL(filePath: "\(path)/\(name)"))
  }
}
