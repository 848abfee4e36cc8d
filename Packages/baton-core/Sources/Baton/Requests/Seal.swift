public import AMQP

/// What makes a request trustworthy: headers that are added to each when it is published, and that say whose it is.
///
/// What is in them is the business of whoever makes them and whoever looks at them; `BatonSigning` has a kind with signatures.
public struct Seal: Sendable {
  private let make: @Sendable (Publishing) throws -> FieldTable

  /// - Parameter make: headers for a message that is complete otherwise; one that is published again gets new ones.
  public init(_ make: @escaping @Sendable (Publishing) throws -> FieldTable) { self.make = make }

  /// The headers that are to go with a message.
  public func headers(of publishing: Publishing) throws -> FieldTable { try make(publishing) }
}
