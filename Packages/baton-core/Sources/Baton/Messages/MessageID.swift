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
    // One call of the system; a generator takes two.
    var bits: (high: UInt64, low: UInt64) = (0, 0)
    if getentropy(&bits, MemoryLayout.size(ofValue: bits)) != 0 {
      var generator = SystemRandomNumberGenerator()
      bits = (generator.next(), generator.next())
    }
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
}
