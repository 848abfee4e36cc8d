/// A method, a pattern of paths, and who answers.
///
/// ```swift
/// HTTPRoute("GET", "/apps/:app") { request in HTTPResponse("\(request.parameters["app"] ?? "")") }
/// ```
public struct HTTPRoute: Sendable {
  public typealias Handler = @Sendable (HTTPRequest) async -> HTTPResponse

  let method: String
  /// The parts between the slashes; one that begins with a colon takes any part, and names it.
  private let parts: [Substring]
  let handler: Handler

  public init(_ method: String, _ path: String, _ handler: @escaping Handler) {
    self.method = method
    parts = Self.parts(of: path)
    self.handler = handler
  }

  /// What the pattern leaves open in a path that it fits; nil if it does not fit.
  func parameters(of path: String) -> [String: String]? {
    let given = Self.parts(of: path)
    guard given.count == parts.count else { return nil }
    var parameters: [String: String] = [:]
    for (part, text) in zip(parts, given) {
      if part.hasPrefix(":") {
        parameters[String(part.dropFirst())] = String(text)
      } else if part != text {
        return nil
      }
    }
    return parameters
  }

  private static func parts(of path: String) -> [Substring] {
    path.split(separator: "/", omittingEmptySubsequences: false)
  }
}
