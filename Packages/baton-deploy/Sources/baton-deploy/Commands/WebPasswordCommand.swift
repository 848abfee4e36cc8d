import Baton
import BatonCLI
import BatonDeployConsole

/// `baton-deploy web-password`: who may log in to the console with a password.
enum WebPasswordCommand {
  private static let shortest = 8
  private static let longest = 1024

  private static let remove = Option<Bool>.flag("remove", help: "Take the password away: the person is out at once.")

  static let command = Command(
    "web-password", abstract: "Set the password of a person for the web console, or take it away.",
    discussion: """
      The password is asked for twice, or read as one line where standard input is no terminal. It goes as a hash of Argon2id into the
      file of WEB_PASSWORDS, which a running console reads again by itself: who was logged in with the old one is out. What the person
      may do stands in WEB_PEOPLE.
      """,
    operands: [.init("name", help: "Whose it is.")], options: [remove.spec] + CommonOptions.specs
  ) { arguments in
    let name = try arguments.operands.checked(as: PersonName.checked)[0]
    let configuration = try WebOptions.configuration(arguments)
    let file = PasswordFile(try WebOptions.path("WEB_PASSWORDS", configuration))
    if try arguments[remove] {
      guard try file.remove(name) else {
        Output.error.writeLine("baton-deploy: \(name) has no password")
        return .failure
      }
      return .success
    }
    // Before anybody types: a file that is not right would not be written.
    _ = try file.names()
    try file.set(name, try PasswordHash(of: try password(for: name)))
    if let people = try? PeopleSettings(configuration.settings, state: ""), !people.hasRole(name) {
      Output.error.writeLine("\(name) has no role yet: add '- {name: \(name), role: viewer}' to WEB_PEOPLE")
    }
    return .success
  }

  private static func password(for name: String) throws -> String {
    guard let password = try Prompt.secret("Password for \(name): ") else {
      throw UsageError("There was no password to read.")
    }
    guard (shortest...longest).contains(password.utf8.count) else {
      throw UsageError("A password has \(shortest) to \(longest) bytes.")
    }
    if Prompt.isTerminal, try Prompt.secret("And again: ") != password {
      throw UsageError("They are not the same; nothing was changed.")
    }
    return password
  }
}
