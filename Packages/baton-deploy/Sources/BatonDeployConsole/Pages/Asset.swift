import BatonHTTPServer

/// A file that pages bring along. Its address changes with what is in it, so that browsers may keep it.
struct Asset: Sendable {
  let path: String
  let contentType: String
  let text: String

  static let style = Asset("style", "css", "text/css; charset=utf-8", Style.text)
  static let script = Asset("console", "js", "text/javascript; charset=utf-8", Script.text)
  static let all = [style, script]

  private init(_ name: String, _ suffix: String, _ contentType: String, _ text: String) {
    // FNV-1a: it tells versions apart, and protects nothing.
    let hash = text.utf8.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    path = "/static/\(name)-\(String(hash, radix: 16)).\(suffix)"
    self.contentType = contentType
    self.text = text
  }

  var response: HTTPResponse {
    var response = HTTPResponse(contentType: contentType, text)
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response
  }
}
