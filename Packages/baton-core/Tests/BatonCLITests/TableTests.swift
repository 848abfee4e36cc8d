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

  @Test("A table without rows is its heading")
  func empty() {
    #expect(Table([.init("A"), .init("B")]).text == "A  B\n")
  }

  @Test("Nothing stands behind the last cell of a row")
  func trailing() {
    var table = Table([.init("A"), .init("B", width: 10), .init("C")])
    table.append(["1", "", ""])
    #expect(table.text == "A  B           C\n1\n")
  }

  @Test("Rows that come one by one have the columns' own widths, and a long cell moves the rest")
  func lines() {
    let table = Table([.init("HOST", width: 6), .init("MS", .right, width: 4), .init("APPS")])
    #expect(table.heading == "HOST      MS  APPS")
    #expect(table.line(["web1", "3", "shop"]) == "web1       3  shop")
    #expect(table.line(["web1.example", "3", "shop"]) == "web1.example     3  shop")
  }

  @Test("Width is counted in characters, and control characters are escaped before")
  func characters() {
    var table = Table([.init("A"), .init("B")])
    table.append(["é\n", "x"])
    table.append(["e\u{301}", "\u{1B}[2J"])
    #expect(table.text == "A    B\né\\n  x\ne\u{301}    \\u{1b}[2J\n")
    #expect(table.line(["\r", ""]) == "\\r")
  }
}
