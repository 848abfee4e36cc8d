import Testing

@testable import YAML

struct YAMLParserTests {
  @Test("Keys, values and lines come out as they stand")
  func mapping() throws {
    let root = try YAMLParser.parse([UInt8]("A: 1\nB:\n  - x\n  - y\n".utf8))
    let entries = try #require(root.entries)
    #expect(entries.map(\.key) == ["A", "B"])
    #expect(entries[0].value.text == "1")
    #expect(entries[1].value.elements?.compactMap(\.text) == ["x", "y"])
    #expect(entries[1].line == 2)
  }
}
