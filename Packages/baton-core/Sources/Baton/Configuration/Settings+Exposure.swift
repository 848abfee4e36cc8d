/// Secrets that everybody on this machine could read: a sentence for people or, where the program was told to be strict, an error.
extension Settings {
  /// What is wrong with a secret that stands in the configuration file; nil if others cannot read it.
  ///
  /// - Parameters:
  ///   - fileKey: the key that would name a file of its own for it.
  ///   - noun: what it is.
  public func exposure(
    of key: String, fileKey: String, noun: String = "secret"
  ) throws(ConfigurationError) -> String? {
    guard case .file(let path, let line) = origin(of: key), FileBytes.isReadableByAll(path) else { return nil }
    return try complaint(
      ConfigurationError(
        place: "\(path):\(line)", problem: "everybody on this machine can read the \(noun) in \(prefix)\(key)",
        remedy: "run 'chmod o-r \(path)', or move it into a file named by \(fileKey)"))
  }

  /// What is wrong with a secret in a file of its own; nil if others cannot read it, or there is none.
  public func exposure(ofFileUnder key: String, noun: String = "secret") throws(ConfigurationError) -> String? {
    guard let path = try path(key), FileBytes.isReadableByAll(path) else { return nil }
    return try complaint(
      ConfigurationError(
        place: path, problem: "everybody on this machine can read the \(noun)", remedy: "run 'chmod o-r \(path)'"))
  }

  private func complaint(_ error: ConfigurationError) throws(ConfigurationError) -> String {
    if isStrict { throw error }
    return error.description
  }
}
