public import Baton

/// Service discovery: lets a server say that it is there, and what it is.
public struct PingService: Service {
  public let name = PingAPI.name

  public init() {}

  public func consumers(on server: Server) -> [any Consumer] { [PingConsumer()] }
}
