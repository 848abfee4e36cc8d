public import Baton

/// Asks who is there.
public struct Ping: Request {
  public static let type = "ping"
  public typealias Reply = Pong

  public init() {}
}

/// I am: what the host is stands beside it, as in every answer.
public struct Pong: Message {
  public static let type = "pong"

  public init() {}
}
