import Baton

/// Who may do what on this host: the one place where that is decided.
///
/// Nothing is changed for the sake of a request whose sender is not known. Requests carry no signature yet, so that all changes are
/// refused unless the host's configuration says `ALLOW_UNSIGNED: true`; reading is open to all who may use the broker.
public struct Policy: Sendable, Hashable {
  let allowsUnsigned: Bool

  public init(allowsUnsigned: Bool) { self.allowsUnsigned = allowsUnsigned }

  /// Throws ``NotDeployed`` of the kind `notPermitted` if a request must not change anything.
  func checkChange(_ request: AnyMessage) throws(NotDeployed) {
    guard allowsUnsigned else {
      throw NotDeployed(
        .notPermitted,
        "'\(request.type)' is not signed, and this host takes such requests only with 'ALLOW_UNSIGNED: true'")
    }
  }
}
