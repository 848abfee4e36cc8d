import TestSupport
import Testing

@testable import Baton

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The files themselves: missing, unreadable, no text, and who may read a password in them.
struct ConfigurationFileTests {
  private func refusal(_ file: String, strict: Bool = false) -> ConfigurationError? {
    do throws(ConfigurationError) {
      _ = try Configuration.load(file: file, environment: [:], strict: strict)
      return nil
    } catch {
      return error
    }
  }

  private func warnings(_ file: String) throws -> [String] {
    try Configuration.load(file: file, environment: [:]).warnings
  }

  @Test("A file that is named and not there is refused")
  func missing() throws {
    let path = try TemporaryFolder().path("no.cfg")
    #expect(
      refusal(path)?.description == "\(path): No such file or directory; see to the path given with --config-file")
  }

  @Test("A secret within a nested mapping is looked after like a password")
  func nestedSecret() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("SINKS:\n  - {key: R1}\n", to: "a.cfg")
    func exposure(strict: Bool = false) throws -> String? {
      let settings = try Configuration.load(file: path, environment: [:], strict: strict).settings
      return try settings.elements("SINKS", shorthand: "kind")?.first?.exposure(of: "key", fileKey: "key_file")
    }
    chmod(path, 0o644)
    let words =
      "\(path):2: everybody on this machine can read the secret in SINKS[1].key; run 'chmod o-r \(path)', or move it "
      + "into a file named by key_file"
    #expect(try exposure() == words)
    #expect { try exposure(strict: true) } throws: { "\($0)" == words }
    chmod(path, 0o640)
    #expect(try exposure(strict: true) == nil)
  }

  @Test("A folder is no file")
  func folder() throws {
    let folder = try TemporaryFolder()
    #expect(refusal(folder.path)?.problem == "Is a directory")
  }

  @Test("A file that may not be read is refused", .enabled("root may read everything") { geteuid() != 0 })
  func unreadable() throws {
    let folder = try TemporaryFolder()
    #expect(refusal(try folder.write("", to: "x.cfg", mode: 0))?.problem == "Permission denied")
  }

  @Test("A binary file is refused, and so is one that is too large")
  func binary() throws {
    let folder = try TemporaryFolder()
    let binary = try folder.write([0x7F, 0x45, 0x4C, 0x46, 0, 0xFF, 0xFE], to: "binary.cfg")
    #expect(refusal(binary)?.description.hasPrefix("\(binary):1: the file is not UTF-8 text;") == true)
    let zeros = try folder.write("A: 1\nB: \u{0}\n", to: "zeros.cfg")
    #expect(refusal(zeros)?.description.hasPrefix("\(zeros):2: control characters are not allowed;") == true)
    let large = try folder.write([UInt8](repeating: 0x23, count: 1024 * 1024 + 1), to: "large.cfg")
    #expect(refusal(large)?.problem == "it has more than 1048576 bytes")
  }

  @Test("A password that everybody on the machine can read is warned of, and refused where that is wanted")
  func worldReadable() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("RABBIT_USER: u\nRABBIT_PASS: s3cret\n", to: "x.cfg", mode: 0o644)
    let said =
      "\(path):2: everybody on this machine can read the password in RABBIT_PASS; run 'chmod o-r \(path)', or move it "
      + "into a file named by RABBIT_PASS_FILE"
    #expect(try warnings(path) == [said])
    #expect(refusal(path, strict: true)?.description == said)
    chmod(path, 0o640)
    #expect(try warnings(path).isEmpty)
    #expect(refusal(path, strict: true) == nil)
  }

  @Test("An address is a password's place only if there is one in it")
  func worldReadableURL() throws {
    let folder = try TemporaryFolder()
    let with = try folder.write("RABBIT_URL: amqp://u:s3cret@localhost\n", to: "with.cfg", mode: 0o644)
    #expect(try warnings(with).map { $0.contains("password in RABBIT_URL") } == [true])
    let without = try folder.write("RABBIT_URL: amqp://localhost\n", to: "without.cfg", mode: 0o644)
    #expect(try warnings(without).isEmpty)
    let none = try folder.write("RABBIT_USER: u\n", to: "none.cfg", mode: 0o644)
    #expect(try warnings(none).isEmpty)
  }

  @Test("A password's own file gives its first line, and goes before RABBIT_PASS")
  func passwordFile() throws {
    let folder = try TemporaryFolder()
    let password = try folder.write("of file\r\nsecond line\n", to: "password")
    let path = try folder.write("RABBIT_PASS: other\nRABBIT_PASS_FILE: \(password)\n", to: "x.cfg")
    let configuration = try Configuration.load(file: path, environment: [:])
    #expect(configuration.password == Secret("of file"))
    let shown = try #require(configuration.shown.first { $0.key == "RABBIT_PASS" })
    #expect(shown.value == "********")
    #expect(shown.origin == "\(path):2")
  }

  @Test("A credential of systemd's is the password's own file, unless another is named")
  func credential() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("RABBIT_PASS: other\n", to: "x.cfg")
    func password(_ environment: [String: String]) throws -> Secret {
      try Configuration.load(file: path, environment: environment).password
    }
    #expect(try password(["CREDENTIALS_DIRECTORY": folder.path]) == Secret("other"))
    try folder.write("of systemd\n", to: "rabbit-password")
    #expect(try password(["CREDENTIALS_DIRECTORY": folder.path]) == Secret("of systemd"))
    let named = try folder.write("named\n", to: "named")
    #expect(
      try password(["CREDENTIALS_DIRECTORY": folder.path, "BATON_RABBIT_PASS_FILE": named]) == Secret("named"))
  }

  @Test("A password's own file that is missing or empty is refused, and one that everybody can read is warned of")
  func badPasswordFile() throws {
    let folder = try TemporaryFolder()
    let password = folder.path("password")
    let path = try folder.write("RABBIT_PASS_FILE: \(password)\n", to: "x.cfg")
    #expect(
      refusal(path)?.description
        == "\(path):1: cannot read RABBIT_PASS_FILE \(password): No such file or directory; see to the path and its rights"
    )
    try folder.write("\nx\n", to: "password")
    #expect(refusal(path)?.problem == "the first line of RABBIT_PASS_FILE \(password) is empty")
    try folder.write("x\n", to: "password", mode: 0o644)
    #expect(try warnings(path).map { $0.hasPrefix("\(password): everybody on this machine can read") } == [true])
    #expect(refusal(path, strict: true) != nil)
  }

  @Test("What is shown names each value's place, and covers what is secret")
  func shown() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(
      """
      RABBIT_URL: amqp://agent:s3cret@localhost/baton
      RABIT_PASS: s3cret
      API_TOKEN: s3cret
      APP_NAMES: [shop, blog]
      rules: [{a: s3cret}]
      """, to: "x.cfg")
    let shown = try Configuration.load(file: path, environment: ["BATON_LOG_LEVEL": "debug"]).shown
    let values = Dictionary(uniqueKeysWithValues: shown.map { ($0.key, [$0.value, $0.origin]) })
    #expect(shown.map(\.key) == shown.map(\.key).sorted())
    #expect(values["RABBIT_HOST"] == ["localhost:5672", "\(path):1"])
    #expect(values["RABBIT_USER"] == ["agent", "\(path):1"])
    #expect(values["RABBIT_VHOST"] == ["baton", "\(path):1"])
    #expect(values["RABBIT_HEARTBEAT"] == ["10", "default"])
    #expect(values["LOG_LEVEL"] == ["debug", "environment variable BATON_LOG_LEVEL"])
    #expect(values["APP_NAMES"] == ["shop, blog", "\(path):4"])
    #expect(values["rules"] == ["(structured)", "\(path):5"])
    #expect(!"\(values)".contains("s3cret"))
  }

  @Test("A configuration that is printed by accident shows no password")
  func printed() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("RABBIT_PASS: s3cret\nRABBIT_URL: amqp://u:s3cret@localhost\n", to: "x.cfg")
    let configuration = try Configuration.load(file: path, environment: [:])
    for value in [configuration, configuration.settings, configuration.connections(name: "x")] as [Any] {
      var dumped = ""
      dump(value, to: &dumped)
      #expect(!"\(value)\(String(reflecting: value))\(dumped)".contains("s3cret"), "\(type(of: value))")
    }
  }
}
