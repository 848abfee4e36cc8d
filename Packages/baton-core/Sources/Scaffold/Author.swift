#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Who the licence is from.
struct Author: Sendable, Hashable {
  let name: String
  let year: Int

  /// As git knows one; who has not told git is called as his account is.
  static func ofGit(in folder: String) throws(Refusal) -> Author {
    let name = try Git.run(["-C", folder, "config", "--get", "user.name"]).line
    return Author(name: name ?? account ?? "the authors", year: thisYear)
  }

  private static var account: String? {
    guard let entry = getpwuid(getuid()) else { return nil }
    let fullName = String(cString: entry.pointee.pw_gecos).prefix { $0 != "," }
    return fullName.isEmpty ? String(cString: entry.pointee.pw_name) : String(fullName)
  }

  private static var thisYear: Int {
    var now = time(nil)
    var parts = tm()
    localtime_r(&now, &parts)
    return Int(parts.tm_year) + 1900
  }
}
