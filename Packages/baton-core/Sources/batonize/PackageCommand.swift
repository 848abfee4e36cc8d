import BatonCLI
import Scaffold

/// `batonize package NAME`: a package with an extension that works, to be filled with something useful.
enum PackageCommand {
  private static let bin = Option<Bool>.flag(
    "bin", short: "b", help: "Also make executables: one that serves and asks, and one that listens.")
  private static let path = Option<String>.value(
    "path", placeholder: "dir", help: "Make it in this folder (default: the current one).", default: ".")
  private static let core = Option<String?>.optional(
    "core", placeholder: "path|url",
    help: "Build on the baton-core of this checkout, or of this repository, which is cloned beside the new package "
      + "(default: one that is found upwards from the folder or from this program, or that is installed).")
  private static let noGit = Option<Bool>.flag(
    "no-git", help: "Make it part of a repository that is there: without 'git init', licence and CI workflow.")

  /// - Parameter word: `package`, or `gem`, as the Ruby gem had it.
  static func command(_ word: String) -> Command {
    Command(
      word,
      abstract: word == "gem" ? "The same, under its name in the Ruby gem." : "Make a package 'baton-<name>'.",
      operands: [.init("name", help: "Lower-case letters and digits with single dashes between: 'hello', 'my-app-2'.")],
      options: [bin.spec, path.spec, core.spec, noGit.spec]
    ) { arguments in
      if word == "gem" { Output.error.writeLine("batonize: 'gem' means 'package': what is made is a Swift package") }
      let parts = ExtensionPackage.Parts(
        executables: try arguments[bin], repository: try !arguments[noGit])
      do {
        let name = try ExtensionName(arguments.operands[0])
        let package = try ExtensionPackage(name, in: try arguments[path], parts: parts, core: try arguments[core])
        try package.write()
        Output.standard.write(package.nextSteps)
        return .success
      } catch let refusal as Refusal {
        Output.error.writeLine("batonize: \(refusal)")
        return ExitCode(refusal.kind)
      }
    }
  }
}

extension ExitCode {
  fileprivate init(_ kind: Refusal.Kind) {
    self =
      switch kind {
      case .usage: .usage
      case .folder: .cannotCreate
      case .missing: .unavailable
      }
  }
}
