import Baton

enum ReportFormat {
  case table, json, jsonLines

  init(json: Bool, jsonLines: Bool) throws(UsageError) {
    switch (json, jsonLines) {
    case (true, true): throw UsageError("'--json' and '--json-lines' exclude each other.")
    case (true, false): self = .json
    case (false, true): self = .jsonLines
    case (false, false): self = .table
    }
  }
}

/// What an `ask` shows: each answer as it comes, then what they come to.
struct Report {
  private let table: Table
  private let format: ReportFormat
  private let style = Style(for: .standard)
  private let progress = Progress()
  private var entries: [Entry] = []
  private var summary: Summary

  init<Reply: Message>(
    of reply: Reply.Type, _ format: ReportFormat, environments: [String], hosts: [String], expected: Int?
  ) {
    // An answer that says nothing but "here" leaves room for what the host is.
    let isBare = (try? Shape(of: reply))?.fields.isEmpty == true
    table = Table([
      .init("HOST", width: 32), .init("ENVIRONMENT", width: 12), .init("STATUS", width: 13),
      .init("TIME", .right, width: 9), .init(isBare ? "APPLICATIONS" : "ANSWER"),
    ])
    self.format = format
    summary = Summary(environments: environments, hosts: hosts, expected: expected)
    progress.show("asking \(environments.joined(separator: ", "))…")
  }

  mutating func add<Reply>(_ answer: Answer<Reply>) {
    progress.clear()
    guard let entry = Entry(answer) else { return show(answer) }
    if format == .table {
      if entries.isEmpty { Output.standard.writeLine(style.bold(table.heading)) }
      Output.standard.writeLine(color(table.line(entry.row), entry))
    } else if format == .jsonLines {
      writeJSON(entry)
    }
    entries.append(entry)
    summary.add(entry)
    progress.show("\(summary.answered) answered…")
  }

  /// Writes what is left to say, and gives the code to exit with.
  func finish() -> ExitCode {
    progress.clear()
    switch format {
    case .table: Output.error.write(summary.text)
    case .json: writeJSON(Document(answers: entries, summary: summary))
    case .jsonLines: break
    }
    return summary.exitCode
  }

  func clear() { progress.clear() }

  /// Progress goes to people, and is gone with the next answer.
  private func show<Reply>(_ answer: Answer<Reply>) {
    guard case .progress(let message) = answer.outcome else { return }
    let words = (try? message.decode(Info.self).message) ?? message.type
    progress.show("\(answer.sender.fqdn): \(words)".escapingControlCharacters)
  }

  private struct Document: Encodable {
    let answers: [Entry]
    let summary: Summary
  }

  private func writeJSON(_ value: some Encodable) {
    // Strings and numbers only: there is nothing in it that could fail to encode.
    guard let bytes = try? JSONText.encode(value) else { return }
    Output.standard.writeLine(String(decoding: bytes, as: UTF8.self))
  }

  private func color(_ line: String, _ entry: Entry) -> String {
    switch entry.status {
    case .answered: line
    case .failed: style.red(line)
    case .silent, .notConnected: style.yellow(line)
    }
  }
}
