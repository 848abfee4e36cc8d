extension ExtensionPackage {
  /// What was made, and what to type next.
  public var nextSteps: String {
    var lines = ["Made \(path), on the baton-core in \(core.path)."]
    if parts.repository { lines.append("Its \(files.count) files are staged; the licence is from \(author.name).") }
    lines += ["", "To go on, type:", "", "  cd \(Self.quoted(path))"]
    lines += name.commands(parts).map { "  \($0)" }
    lines += ["", "Your own code goes into Sources/\(name.module)/\(name.type)Consumer.swift; see README.md."]
    return lines.joined(separator: "\n") + "\n"
  }

  /// As a shell takes it.
  private static func quoted(_ path: String) -> String {
    let isPlain = path.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"):
        true
      default: "/._-+@".utf8.contains(byte)
      }
    }
    return isPlain ? path : "'\(path.replacing("'", with: #"'\''"#))'"
  }
}
