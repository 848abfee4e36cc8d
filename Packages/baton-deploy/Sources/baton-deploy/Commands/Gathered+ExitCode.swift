import Baton
import BatonCLI
import BatonDeployControl

extension Gathered {
  /// Says on standard error who failed and who is missing, and gives the code to exit with.
  func finish(_ place: Place) -> ExitCode {
    if isNobody { Output.error.writeLine("Nobody listens for \(place).") }
    if isSilence { Output.error.writeLine("Nobody has answered for \(place); a longer --wait may help.") }
    for host in notConnected { Output.error.writeLine("\(host): not connected") }
    for host in silent { Output.error.writeLine("\(host): connected, but silent; a longer --wait may help") }
    for (server, failure) in failures {
      Output.error.writeLine(
        "\(server.fqdn): \(failure.errorClass): \(failure.errorMessage)".escapingControlCharacters)
    }
    if isNobody { return .nobody }
    if isSilence || !missing.isEmpty { return .missing }
    return failures.isEmpty ? .success : .failure
  }
}

extension [ExitCode] {
  /// Of several answers that one which matters most: whoever is missing before whoever failed.
  var worst: ExitCode {
    [.missing, .nobody, .failure].first { contains($0) } ?? .success
  }
}
