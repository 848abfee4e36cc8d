import AMQP
public import Baton

/// Looks at everything that a program of baton stands on, from its configuration to an answer over the broker, and changes nothing.
public struct Doctor: Sendable {
  let patient: Patient
  let configuration: Configuration
  private let report: @Sendable (Finding) -> Void

  /// - Parameter report: is told each finding as it is made.
  public init(
    _ patient: Patient, configuration: Configuration, report: @escaping @Sendable (Finding) -> Void
  ) {
    self.patient = patient
    self.configuration = configuration
    self.report = report
  }

  /// The worst of what was found.
  public func run() async -> Finding.Status {
    var worst = Finding.Status.ok
    func note(_ findings: [Finding]) {
      for finding in findings {
        report(finding)
        if finding.status == .failed || worst == .ok { worst = finding.status }
      }
    }
    note(configurationFindings)
    note(HostCheck(patient: patient, configuration: configuration).findings)
    var isIn = false
    for options in configuration.connections(name: "baton doctor") {
      let (findings, connection) = await BrokerCheck(options: options, durable: configuration.durable).findings()
      note(findings)
      guard let connection else { continue }
      // Whichever host lets us in speaks for the whole broker.
      if !isIn {
        let rights = RightsCheck(
          patient: patient, connection: connection, user: configuration.user, durable: configuration.durable,
          queueName: (try? configuration.settings.string("QUEUE")) ?? nil)
        var isThere = true
        for await finding in rights.findings {
          note([finding])
          if finding.check.hasPrefix("exchange"), finding.status != .ok { isThere = false }
        }
        // To ask would make the exchanges.
        if isThere { note(await RoundTrip(patient: patient, configuration: configuration, options: options).findings) }
      }
      isIn = true
      await connection.close()
    }
    return worst
  }

  private var configurationFindings: [Finding] {
    let place = configuration.settings.file ?? "no file: defaults and environment"
    let warnings = configuration.warnings.map { Finding.warning("configuration", $0, "see to the line that it names") }
    return warnings.isEmpty ? [.ok("configuration", place)] : warnings
  }
}
