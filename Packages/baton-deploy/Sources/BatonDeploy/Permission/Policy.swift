import Baton
import BatonSigning

/// Who may do what on this host: the one place where that is decided.
///
/// Nothing is changed for the sake of a request whose sender is not known: it has to be signed with a key that the host's
/// configuration trusts with such a request, of that application, in that environment. `ALLOW_UNSIGNED: true` takes unsigned ones as
/// well. Reading is open to all who may use the broker.
public struct Policy: Sendable, Hashable {
  let allowsUnsigned: Bool
  /// By their names.
  let keys: [String: TrustedKey]

  init(allowsUnsigned: Bool, keys: [String: TrustedKey] = [:]) {
    self.allowsUnsigned = allowsUnsigned
    self.keys = keys
  }

  /// Whose the request is; nil if it is unsigned, and may be. Throws ``NotDeployed`` if it must not change anything.
  ///
  /// A request that wants to be signed has to be right, whatever else is allowed.
  ///
  /// - Parameters:
  ///   - now: milliseconds since 1970.
  ///   - isFirst: remembers a signature, on disk, and says whether it had not been seen before.
  func checkChange(
    _ request: AnyMessage, of app: String, in environment: String, now: Int64, isFirst: (Signature) throws -> Bool
  ) throws -> String? {
    let signature: Signature
    do {
      signature = try Signature(of: request, keys: keys.mapValues(\.key), now: now)
    } catch  where error.code == .missing {
      if allowsUnsigned { return nil }
      throw NotDeployed(
        .notPermitted,
        "'\(request.type)' is not signed, and this host takes such requests only with 'ALLOW_UNSIGNED: true'")
    } catch {
      throw NotDeployed(error.code == .expired ? .expired : .notPermitted, "'\(request.type)': \(error.reason)")
    }
    guard keys[signature.keyID]?.permits(request.type, of: app, in: environment) == true else {
      throw NotDeployed(
        .notPermitted,
        "the key '\(signature.keyID)' is not trusted here with '\(request.type)' of '\(app)' in '\(environment)'")
    }
    guard try isFirst(signature) else {
      throw NotDeployed(.notPermitted, "'\(request.type)' was here before, and is a replay")
    }
    return signature.keyID
  }
}
