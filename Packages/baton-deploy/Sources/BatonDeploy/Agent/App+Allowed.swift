extension App {
  /// Whether a request in the gem's form may name these addresses: both begin with one that the configuration allows, and have
  /// nothing in them that could lead elsewhere.
  func checkAllowed(_ source: Deploy.Source) throws(NotDeployed) {
    guard let releasing else {
      throw NotDeployed(.invalid, "'\(name)' has a command of its own, which fetches nothing")
    }
    for address in [source.url, source.checksumURL] {
      guard let prefix = releasing.artifact.allowed.first(where: address.hasPrefix) else {
        throw NotDeployed(
          .notPermitted, "an address in the request does not begin with one that 'artifact.allow' of '\(name)' names")
      }
      let rest = address.dropFirst(prefix.count)
      let isPlain = rest.utf8.allSatisfy { byte in
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x2F, 0x2B, 0x7E: true
        default: false
        }
      }
      guard isPlain, !rest.isEmpty, rest.utf8.count <= 1024, !rest.split(separator: "/").contains("..") else {
        throw NotDeployed(
          .invalid, "an address in the request has something in it that is no path: letters, digits and -._/+~")
      }
    }
  }
}
