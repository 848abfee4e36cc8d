/// What a cell holds (<https://www.sqlite.org/datatype3.html>).
public enum StoreValue: Sendable, Hashable {
  case null
  case integer(Int64)
  case real(Double)
  case text(String)
  case blob([UInt8])

  /// In words, for messages.
  var kind: String {
    switch self {
    case .null: "NULL"
    case .integer: "an integer"
    case .real: "a real"
    case .text: "a text"
    case .blob: "a blob"
    }
  }
}

/// A type that can be bound to a statement and read from a column.
public protocol Storable: Sendable {
  var storeValue: StoreValue { get }
  /// Nil if the cell holds something else: nothing is converted silently.
  init?(storeValue: StoreValue)
}

extension Int64: Storable {
  public var storeValue: StoreValue { .integer(self) }

  public init?(storeValue: StoreValue) {
    guard case .integer(let number) = storeValue else { return nil }
    self = number
  }
}

extension Int: Storable {
  public var storeValue: StoreValue { .integer(Int64(self)) }

  public init?(storeValue: StoreValue) {
    guard case .integer(let number) = storeValue else { return nil }
    self.init(exactly: number)
  }
}

extension Bool: Storable {
  public var storeValue: StoreValue { .integer(self ? 1 : 0) }

  public init?(storeValue: StoreValue) {
    switch storeValue {
    case .integer(0): self = false
    case .integer(1): self = true
    default: return nil
    }
  }
}

extension Double: Storable {
  public var storeValue: StoreValue { .real(self) }

  public init?(storeValue: StoreValue) {
    guard case .real(let number) = storeValue else { return nil }
    self = number
  }
}

extension String: Storable {
  public var storeValue: StoreValue { .text(self) }

  public init?(storeValue: StoreValue) {
    guard case .text(let text) = storeValue else { return nil }
    self = text
  }
}

extension [UInt8]: Storable {
  public var storeValue: StoreValue { .blob(self) }

  public init?(storeValue: StoreValue) {
    guard case .blob(let bytes) = storeValue else { return nil }
    self = bytes
  }
}

extension Optional: Storable where Wrapped: Storable {
  public var storeValue: StoreValue { self?.storeValue ?? .null }

  public init?(storeValue: StoreValue) {
    if case .null = storeValue {
      self = .none
    } else {
      guard let value = Wrapped(storeValue: storeValue) else { return nil }
      self = value
    }
  }
}
