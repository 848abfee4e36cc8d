import Testing

@testable import YAML

struct YAMLParserTests {
  private func parse(_ text: String) throws -> YAMLNode { try YAMLParser.parse([UInt8](text.utf8)) }

  /// What is said of a document that is refused; nil if it is not.
  private func refusal(_ text: String) -> YAMLError? {
    do throws(YAMLError) {
      _ = try YAMLParser.parse([UInt8](text.utf8))
      return nil
    } catch {
      return error
    }
  }

  @Test("Keys, values and lines come out as they stand")
  func mapping() throws {
    let entries = try #require(try parse("A: 1\nB:\n  - x\n  - y\n").entries)
    #expect(entries.map(\.key) == ["A", "B"])
    #expect(entries[0].value.text == "1")
    #expect(entries[1].value.elements?.compactMap(\.text) == ["x", "y"])
    #expect(entries.map(\.line) == [1, 2])
  }

  @Test("Text is text, whatever it looks like and however it is written")
  func scalars() throws {
    let text = """
      plain: two words # and a comment
      number: 007
      single: 'it''s # no comment'
      double: "a\\tb\\u00e9"
      literal: |
        one
          two
      folded: >-
        one
        two
      empty:
      quoted: ""
      null: ~
      """
    let entries = try #require(try parse(text).entries)
    #expect(
      entries.map(\.value.text) == [
        "two words", "007", "it's # no comment", "a\tbé", "one\n  two\n", "one two", "", "", "~",
      ])
  }

  @Test("Lists and mappings stand within each other, in either style")
  func nesting() throws {
    let block = try parse("hosts:\n  - name: a\n    apps: [x, y]\n  - name: b\n")
    let hosts = try #require(block.entries?.first?.value.elements)
    #expect(hosts.map { $0.entries?.first?.value.text } == ["a", "b"])
    #expect(hosts[0].entries?.last?.value.elements?.map(\.line) == [3, 3])
    #expect(try parse("{a: {b: [1]}}").entries?.first?.value.entries?.first?.key == "b")
  }

  @Test(
    "A document with nothing in it is an empty mapping",
    arguments: ["", "\n\n", "# nothing here\n", "---\n", "---\n# nothing\n...\n"])
  func empty(text: String) throws {
    #expect(try parse(text) == YAMLNode(content: .mapping([]), line: 1))
  }

  @Test("Line ends of Windows and a byte order mark do no harm")
  func foreignEditors() throws {
    let entries = try #require(try parse("\u{FEFF}A: 1\r\nB: 2\r\n").entries)
    #expect(entries.map(\.key) == ["A", "B"])
    #expect(entries.map(\.value.text) == ["1", "2"])
    #expect(entries.map(\.line) == [1, 2])
  }

  @Test(
    "What can surprise is refused with its line",
    arguments: [
      ("A: 1\nB: *x\n", 2, "an alias"), ("A: &x 1\n", 1, "an anchor"), ("A: &x [1]\n", 1, "an anchor"),
      ("A: &x {b: 1}\n", 1, "an anchor"), ("A:\n  <<: *x\n", 2, "an alias"), ("A: !!int 1\n", 1, "a tag"),
      ("\nA: !ruby/object:Gem {}\n", 2, "a tag"), ("A: ! [1]\n", 1, "a tag"),
      ("A: 1\nB: 2\nA: 3\n", 3, "'A' stands twice, first in line 1"),
      ("A:\n  b: 1\n  'b': 2\n", 3, "'b' stands twice, first in line 2"),
      ("A: 1\n---\nB: 2\n", 2, "a second document"), ("? [a, b]\n: 1\n", 1, "a key is a word"),
    ])
  func refused(text: String, line: Int, reason: String) throws {
    let error = try #require(refusal(text))
    #expect(error.line == line)
    #expect(error.reason.contains(reason), "\(error)")
  }

  @Test(
    "A mistake in the grammar is told with its line",
    arguments: [
      ("A: 1\nB: [1, 2\n", 3), ("A: 'x\n", 2), ("A: 1\n\tB: 2\n", 2), ("A: 1\n  B: 2\n", 2), ("A: \"\\q\"\n", 1),
      ("A: 1\n}\n", 2), ("A: 1\nB: a\u{1}b\n", 2),
    ])
  func syntax(text: String, line: Int) throws {
    let error = try #require(refusal(text))
    #expect(error.line == line, "\(error)")
    #expect(!error.reason.isEmpty)
    #expect("\(error)" == "line \(line): \(error.reason)")
  }

  @Test("Sixteen levels are taken, one more is not, though it be empty", arguments: [("[", "]"), ("{a: ", "}")])
  func depth(open: String, close: String) throws {
    func document(_ depth: Int) -> String {
      String(repeating: open, count: depth) + String(repeating: close, count: depth)
    }
    _ = try parse(document(16))
    #expect(refusal(document(17))?.reason == "it nests deeper than 16")
    #expect(refusal(document(100_000))?.reason == "it nests deeper than 16")
  }

  @Test("A mebibyte is taken, one byte more is not")
  func size() throws {
    let text = "A: " + String(repeating: "x", count: YAMLParser.size - 3)
    #expect(try parse(text).entries?.first?.value.text?.utf8.count == YAMLParser.size - 3)
    #expect(refusal(text + "x")?.reason == "the file has 1048577 bytes, more than 1048576")
  }

  @Test("Bytes that are not UTF-8 are refused", arguments: [[0xC3, 0x28], [0xFF, 0xFE, 0x41, 0x00]] as [[UInt8]])
  func notUTF8(bytes: [UInt8]) {
    #expect(throws: YAMLError(line: 1, reason: "the file is not UTF-8 text")) { try YAMLParser.parse(bytes) }
  }
}
