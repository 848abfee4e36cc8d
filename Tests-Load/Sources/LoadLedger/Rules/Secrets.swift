#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Invariant 6: what must stand nowhere.
public struct Secrets: Sendable {
  private let forms: [(secret: Int, bytes: [UInt8])]

  /// Each is looked for as it is, and in base64.
  public init(_ secrets: [String]) {
    forms = secrets.enumerated().flatMap { index, secret in
      [[UInt8](secret.utf8), [UInt8](Data(secret.utf8).base64EncodedString().utf8)].map { (index, $0) }
    }
  }

  /// The names of the texts that have one in them.
  public func leaks(in texts: [(name: String, bytes: [UInt8])]) -> Finding {
    var finding = Finding()
    for (name, bytes) in texts {
      for (index, form) in forms where bytes.contains(form) {
        finding.violations.append("secret \(index + 1) stands in \(name)")
      }
    }
    if forms.isEmpty { finding.violations.append("there is no secret to look for") }
    finding.measures.append("\(texts.count) files searched for \(forms.count) forms of secrets")
    return finding
  }
}
