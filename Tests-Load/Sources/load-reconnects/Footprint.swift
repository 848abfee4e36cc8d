#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// What this process has at the moment.
struct Footprint: CustomStringConvertible {
  let descriptors: Int
  let threads: Int
  /// Resident, in KiB.
  let memory: Int

  init() {
    func entries(_ folder: String) -> Int {
      (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/\(folder)").count) ?? 0
    }
    descriptors = entries("fd")
    threads = entries("task")
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
    memory = line.flatMap { Int($0.filter(\.isNumber)) } ?? 0
  }

  var description: String { "\(descriptors) descriptors, \(threads) threads, \(memory) KiB resident" }
}
