import Testing

@testable import LoadLedger

struct SecretsTests {
  private let secrets = Secrets(["hunter2-hunter2"])

  private func violations(_ text: String) -> [String] {
    secrets.leaks(in: [("clean", []), ("log", [UInt8](text.utf8))]).violations
  }

  @Test("A password is found as it is and in base64, and never shown")
  func leaked() {
    #expect(violations("login as x with 'hunter2-hunter2'") == ["secret 1 stands in log"])
    #expect(violations("Authorization: aHVudGVyMi1odW50ZXIy") == ["secret 1 stands in log"])
    #expect(violations("login as x with '***'") == [])
  }

  @Test("Without a secret the search proves nothing")
  func none() {
    #expect(Secrets([]).leaks(in: []).violations == ["there is no secret to look for"])
  }
}
