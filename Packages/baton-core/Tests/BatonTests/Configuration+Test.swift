import TestSupport

@testable import Baton

/// What the tests of the configuration have in common.
extension Configuration {
  /// What is read from a file with that text.
  static func of(
    _ text: String, flags: [(key: String, flag: String, value: String)] = [], environment: [String: String] = [:],
    keys: [String] = []
  ) throws -> Configuration {
    let folder = try TemporaryFolder()
    return try Configuration.load(
      file: try folder.write(text, to: "baton.cfg"), flags: flags, environment: environment, keys: keys)
  }

  /// What is said of a file that is refused, without its folder; nil if it is taken.
  static func refusal(of text: String) throws -> String? {
    let folder = try TemporaryFolder()
    let file = try folder.write(text, to: "baton.cfg")
    do throws(ConfigurationError) {
      _ = try Configuration.load(file: file, environment: [:])
      return nil
    } catch {
      return error.description.replacing("\(folder.path)/", with: "")
    }
  }
}
