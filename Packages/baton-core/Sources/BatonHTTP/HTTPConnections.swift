import AMQP
import CCurl

/// Connections that are kept open between the transfers of a client: who tells the same server many things greets it once.
///
/// As many are kept as transfers ran at once; they end with this.
public final class HTTPConnections: Sendable {
  private let idle = Locked<[Handle]>([])

  /// A handle of libcurl with the connections that it keeps.
  ///
  /// `@unchecked Sendable`: whoever has taken it out of `idle` is the only one to touch it.
  final class Handle: @unchecked Sendable {
    let curl: UnsafeMutableRawPointer

    /// The corresponding C function is `curl_easy_init`.
    init?() {
      guard let curl = curl_easy_init() else { return nil }
      self.curl = curl
    }

    deinit { curl_easy_cleanup(curl) }
  }

  public init() {}

  /// One that nobody uses, or a new one.
  func take() -> Handle? { idle.withLock { $0.popLast() } ?? Handle() }

  /// Takes one back: its connections stay, what was set is forgotten.
  ///
  /// The corresponding C function is `curl_easy_reset`.
  func put(_ handle: Handle) {
    curl_easy_reset(handle.curl)
    idle.withLock { $0.append(handle) }
  }
}
