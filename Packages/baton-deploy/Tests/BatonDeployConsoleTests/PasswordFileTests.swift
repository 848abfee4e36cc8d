import Baton
import Foundation
import Testing

@testable import BatonDeployConsole

struct PasswordFileTests {
  private let gate: TestDoor
  private var path: String { "\(gate.path)/passwords" }

  init() throws { gate = try TestDoor() }

  private func write(_ text: String, rights: Int = 0o640) throws {
    try Data(text.utf8).write(to: URL(filePath: path))
    try FileManager.default.setAttributes([.posixPermissions: rights], ofItemAtPath: path)
  }

  private var text: String { get throws { try String(contentsOfFile: path, encoding: .utf8) } }

  private var rights: Int? {
    get throws { try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int }
  }

  @Test("A hash is of its password alone, and of two people with the same password no two are alike")
  func hashes() throws {
    let (first, second) = (try PasswordHash(of: "secret"), try PasswordHash(of: "secret"))
    #expect(first != second)
    #expect(first.encoded.hasPrefix("$argon2id$v=19$m=19456,t=2,p=1$"))
    #expect(first.matches("secret") && second.matches("secret"))
    #expect(!first.matches("Secret") && !first.matches("") && !first.matches("secret\0"))
    #expect(PasswordHash(first.encoded) == first)
    #expect(!(try PasswordHash(of: String(repeating: "x", count: 2000))).matches(String(repeating: "x", count: 2000)))
  }

  @Test(
    "A hash of another kind, or one that would take the whole machine, is none",
    arguments: [
      "", "secret", "$2y$10$abcdefghijklmnopqrstuv",
      "$argon2i$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0$aGFzaGhhc2hoYXNoaGFzaA",
      "$argon2id$v=19$m=4294967295,t=2,p=1$c2FsdHNhbHRzYWx0$aGFzaGhhc2hoYXNoaGFzaA",
      "$argon2id$v=19$m=19456,t=1000000,p=1$c2FsdHNhbHRzYWx0$aGFzaGhhc2hoYXNoaGFzaA",
      "$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0$",
    ])
  func others(_ text: String) { #expect(PasswordHash(text) == nil) }

  @Test("A password is set, changed and taken away, and the rest of the file stays as it is")
  func edits() throws {
    let (jo, kim, other) = (try PasswordHash(of: "a"), try PasswordHash(of: "b"), try PasswordHash(of: "c"))
    try gate.passwords.set("jo", jo)
    #expect(try text == "jo:\(jo.encoded)\n")
    #expect(try rights == 0o640)
    try write("# those of the night shift\njo:\(jo.encoded)\n\nkim:\(kim.encoded)", rights: 0o600)
    try gate.passwords.set("jo", other)
    #expect(try text == "# those of the night shift\njo:\(other.encoded)\n\nkim:\(kim.encoded)\n")
    #expect(try rights == 0o600)
    #expect(try gate.passwords.names() == ["jo", "kim"])
    #expect(try gate.passwords.remove("jo"))
    #expect(try !gate.passwords.remove("jo"))
    #expect(try text == "# those of the night shift\n\nkim:\(kim.encoded)\n")
    #expect(try FileManager.default.contentsOfDirectory(atPath: gate.path) == ["passwords"])
  }

  @Test("A file that others can read or change is refused", arguments: [0o644, 0o602, 0o660])
  func rights(_ rights: Int) throws {
    try write("", rights: rights)
    #expect { try gate.passwords.names() } throws: { "\($0)".hasPrefix("\(path): the file of WEB_PASSWORDS") }
    #expect(throws: ConfigurationError.self) { try gate.passwords.set("jo", try PasswordHash(of: "a")) }
  }

  @Test("What is wrong is told with its line, and then nothing is written")
  func mistakes() throws {
    let good = try PasswordHash(of: "a").encoded
    for (line, words) in [
      ("jo", "not NAME:HASH"), ("jo:secret", "no hash of Argon2id"), ("j o:\(good)", "a name that is none"),
      ("kim:\(good)", "kim twice"),
    ] {
      try write("kim:\(good)\n\(line)\n")
      #expect { try gate.passwords.remove("kim") } throws: { error in
        "\(error)".hasPrefix("\(path):2: ") && "\(error)".contains(words)
      }
    }
  }
}
