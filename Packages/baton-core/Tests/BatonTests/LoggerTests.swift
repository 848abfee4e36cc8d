import AMQP
import TestSupport
import Testing

@testable import Baton

struct LoggerTests {
  private let lines = Locked<[String]>([])

  private func logger(_ format: Logger.Format = .text, level: Logger.Level = .info) -> Logger {
    Logger(to: LogSink { [lines] line in lines.withLock { $0.append(line) } }, format: format, level: level)
  }

  /// What has been written, each line without its time.
  private var written: [String] {
    lines.withLock { $0.map { line in line.replacing(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/, with: "TIME") } }
  }

  @Test("Text: the time, the level, the message, and what varies behind it")
  func text() {
    let logger = logger(level: .debug)
    logger.debug("One")
    logger.info("Two", ["host": "web1", "reason": "no such host"])
    logger.warning("Three", ["empty": "", "pair": "a=b"])
    logger.error("Four", ["quoted": #"say "no""#])
    #expect(
      written == [
        "TIME DEBUG   One\n", "TIME INFO    Two host=web1 reason=\"no such host\"\n",
        "TIME WARNING Three empty=\"\" pair=\"a=b\"\n", #"TIME ERROR   Four quoted="say \"no\"""# + "\n",
      ])
  }

  @Test("JSON: one object a line, members sorted")
  func json() {
    logger(.json).warning("Lost", ["reason": "a \"b\"\n", "host": "x/y"])
    #expect(
      written == [
        #"{"host":"x/y","level":"warning","message":"Lost","reason":"a \"b\"\n","time":"TIME"}"# + "\n"
      ])
  }

  @Test("What is below the level is not written, and a body below it counts as written")
  func level() {
    let logger = logger(level: .warning)
    logger.info("no")
    #expect(logger.log(.info, "no", body: []))
    logger.error("yes")
    #expect(written == ["TIME ERROR   yes\n"])
  }

  @Test("A body stands behind the message in text, and is a value in JSON")
  func body() {
    let body = [UInt8](#"{"type":"pong","n":[1,2.5,null]}"#.utf8)
    #expect(logger().log(.info, "Message read", body: body))
    #expect(logger(.json).log(.error, "Message read", body: body))
    #expect(
      written == [
        #"TIME INFO    Message read: {"type":"pong","n":[1,2.5,null]}"# + "\n",
        #"{"body":{"n":[1,2.5,null],"type":"pong"},"level":"error","message":"Message read","time":"TIME"}"# + "\n",
      ])
  }

  @Test("A body that is no JSON is a string in JSON")
  func noJSON() {
    #expect(logger(.json).log(.info, "m", body: [0x78, 0xFF]))
    #expect(written == [#"{"body":"x�","level":"info","message":"m","time":"TIME"}"# + "\n"])
  }

  @Test(
    "Nothing that comes from outside can forge a line, move the cursor or turn the text round",
    arguments: [
      "\n", "\r", "\r\n", "\u{0}", "\u{8}", "\u{1B}[2J", "\u{7F}", "\u{85}", "\u{9B}2J", "\u{2028}", "\u{2029}",
      "\u{202E}", "\u{200B}", "\u{FEFF}", "\u{E0001}",
    ])
  func forging(text: String) throws {
    let hostile = "a\(text)2026-01-01T00:00:00.000Z ERROR   forged"
    for format in Logger.Format.allCases {
      logger(format).info(hostile, ["key": hostile])
      _ = logger(format).log(.info, "m", body: [UInt8](hostile.utf8))
      _ = logger(format).log(.info, "m", body: try JSONText.encode(["text": hostile]))
    }
    for line in lines.withLock({ $0 }) {
      // All that was hostile has become ASCII that shows.
      #expect(line.last == "\n")
      #expect(line.dropLast().unicodeScalars.allSatisfy { (0x20..<0x7F).contains($0.value) }, "\(line)")
    }
    #expect(lines.withLock(\.count) == 6)
  }

  @Test("Metadata cannot forge another pair")
  func forgedPair() {
    logger().info("m", ["a": #"x\" level=error"#])
    #expect(written == [#"TIME INFO    m a="x\\\" level=error""# + "\n"])
  }

  @Test("The journal gets a priority at the beginning of each line, and keeps the time itself")
  func journal() throws {
    let folder = try TemporaryFolder()
    let sink = try LogSink.file(folder.path("x.log"), isJournal: true)
    let logger = Logger(to: sink, level: .debug)
    logger.debug("d")
    logger.info("i")
    logger.warning("w")
    logger.error("e", ["k": "a\nb"])
    Logger(to: sink, format: .json).error("j")
    let lines = try folder.text(of: "x.log").split(separator: "\n")
    #expect(lines.dropLast() == ["<7>d", "<6>i", "<4>w", #"<3>e k=a\nb"#])
    #expect(lines.last?.hasPrefix(#"<3>{"level":"error","message":"j","#) == true)
  }

  @Test("Levels have an order")
  func order() {
    #expect([.error, .debug, .warning, .info].sorted() == [Logger.Level.debug, .info, .warning, .error])
  }
}
