@testable import Scaffold

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A folder of a test's own, gone with it, that may have a baton-core in it.
final class Folder {
  let path: String

  init() throws {
    let url = FileManager.default.temporaryDirectory.appending(path: "baton-scaffold-\(UUID().uuidString.prefix(8))")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: false)
    path = try Files.real(url.path) ?? { throw CocoaError(.fileNoSuchFile) }()
  }

  deinit { Files.remove(path) }

  func makeFolder(_ name: String) throws -> String {
    try Files.makeFolders(name, in: path)
    return "\(path)/\(name)"
  }

  /// What counts as one: a folder with its manifest.
  @discardableResult
  func makeCore(_ name: String) throws -> String {
    let folder = try makeFolder(name)
    try Files.write("let package = Package(name: \"baton-core\")\n", to: "\(folder)/Package.swift")
    return folder
  }

  /// Paths of all files below it, sorted, without those of git.
  func files(in name: String) -> [String] {
    let found = (try? FileManager.default.subpathsOfDirectory(atPath: "\(path)/\(name)")) ?? []
    return found.filter { !$0.hasPrefix(".git/") && !Files.isFolder("\(path)/\(name)/\($0)") }.sorted()
  }
}
