extension ExtensionPackage {
  var readme: String {
    """
    # \(name.package)

    An extension of baton: servers answer requests that come in on `\(name.service)_in`, and say what came of them on
    `\(name.service)_out`, where anybody may listen.

    ```sh
    \(name.commands(parts).joined(separator: "\n"))
    ```

    It needs Swift 6.2 or newer, and `apt-get install pkg-config librabbitmq-dev libyaml-dev libsqlite3-dev`.
    The tests need no broker. \(parts.executables ? running : embedding)

    ## What to change

    | file | what it is |
    |---|---|
    | `Sources/\(name.module)/Dummy.swift` | the messages: put your own in place of `Dummy` and `Greeting` |
    | `Sources/\(name.module)/\(name.type)Consumer.swift` | which requests concern a server, and what it does then |
    | `Sources/\(name.module)/\(name.type)API.swift` | what a program calls to ask |
    | `Sources/\(name.module)/\(name.type)Monitor.swift` | what is done with what servers say |
    | `config/\(name.package).cfg` | which broker, and what this host is |

    `Package.swift` says where baton-core is.

    """
  }

  private var running: String {
    """
    To run it, a RabbitMQ has to listen on localhost (`docker run -p 5672:5672 rabbitmq`), or
    `config/\(name.package).cfg`, given with `-c`, has to name one. \
    `systemd/` has a unit for the service and one for the monitor.

    The members of a request are the options of `\(name.package) ask`; `\(name.package) schema` tells them to programs in
    other languages.
    """
  }

  private var embedding: String {
    """
    There is no executable: `\(name.type)Service.main()`, of `BatonCLI`, is all that one needs
    (`batonize package \(name.text) --bin` makes a package with two).
    """
  }
}

extension ExtensionName {
  /// What to type in the new package's folder.
  func commands(_ parts: ExtensionPackage.Parts) -> [String] {
    let programs = [
      ("swift run \(package)", "the service, on this host"),
      ("swift run \(package)-monitor", "in another terminal: hears what servers say"),
      ("swift run \(package) ask dummy development --count 3", "in a third: asks"),
    ]
    let width = programs.map(\.0.count).max() ?? 0
    let lines = programs.map { $0 + String(repeating: " ", count: width - $0.count) + "  # \($1)" }
    return ["swift test"] + (parts.executables ? lines : [])
  }
}
