import TestSupport
import Testing

@testable import Baton

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

struct LogSinkTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test("It appends to what is there")
  func appends() throws {
    let sink = try LogSink.file(try folder.write("old\n", to: "x.log"))
    #expect(sink.write("new\n"))
    #expect(try folder.text(of: "x.log") == "old\nnew\n")
  }

  @Test("A new file is for its owner and group alone")
  func mode() throws {
    _ = try LogSink.file(folder.path("x.log"))
    var status = stat()
    #expect(stat(folder.path("x.log"), &status) == 0)
    #expect(status.st_mode & 0o137 == 0)
  }

  @Test("After logrotate has moved the file, it writes to a new one once it is told to")
  func reopen() throws {
    let sink = try LogSink.file(folder.path("x.log"))
    sink.write("one\n")
    #expect(rename(folder.path("x.log"), folder.path("x.log.1")) == 0)
    sink.write("two\n")
    try sink.reopen()
    sink.write("three\n")
    #expect(try folder.text(of: "x.log.1") == "one\ntwo\n")
    #expect(try folder.text(of: "x.log") == "three\n")
  }

  @Test("It goes on with the old file if the new one cannot be had")
  func reopenFails() throws {
    #expect(mkdir(folder.path("logs"), 0o700) == 0)
    let sink = try LogSink.file(folder.path("logs/x.log"))
    #expect(rename(folder.path("logs"), folder.path("moved")) == 0)
    #expect(throws: LogFileError.self) { try sink.reopen() }
    #expect(sink.write("still\n"))
    #expect(try folder.text(of: "moved/x.log") == "still\n")
  }

  @Test("What cannot be opened is told with what to do")
  func cannotOpen() {
    let path = folder.path("no/x.log")
    let error = #expect(throws: LogFileError.self) { try LogSink.file(path) }
    #expect(
      error?.description
        == "cannot open the log file \(path): No such file or directory; see to its folder and rights, or set LOG_FILE "
        + "to another path")
  }

  @Test("A full disk is told to the caller, each time", .enabled("needs /dev/full") { access("/dev/full", W_OK) == 0 })
  func full() throws {
    let sink = try LogSink.file("/dev/full")
    #expect(!sink.write("one\n"))
    #expect(!sink.write("two\n"))
    #expect(!Logger(to: sink).log(.info, "m", body: [0x7B, 0x7D]))
  }
}
