/// Something went wrong, in the gem's words: the final answer of a host that could not do what was asked.
public struct Failure: Message, Error, Hashable {
  public static let type = "error"

  /// What kind: the name of the error's type, or one of this framework's own (`Unreadable`, `UnknownType`, `Misdirected`).
  public var errorClass: String
  /// For people.
  public var errorMessage: String

  public init(_ errorClass: String, _ errorMessage: String) {
    self.errorClass = errorClass
    self.errorMessage = errorMessage
  }

  /// An error that a handler threw.
  public init(_ error: any Error) {
    if let failure = error as? Failure {
      self = failure
    } else {
      self.init("\(Swift.type(of: error))", "\(error)")
    }
  }

  enum CodingKeys: String, CodingKey {
    case errorClass = "error_class"
    case errorMessage = "error_message"
  }
}

/// How something is going; never the last word.
public struct Info: Message, Hashable {
  public static let type = "info"
  public var message: String

  public init(_ message: String) { self.message = message }
}

/// It is done: a final answer, whatever the request.
public struct Success: Message, Hashable {
  public static let type = "success"
  public var message: String

  public init(_ message: String) { self.message = message }
}

/// A service has bound its queues and hears requests.
public struct Up: Message, Hashable {
  public static let type = "up"
  public init() {}
}

/// A service leaves in good order.
public struct Down: Message, Hashable {
  public static let type = "down"
  public init() {}
}
