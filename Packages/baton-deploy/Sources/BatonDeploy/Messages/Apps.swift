public import Baton

/// Which applications are deployed here? Asked of a whole environment, under its own name as the routing key.
public struct Apps: Request, Hashable {
  public static let type = "apps"
  public typealias Reply = AppList

  public init() {}
}

/// The applications that a host's agent deploys, by name.
public struct AppList: Message, Hashable {
  public static let type = "app_list"

  public var apps: [String]
}
