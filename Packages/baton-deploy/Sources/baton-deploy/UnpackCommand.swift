import BatonCLI
import BatonDeploy

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// `baton-deploy unpack`: what the agent runs to unpack an artifact, as the user that the release belongs to.
enum UnpackCommand {
  static let command = Command(
    "unpack", abstract: "Unpack the archive on standard input into the current folder (used by the agent).",
    operands: [
      .init("entries", help: "At most so many."), .init("bytes", help: "At most so many, unpacked."),
      .init("ratio", help: "At most so many times the archive's size."),
      .init("depth", help: "At most so many folders within each other."),
    ]
  ) { arguments in
    let numbers = arguments.operands.compactMap(Int64.init).filter { $0 > 0 }
    guard numbers.count == 4 else { throw UsageError("It wants four numbers.") }
    var limits = Archive.Limits()
    limits.entries = Int(numbers[0])
    limits.bytes = numbers[1]
    limits.ratio = numbers[2]
    limits.depth = Int(numbers[3])
    do {
      try Archive.unpack(STDIN_FILENO, limits: limits)
      return .success
    } catch {
      Output.error.writeLine("\(error)")
      return .failure
    }
  }
}
