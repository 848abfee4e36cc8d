import Baton
import BatonCLI

/// `load-deploys -c CONFIGURATION FOLDER HOME ARTIFACT SHIPPED TESTED`: deploys on real agents of this machine, which are killed at each point
/// and at random moments, and writes down what was ordered, said, done and seen.
@main
struct LoadDeploys {
  private static let hosts = Option<Int>.value("hosts", placeholder: "n", help: "So many agents.", default: 10)
  private static let each = Option<Int>.value("each", placeholder: "n", help: "Kills at each point.", default: 25)
  private static let random = Option<Int>.value("random", placeholder: "n", help: "At random moments.", default: 200)
  private static let seed = Option<Int>.value("seed", placeholder: "n", help: "Of chance.", default: 1)

  static func main() {
    Program.main(
      Command(
        "load-deploys", abstract: "Kill agents in the middle of deploys, and write down what becomes of them.",
        operands: [
          .init("folder", help: "For ledgers and logs."), .init("home", help: "For the folders of hosts."),
          .init("artifact", help: "What is deployed, with its .sha256."),
          .init("shipped", help: "The executable of the agent."),
          .init("tested", help: "The same, built for tests: it kills itself where it is told to."),
        ], options: [hosts.spec, each.spec, random.spec, seed.spec] + CommonOptions.specs
      ) { arguments in
        let words = arguments.operands
        let configuration = try CommonOptions.configuration(arguments, program: "load-deploys")
        var generator = SeededGenerator(seed: try arguments[seed])
        let trials = Trial.all(each: try arguments[each], random: try arguments[random], using: &generator)
        let run = Run(
          folder: words[0], home: words[1], artifact: words[2],
          executables: .init(shipped: words[3], tested: words[4]),
          hosts: (1...(try arguments[hosts])).map { "host\($0)" }, trials: trials, seed: try arguments[seed],
          configuration: configuration)
        return Supervisor().run {
          do {
            return try await run.run() ? .success : .failure
          } catch {
            return Program.report(error, program: "load-deploys")
          }
        }
      })
  }
}
