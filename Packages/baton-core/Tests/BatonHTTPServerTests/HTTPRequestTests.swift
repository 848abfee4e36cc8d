import BatonHTTPServer
import Testing

struct HTTPRequestTests {
  private func form(_ text: String, type: String = "application/x-www-form-urlencoded") -> [String: [String]]? {
    HTTPRequest("POST", headers: ["Content-Type": type], body: [UInt8](text.utf8)).form
  }

  @Test("Cookies are told apart, and of two with one name the first counts")
  func cookies() {
    let request = HTTPRequest(headers: ["Cookie": "id=a=b; other=; id=c;broken; x=1"])
    #expect(request.cookies == ["id": "a=b", "other": "", "x": "1"])
    #expect(HTTPRequest().cookies.isEmpty)
  }

  @Test("A form's fields are decoded, and each name has all its values")
  func decodes() {
    #expect(
      form("host=a&host=b+c&note=%C3%BC%26%3d&empty=&bare") == [
        "host": ["a", "b c"], "note": ["ü&="], "empty": [""], "bare": [""],
      ])
    #expect(form("") == [:])
    #expect(form("a=1", type: "Application/X-WWW-Form-Urlencoded; charset=UTF-8") == ["a": ["1"]])
  }

  @Test("What is no form gives none", arguments: ["a=%", "a=%4", "a=%zz", "a=%-1", "%FF=1", "a=%C3"])
  func malformed(_ text: String) {
    #expect(form(text) == nil)
  }

  @Test("Another type, and more fields than any page has, give no form")
  func refused() {
    #expect(form("a=1", type: "multipart/form-data") == nil)
    #expect(form("a=1", type: "application/json") == nil)
    #expect(HTTPRequest("POST", body: [UInt8]("a=1".utf8)).form == nil)
    #expect(form(String(repeating: "a=1&", count: 20_001)) == nil)
  }
}
