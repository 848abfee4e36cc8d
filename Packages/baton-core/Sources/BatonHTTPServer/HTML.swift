/// Markup, which is not text: what is put into it is escaped, unless it is markup itself.
///
/// Only what stands literally in the program is taken as it is. A `String` has no way in but through the escaping, so that nothing that a
/// host, a person or a broker has sent becomes markup by accident.
///
/// ```swift
/// let rows: [HTML] = hosts.map { "<li title='\($0.note)'>\($0.name)</li>" }
/// let page: HTML = "<h1>\(title)</h1><ul>\(rows)</ul>"
/// ```
///
/// Escaping makes a text safe between tags and within a quoted attribute. It does not make an address safe to follow (`javascript:`), nor
/// a text within `<script>` or `<style>`: nothing from outside belongs there.
public struct HTML: Hashable, Sendable {
  /// As it is sent.
  public let text: String

  public static let empty: HTML = ""

  private init(markup: String) { text = markup }

  /// A text that is no markup, whatever stands in it.
  public init(text: some StringProtocol) { self.text = Self.escaped(String(text)) }

  public var isEmpty: Bool { text.isEmpty }

  public static func + (left: HTML, right: HTML) -> HTML { HTML(markup: left.text + right.text) }

  public static func += (left: inout HTML, right: HTML) { left = left + right }

  private static func escaped(_ text: String) -> String {
    guard text.utf8.contains(where: isSpecial) else { return text }
    var escaped = ""
    escaped.reserveCapacity(text.utf8.count + 32)
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "'": escaped += "&#39;"
      case "\t", "\n", "\r": escaped.unicodeScalars.append(scalar)
      // No browser shows them, and NUL is not allowed in a page.
      case "\0"..."\u{1F}", "\u{7F}": escaped += "\u{FFFD}"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }

  private static func isSpecial(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "&"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\""), UInt8(ascii: "'"): true
    case 0...0x1F, 0x7F: true
    default: false
    }
  }
}

/// A literal is a `StaticString`, which no text that the program has read can be.
extension HTML: ExpressibleByStringInterpolation {
  public init(stringLiteral value: StaticString) { text = "\(value)" }

  public init(stringInterpolation: StringInterpolation) { text = stringInterpolation.text }

  public struct StringInterpolation: StringInterpolationProtocol {
    fileprivate var text = ""

    public init(literalCapacity: Int, interpolationCount: Int) {
      text.reserveCapacity(literalCapacity + interpolationCount * 16)
    }

    public mutating func appendLiteral(_ literal: StaticString) {
      literal.withUTF8Buffer { text += String(decoding: $0, as: UTF8.self) }
    }

    public mutating func appendInterpolation(_ html: HTML) { text += html.text }

    public mutating func appendInterpolation(_ html: HTML?) { text += html?.text ?? "" }

    /// One after the other, with nothing between.
    public mutating func appendInterpolation(_ parts: some Sequence<HTML>) {
      for part in parts { text += part.text }
    }

    /// A text, a number, a truth: escaped.
    public mutating func appendInterpolation(_ value: some LosslessStringConvertible) {
      text += HTML.escaped(String(value))
    }

    /// Nothing for nil.
    public mutating func appendInterpolation(_ value: (some LosslessStringConvertible)?) {
      if let value { text += HTML.escaped(String(value)) }
    }
  }
}

extension Sequence<HTML> {
  public func joined(separator: HTML = "") -> HTML {
    var joined: HTML.StringInterpolation = .init(literalCapacity: 0, interpolationCount: 0)
    for (index, part) in enumerated() {
      if index > 0 { joined.appendInterpolation(separator) }
      joined.appendInterpolation(part)
    }
    return HTML(stringInterpolation: joined)
  }
}

extension HTTPResponse {
  /// A page, or a piece of one.
  public init(status: Int = 200, _ html: HTML) {
    self.init(status: status, contentType: "text/html; charset=utf-8", html.text)
  }
}
