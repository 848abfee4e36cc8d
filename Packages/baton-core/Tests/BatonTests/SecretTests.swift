import Testing

@testable import Baton

struct SecretTests {
  @Test("It shows nothing, however it is printed")
  func shows() {
    struct Holder { let password = Secret("s3cret") }
    let secret = Secret("s3cret")
    var dumped = ""
    dump(Holder(), to: &dumped)
    for text in ["\(secret)", String(reflecting: secret), "\(Holder())", String(describing: [secret]), dumped] {
      #expect(!text.contains("s3cret"))
      #expect(text.contains("********"))
    }
    #expect(secret.value == "s3cret")
  }
}
