import Baton
import BatonCLI
import BatonDeploy
import BatonDeployControl

/// `baton-deploy watch`: what the hosts say about deploys, as they say it.
enum WatchCommand {
  private static let count = Option<Int?>.optional("count", placeholder: "n", help: "End after so many messages.")

  static let command = Command(
    "watch", abstract: "Show what hosts say about deploys, as they say it.",
    discussion: "It listens with a queue of its own: nobody misses a message because of it.",
    operands: [.init("app", help: "Only this application.", isOptional: true)],
    options: [OperatorOptions.to.spec, count.spec, OperatorOptions.jsonLines.spec] + CommonOptions.specs
  ) { arguments in
    let app = try arguments.operands.checked(as: Names.app).first
    let environment = try arguments[OperatorOptions.to].map { try [$0].checked(as: Names.environment)[0] }
    let count = try arguments[count]
    let isForPeople = try !arguments[OperatorOptions.jsonLines]
    let control = try OperatorOptions.control(arguments, command: "watch")
    return Supervisor().run {
      do {
        var seen = 0
        let style = Style(for: .standard)
        for try await message in control.messages() {
          let told = try? message.decode(Told.self)
          guard app == nil || told?.app == app, environment == nil || message.sender.environment == environment else {
            continue
          }
          Output.standard.writeLine(isForPeople ? line(message, told, style) : body(message))
          seen += 1
          if seen == count { return .success }
        }
        return .success
      } catch {
        return Program.report(error, program: "baton-deploy")
      }
    }
  }

  /// The members that whatever is said about an act has.
  private struct Told: Message {
    static let type = ""
    var app: String?
    var step: Step?
    var message: String?
    var errorMessage: String?

    enum CodingKeys: String, CodingKey {
      case app, step, message
      case errorMessage = "error_message"
    }
  }

  private static func body(_ message: AnyMessage) -> String {
    String(decoding: message.body, as: UTF8.self).escapingControlCharacters
  }

  /// `web1.example  shop  fetch  info  1.2 MB fetched`
  private static func line(_ message: AnyMessage, _ told: Told?, _ style: Style) -> String {
    let type = message.isError ? style.red(message.type) : style.green(message.type)
    let words = [told?.app, told?.step?.rawValue, type, told?.errorMessage ?? told?.message].compactMap(\.self)
    let host = style.bold(message.sender.fqdn.escapingControlCharacters)
    return ([host] + words.map { $0 == type ? $0 : $0.escapingControlCharacters }).joined(separator: "  ")
  }
}
