import AMQP

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Names one message among all that were ever sent.
public enum MessageID {
  /// A random UUID in lower case (RFC 9562, version 4).
  ///
  /// Not by Foundation's type: that one spends two thirds of the time that an id takes on its text.
  public static func new() -> String {
    let bits = random()
    // Which version and variant it is.
    let high = bits.high & ~0xF000 | 0x4000
    let low = bits.low & ~(3 << 62) | 2 << 62
    return String(unsafeUninitializedCapacity: 36) { text in
      text.initialize(repeating: UInt8(ascii: "-"))
      for digit in 0..<32 {
        let value = UInt8(truncatingIfNeeded: (digit < 16 ? high : low) >> UInt64(60 - digit % 16 * 4)) & 0xF
        // A dash stands behind the digits 8, 12, 16 and 20.
        let dashes = digit < 8 ? 0 : min(4, digit / 4 - 1)
        text[digit + dashes] = value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
      }
      return 36
    }
  }

  /// Random bits in stock. To ask the system for those of each id would take longer than all else that an id takes.
  private static let stock = Locked<[UInt64]>([])

  private static func random() -> (high: UInt64, low: UInt64) {
    stock.withLock { stock in
      if stock.isEmpty {
        // As much as `getentropy(3)` gives at once.
        stock = Array(repeating: 0, count: 32)
        let isFilled = stock.withUnsafeMutableBytes { getentropy($0.baseAddress!, $0.count) == 0 }
        if !isFilled { for index in stock.indices { stock[index] = .random(in: .min ... .max) } }
      }
      return (stock.removeLast(), stock.removeLast())
    }
  }
}
