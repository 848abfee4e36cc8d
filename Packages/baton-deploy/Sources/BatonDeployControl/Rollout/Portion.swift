/// A part of some hosts: a number of them, or a percentage.
public enum Portion: Codable, Hashable, Sendable {
  case count(Int)
  /// 0 to 100.
  case percent(Int)

  /// `3` or `25%`.
  public init?(text: String) {
    let digits = text.hasSuffix("%") ? text.dropLast() : text[...]
    guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(digits) else {
      return nil
    }
    guard digits.endIndex != text.endIndex else {
      self = .count(number)
      return
    }
    guard number <= 100 else { return nil }
    self = .percent(number)
  }

  /// How many of `total` it is; a percentage is rounded down, so that it is never more than was said.
  public func of(_ total: Int) -> Int {
    switch self {
    case .count(let count): min(count, total)
    case .percent(let percent): total * percent / 100
    }
  }
}

extension Portion: CustomStringConvertible {
  public var description: String {
    switch self {
    case .count(let count): "\(count)"
    case .percent(let percent): "\(percent)%"
    }
  }
}
