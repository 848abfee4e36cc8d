/// What a shell needs to complete the words of a program, from the same tables as its help.
struct Completion {
  enum Shell: String, CaseIterable {
    case bash, zsh, fish
  }

  let command: Command

  func script(for shell: Shell) -> String {
    switch shell {
    case .bash: bash
    case .zsh: zsh
    case .fish: fish
    }
  }

  /// A command of the tree, by the words that lead to it, with what may come next.
  private struct Place {
    let path: [String]
    let command: Command
    /// Its own, and those of what runs when no subcommand is named.
    let options: [OptionSpec]

    var words: String { path.joined(separator: " ") }
  }

  private var places: [Place] { places(below: command, path: [command.name]) }

  private func places(below command: Command, path: [String]) -> [Place] {
    let standard = command.subcommands.first { $0.name == command.defaultSubcommand }
    let place = Place(
      path: path, command: command,
      options: (standard ?? command).options + [CommandParser.version, CommandParser.help])
    return [place] + command.subcommands.flatMap { places(below: $0, path: path + [$0.name]) }
  }

  /// A function of the shell may not have every name that a program may.
  private var function: String { "_" + command.name.replacing("-", with: "_") }

  private static func dashed(_ option: OptionSpec) -> [String] {
    (option.short.map { ["-\($0)"] } ?? []) + ["--\(option.name)"]
  }

  private static func isFile(_ option: OptionSpec) -> Bool {
    ["path", "file", "dir"].contains(option.placeholder ?? "")
  }

  // MARK: - bash

  private var bash: String {
    let deeper = places.dropFirst().map { "\"\($0.words)\"" }.joined(separator: " | ")
    let cases = places.map { place in
      let files = place.options.filter(Self.isFile).flatMap(Self.dashed)
      let values = place.options.filter { $0.placeholder != nil && !Self.isFile($0) }.flatMap(Self.dashed)
      let words = place.command.subcommands.map(\.name) + place.options.flatMap(Self.dashed)
      return """
            "\(place.words)")
              words="\(words.joined(separator: " "))" files=" \(files.joined(separator: " ")) " values=" \(values.joined(separator: " ")) "
              ;;
        """
    }
    return """
      # bash completion for \(command.name)
      \(function)() {
        local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} path=\(command.name) word
        local words files values
        for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
          case "$path $word" in
            \(deeper.isEmpty ? "''" : deeper)) path="$path $word" ;;
          esac
        done
        case $path in
      \(cases.joined(separator: "\n"))
        esac
        COMPREPLY=()
        if [[ $files == *" $previous "* ]]; then
          mapfile -t COMPREPLY < <(compgen -f -- "$current")
          compopt -o filenames 2>/dev/null
        elif [[ $values != *" $previous "* ]]; then
          mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
        fi
      }
      complete -F \(function) \(command.name)

      """
  }

  // MARK: - zsh

  private var zsh: String {
    let deeper = places.dropFirst().map { Self.quoted($0.words) }.joined(separator: "|")
    let cases = places.map { place in
      var arguments = place.options.flatMap { option in
        Self.dashed(option).map { word in
          let value = option.placeholder.map { ":\(Self.plain($0)):\(Self.isFile(option) ? "_files" : " ")" } ?? ""
          return Self.quoted("\(option.repeats ? "*" : "")\(word)[\(Self.plain(option.help))]\(value)")
        }
      }
      if !place.command.subcommands.isEmpty {
        let names = place.command.subcommands.map { "\($0.name)\\:\"\(Self.plain($0.abstract))\"" }
        arguments.append(Self.quoted("1:command:((\(names.joined(separator: " "))))"))
      }
      return "    \(Self.quoted(place.words))) _arguments -s \(arguments.joined(separator: " ")) ;;"
    }
    return """
      #compdef \(command.name)
      \(function)() {
        local path_=\(command.name)
        while ((CURRENT > 2)); do
          case "$path_ $words[2]" in
            \(deeper.isEmpty ? "''" : deeper)) path_+=" $words[2]"; shift words; ((CURRENT--)) ;;
            *) break ;;
          esac
        done
        case $path_ in
      \(cases.joined(separator: "\n"))
        esac
      }
      \(function) "$@"

      """
  }

  /// Without what `_arguments` and its quotes would read as their own.
  private static func plain(_ text: String) -> String {
    String(text.map { "[]:\"\\`$".contains($0) ? " " : $0 })
  }

  // MARK: - fish

  private var fish: String {
    var lines = ["# fish completion for \(command.name)", "complete -c \(command.name) -f"]
    for place in places {
      let condition = Self.fishCondition(place)
      for sub in place.command.subcommands {
        lines.append(
          "complete -c \(command.name) -n \(Self.quoted(condition)) -a \(sub.name) -d \(Self.quoted(sub.abstract))")
      }
      for option in place.options {
        let short = option.short.map { " -s \($0)" } ?? ""
        let value = option.placeholder == nil ? "" : Self.isFile(option) ? " -r -F" : " -x"
        lines.append(
          "complete -c \(command.name) -n \(Self.quoted(condition))\(short) -l \(option.name)\(value)"
            + " -d \(Self.quoted(option.help))")
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// All words that lead there have been seen, and none that leads deeper.
  private static func fishCondition(_ place: Place) -> String {
    let seen = place.path.dropFirst().map { "__fish_seen_subcommand_from \($0)" }
    let deeper = place.command.subcommands.map(\.name)
    let not = deeper.isEmpty ? [] : ["not __fish_seen_subcommand_from \(deeper.joined(separator: " "))"]
    let all = seen + not
    return all.isEmpty ? "true" : all.joined(separator: "; and ")
  }

  /// In single quotes, for zsh and fish both.
  private static func quoted(_ text: String) -> String { "'\(text.replacing("'", with: "’"))'" }
}
