extension Duration {
  /// A time as people write it: a number with `ms`, `s`, `m` or `h` behind it; without a unit it is seconds.
  public init?(text: String) {
    let digits = text.prefix { $0.isNumber || $0 == "." }
    guard let number = Double(digits), number.isFinite, number <= 1e9 else { return nil }
    switch text.dropFirst(digits.count) {
    case "ms": self = .seconds(number / 1000)
    case "", "s": self = .seconds(number)
    case "m": self = .seconds(number * 60)
    case "h": self = .seconds(number * 3600)
    default: return nil
    }
  }

  /// In milliseconds, with their fraction.
  public var milliseconds: Double {
    Double(components.seconds) * 1e3 + Double(components.attoseconds) / 1e15
  }
}
