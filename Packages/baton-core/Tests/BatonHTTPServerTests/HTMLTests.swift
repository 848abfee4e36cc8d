import BatonHTTPServer
import Testing

struct HTMLTests {
  private let evil = "<script>alert(\"1\")</script> & 'x'"
  private let tame = "&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#39;x&#39;"

  @Test("A text that is put in is escaped, whatever its type and however it comes")
  func escapes() {
    let optional: String? = evil
    let none: String? = nil
    #expect(("<p>\(evil)</p>" as HTML).text == "<p>\(tame)</p>")
    #expect(("<p>\(evil[...])</p>" as HTML).text == "<p>\(tame)</p>")
    #expect(("<p>\(optional)\(none)</p>" as HTML).text == "<p>\(tame)</p>")
    #expect(HTML(text: evil).text == tame)
    #expect(HTML(text: "<").text == "&lt;")
  }

  @Test("Markup that is put in stays markup")
  func nests() {
    let bold: HTML = "<b>\(evil)</b>"
    let none: HTML? = nil
    let items: [HTML] = ["a", "<"].map { "<li>\($0)</li>" }
    #expect(("<p>\(bold)\(none)</p>" as HTML).text == "<p><b>\(tame)</b></p>")
    #expect(("<ul>\(items)</ul>" as HTML).text == "<ul><li>a</li><li>&lt;</li></ul>")
    #expect(items.joined(separator: ", ").text == "<li>a</li>, <li>&lt;</li>")
    #expect((bold + " <i>").text == "<b>\(tame)</b> <i>")
  }

  @Test("A literal within a literal is a text, unless it says that it is markup", arguments: [true, false])
  func literals(isThere: Bool) {
    #expect(("<p>\(isThere ? "<b>" : "")</p>" as HTML).text == (isThere ? "<p>&lt;b&gt;</p>" : "<p></p>"))
    #expect(("<p>\(isThere ? "<b>" : .empty as HTML)</p>" as HTML).text == (isThere ? "<p><b></p>" : "<p></p>"))
  }

  @Test("Numbers and truths are written as they are")
  func numbers() {
    #expect(("\(12) \(1.5) \(true) \(UInt8(3))" as HTML).text == "12 1.5 true 3")
  }

  @Test("Other letters stay, control characters become visible")
  func letters() {
    #expect(HTML(text: "Grüße, 東京 😀\n\t").text == "Grüße, 東京 😀\n\t")
    #expect(HTML(text: "a\u{1B}[31m\0b\u{7F}").text == "a\u{FFFD}[31m\u{FFFD}b\u{FFFD}")
  }
}
