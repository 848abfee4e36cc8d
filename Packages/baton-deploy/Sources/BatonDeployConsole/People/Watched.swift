import Baton

/// What a file says, read again when it has changed: who is taken out of it is out at once.
struct Watched<Value: Sendable>: Sendable {
  let file: SecretFile
  private let parse: @Sendable (String, SecretFile) throws(ConfigurationError) -> Value
  private var stamp: SecretFile.Stamp?
  private var value: Value

  /// Reads it; one that is not there says as much as an empty one.
  init(
    _ file: SecretFile, parse: @escaping @Sendable (String, SecretFile) throws(ConfigurationError) -> Value
  ) throws(ConfigurationError) {
    self.file = file
    self.parse = parse
    stamp = file.stamp
    value = try parse(try file.read() ?? "", file)
  }

  /// As it stands now. A new file that is not right changes nothing, and is complained of once.
  mutating func current(_ logger: Logger) -> Value {
    let now = file.stamp
    guard now != stamp else { return value }
    stamp = now
    do throws(ConfigurationError) {
      value = try parse(try file.read() ?? "", file)
      logger.info("Read again", ["file": file.path])
    } catch {
      logger.error("File not taken, what it said before holds", ["error": "\(error)"])
    }
    return value
  }
}
