import Baton
import TestSupport
import Testing

@testable import BatonSigning

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

struct SigningKeyTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test("A key is written for its owner alone, and read again; it is not written over another")
  func file() throws {
    let path = folder.path("jo.key")
    let key = try SigningKey(id: "jo")
    try key.write(to: path)
    var status = stat()
    #expect(stat(path, &status) == 0 && status.st_mode & 0o777 == 0o600)
    let read = try SigningKey(file: path)
    #expect(read.id == "jo")
    #expect(read.publicKey == key.publicKey)
    #expect(throws: SigningKeyError.self) { try key.write(to: path) }
    let secret = try #require(try folder.text(of: "jo.key").split(separator: " ").last)
    #expect(!"\(key)".contains(secret.prefix(20)))
  }

  @Test("A file that others can read is refused, and says what to do")
  func readable() throws {
    let path = folder.path("jo.key")
    try SigningKey(id: "jo").write(to: path)
    chmod(path, 0o640)
    let error = #expect(throws: SigningKeyError.self) { try SigningKey(file: path) }
    #expect(error?.reason.contains("chmod 600 \(path)") == true)
  }

  @Test(
    "What is no key is refused", arguments: ["", "x", "baton-signing-key jo AAAA", "baton-signing-key ../x \(zeros)"])
  func broken(text: String) throws {
    let path = folder.path("broken.key")
    try folder.write(text, to: "broken.key")
    #expect(throws: SigningKeyError.self) { try SigningKey(file: path) }
  }

  @Test("Signatures are those of RFC 8032, section 7.1, test 2")
  func rfc() throws {
    func bytes(_ text: String) -> [UInt8] {
      stride(from: 0, to: text.count, by: 2).compactMap { UInt8(text.dropFirst($0).prefix(2), radix: 16) }
    }
    let key = try SigningKey(
      id: "rfc", bytes: bytes("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"))
    #expect(key.publicKey.bytes == bytes("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"))
    #expect(
      try key.sign([0x72])
        == bytes(
          "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
            + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"))
  }

  private static let zeros = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
}
