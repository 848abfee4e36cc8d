#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A folder of a test's own, gone with it.
public final class TemporaryFolder: Sendable {
  public let path: String

  public init() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "baton-test-\(UUID().uuidString.prefix(8))")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
    path = folder.path
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// The path of something in the folder.
  public func path(_ name: String) -> String { "\(path)/\(name)" }

  /// Writes a file and gives its path.
  @discardableResult
  public func write(_ bytes: [UInt8], to name: String, mode: UInt32 = 0o600) throws -> String {
    try Data(bytes).write(to: URL(filePath: path(name)))
    chmod(path(name), mode_t(mode))
    return path(name)
  }

  @discardableResult
  public func write(_ text: String, to name: String, mode: UInt32 = 0o600) throws -> String {
    try write([UInt8](text.utf8), to: name, mode: mode)
  }

  /// What stands in a file.
  public func text(of name: String) throws -> String {
    String(decoding: try Data(contentsOf: URL(filePath: path(name))), as: UTF8.self)
  }
}
