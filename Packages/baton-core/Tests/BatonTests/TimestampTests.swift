import Testing

@testable import Baton

struct TimestampTests {
  @Test(
    "A time is written in ISO 8601 with milliseconds, whatever a peer says it is",
    arguments: [
      (0, "1970-01-01T00:00:00.000Z"), (1_772_366_400_007, "2026-03-01T12:00:00.007Z"),
      (951_868_799_999, "2000-02-29T23:59:59.999Z"), (-1, "1969-12-31T23:59:59.999Z"),
      (-62_135_596_800_000, "1-01-01T00:00:00.000Z"),
    ] as [(Int64, String)])
  func text(milliseconds: Int64, expected: String) {
    #expect(Timestamp.text(milliseconds: milliseconds) == expected)
  }

  @Test("A time beyond all calendars ends nothing", arguments: [Int64.min, Int64.max])
  func extremes(milliseconds: Int64) {
    #expect(Timestamp.text(milliseconds: milliseconds).hasSuffix("Z"))
  }
}
