import AMQP
import Baton
import Testing

@testable import Doctor

/// What no test can bring about for real: clocks, certificates and brokers of all kinds.
struct DoctorTests {
  private func host(_ program: String) throws -> HostCheck {
    HostCheck(
      patient: Patient(program: program), configuration: try Configuration.load(file: nil, environment: [:]))
  }

  @Test(
    "A clock that nobody keeps right, or that is far off, is warned of",
    arguments: [(-1, Finding.Status.warning), (20_000, .ok), (3_000_001, .warning)])
  func clock(error: Int, status: Finding.Status) throws {
    #expect(try host("baton-ping").clock(error: error).status == status)
  }

  @Test(
    "A certificate is warned of three weeks before its end",
    arguments: [(21, Finding.Status.ok), (20, .warning), (0, .warning)])
  func certificate(daysLeft: Int, status: Finding.Status) {
    #expect(BrokerCheck.certificate(daysLeft: daysLeft).status == status)
  }

  @Test(
    "What a broker of this version refuses is told",
    arguments: [
      ("RabbitMQ", "3.10.8", true, Finding.Status.ok), ("RabbitMQ", "3.7.28", true, .failed),
      ("RabbitMQ", "4.3.0", true, .ok), ("RabbitMQ", "4.3.0", false, .failed), ("RabbitMQ", "4.2.9", false, .ok),
      ("Qpid", "1.0", true, .warning), ("RabbitMQ", "", true, .warning),
    ])
  func version(product: String, version: String, durable: Bool, status: Finding.Status) {
    let broker = BrokerIdentity(product: product, version: version, certificateEnd: nil)
    #expect(BrokerCheck.version(broker, durable: durable).status == status)
  }

  @Test(
    "The name of the configuration says what it is for",
    arguments: [
      ("baton", Patient.Role.api, "baton_ping"), ("baton-ping", .agent, "baton_ping"),
      ("baton-deploy", .agent, "baton_deploy"), ("baton-ping-monitor", .monitor, "baton_ping"),
      ("baton-disk-space", .agent, "baton_disk_space"),
    ])
  func patient(program: String, role: Patient.Role, name: String) {
    let patient = Patient(program: program)
    #expect(patient.role == role && patient.extensions == [name])
    #expect(Patient(program: program, role: .api, extensions: ["baton_x"]).extensions == ["baton_x"])
  }
}
