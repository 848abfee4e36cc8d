import Baton
import BatonCLI
import BatonSigning

/// `baton keygen`: a key to sign requests with, and what hosts have to know of it.
enum KeygenCommand {
  static let command = Command(
    "keygen", abstract: "Make a key to sign requests with, and print what hosts have to know of it.",
    discussion: """
      The file is its owner's alone: it never leaves his machine. What is printed goes into the configuration of the hosts
      that shall trust him, with what he may do there; there is nothing secret in it.
      """,
    operands: [
      .init("name", help: "Whose it is: hosts know the key by it."),
      .init("file", help: "Where the key is written; it must not be there yet."),
    ]
  ) { arguments in
    do {
      let key = try SigningKey(id: arguments.operands[0])
      try key.write(to: arguments.operands[1])
      Output.standard.write(
        """
        TRUSTED_KEYS:
          \(key.id):
            key: \(key.publicKey)
            may: [deploy, rollback, restart, cancel, lock, unlock]
            apps: ['*']
            environments: ['*']

        """)
      return .success
    } catch let error as SigningKeyError {
      Output.error.writeLine("baton: \(error)".escapingControlCharacters)
      return .failure
    }
  }
}
