public import Baton

extension [String] {
  /// The words of a command line as names, each once; one that is no name is a ``UsageError`` that says why.
  public func checked(as check: (String) throws(InvalidName) -> String) throws(UsageError) -> [String] {
    var names: [String] = []
    for word in self {
      do {
        let name = try check(word)
        if !names.contains(name) { names.append(name) }
      } catch {
        throw UsageError("\(error).")
      }
    }
    return names
  }
}
