import Testing

@testable import BatonCLI

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

struct HostsFileTests {
  /// What is read from a file with such a text.
  private func read(_ text: String) throws -> [String] {
    let path = FileManager.default.temporaryDirectory.appending(path: "hosts-\(UUID().uuidString)").path
    try Data(text.utf8).write(to: URL(filePath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try HostsFile.read(path)
  }

  @Test("A host on each line; empty lines, comments and what stands behind the name do not count")
  func lines() throws {
    #expect(
      try read("web1.example\n\n  web2.example  \n# web3\nweb4 # the last\nweb5 spare\n\t\n") == [
        "web1.example", "web2.example", "web4", "web5",
      ])
  }

  @Test("The last line may lack its end, and lines may end as on Windows")
  func ends() throws {
    #expect(try read("web1\r\nweb2") == ["web1", "web2"])
    #expect(try read("").isEmpty)
  }

  @Test("No file is no host, and one that is not there is told")
  func missing() throws {
    #expect(try HostsFile.read(nil).isEmpty)
    #expect(throws: UsageError("Cannot read the hosts file /nonexistent: No such file or directory.")) {
      try HostsFile.read("/nonexistent")
    }
  }

  @Test("A folder is told as such")
  func folder() {
    #expect(throws: UsageError("Cannot read the hosts file /tmp: Is a directory.")) { try HostsFile.read("/tmp") }
  }
}
