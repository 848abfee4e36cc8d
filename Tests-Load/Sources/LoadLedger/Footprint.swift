#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// What a process has at the moment.
public struct Footprint: CustomStringConvertible, Sendable {
  public let descriptors: Int
  public let threads: Int
  /// Resident, in KiB.
  public let memory: Int

  /// - Parameter process: its number, or `self`.
  public init(_ process: String = "self") {
    func entries(_ folder: String) -> Int {
      (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/\(folder)").count) ?? 0
    }
    descriptors = entries("fd")
    threads = entries("task")
    let status = (try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
    memory = line.flatMap { Int($0.filter(\.isNumber)) } ?? 0
  }

  public var description: String { "\(descriptors) descriptors, \(threads) threads, \(memory) KiB resident" }
}
