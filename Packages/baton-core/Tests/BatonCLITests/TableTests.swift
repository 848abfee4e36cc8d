import Testing

@testable import BatonCLI

struct TableTests {
  @Test("Columns are as wide as their widest cell, numbers stand to the right")
  func widths() {
    var table = Table([.init("HOST"), .init("MS", .right)])
    table.append(["web1.example", "3"])
    table.append(["db", "120"])
    #expect(table.text == "HOST           MS\nweb1.example    3\ndb            120\n")
  }
}
