/// Why something asked of a store did not happen: what was tried, what kind of failure it was, and what SQLite said.
///
/// ```swift
/// do { … } catch StoreError.Code.full { … }
/// ```
public struct StoreError: Error, Hashable, CustomStringConvertible {
  public let code: Code
  /// In words for people, with SQLite's own where there are any.
  public let reason: String
  /// What was interrupted, to be read after "could not".
  public let action: String
  /// The database's file.
  public let path: String

  public init(_ code: Code, _ reason: String, while action: String, path: String) {
    self.code = code
    self.reason = reason
    self.action = action
    self.path = path
  }

  public var description: String { "could not \(action) in \(path): \(reason)" }
}

extension StoreError {
  /// A primary result code of SQLite (<https://www.sqlite.org/rescode.html>), or one from 1000 that is the store's own.
  public struct Code: RawRepresentable, Hashable, Sendable {
    public let rawValue: Int

    public init(rawValue: Int) { self.rawValue = rawValue }

    // SQLite's.
    public static let busy = Code(rawValue: 5)
    public static let readOnly = Code(rawValue: 8)
    public static let inputOutput = Code(rawValue: 10)
    public static let corrupt = Code(rawValue: 11)
    /// The disk, or the limit of the database's size.
    public static let full = Code(rawValue: 13)
    public static let cannotOpen = Code(rawValue: 14)
    public static let constraint = Code(rawValue: 19)
    public static let notADatabase = Code(rawValue: 26)

    // The store's own.
    /// A later version of the program has written it.
    public static let tooNew = Code(rawValue: 1000)
    /// A column holds another type than the one asked for, or there is no such column.
    public static let wrongType = Code(rawValue: 1001)
    /// A statement was run again while its rows were being read.
    public static let misuse = Code(rawValue: 1002)

    /// Catches a `StoreError` by its code.
    public static func ~= (code: Code, error: any Error) -> Bool {
      (error as? StoreError)?.code == code
    }
  }
}
