import Testing

@testable import Baton

struct MessageIDTests {
  @Test("An id is a random UUID in lower case, of version 4, and no two are the same")
  func form() throws {
    let ids = (0..<1000).map { _ in MessageID.new() }
    for id in ids {
      #expect(id.wholeMatch(of: /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/) != nil, "\(id)")
    }
    #expect(Set(ids).count == ids.count)
  }
}
