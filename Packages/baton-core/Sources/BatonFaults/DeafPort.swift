#if canImport(Glibc)
  import Glibc
#endif

/// A port on loopback where nobody answers: a connection to it hangs, as to a host behind a firewall that drops packets.
///
/// It listens with a queue of one and fills it; Linux drops the packets of whoever comes after.
public final class DeafPort: Sendable {
  public let port: Int
  private let descriptors: [Int32]

  public init() throws {
    let (listener, port) = try Loopback.listen(backlog: 0)
    self.port = port
    // One fills the queue, the others find it full.
    descriptors = [listener] + (0..<3).compactMap { _ in try? Loopback.connect(to: port) }
  }

  deinit {
    for descriptor in descriptors { Glibc.close(descriptor) }
  }
}
