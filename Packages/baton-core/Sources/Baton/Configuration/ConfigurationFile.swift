import AMQP
import YAML

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension Configuration {
  /// Reads flags, environment and file.
  ///
  /// - Parameters:
  ///   - file: named by the user, so it must be there; nil looks at `standardFiles` in turn.
  ///   - standardFiles: `/etc/baton-ping/baton-ping.cfg`.
  ///   - flags: keys that were given as options, with the option's name for messages.
  ///   - environment: the process's. Where systemd passes a credential `rabbit-password` (`LoadCredential=` in systemd.exec(5)), that is the
  ///     file with the password, unless `BATON_RABBIT_PASS_FILE` names another.
  ///   - keys: what the program knows beside ``Configuration/keys``.
  ///   - strict: refuse a file that others can read the password in, instead of warning.
  public static func load(
    file: String?, standardFiles: [String] = [], flags: [(key: String, flag: String, value: String)] = [],
    environment: [String: String], keys: [String] = [], strict: Bool = false
  ) throws(ConfigurationError) -> Configuration {
    // Looked up before the process may leave it.
    _ = FileBytes.startFolder
    let path = file ?? standardFiles.first { access($0, F_OK) == 0 }
    var root: YAMLNode?
    if let path {
      do { root = try YAMLParser.parse(try FileBytes.read(path, limit: YAMLParser.size)) } catch let error as YAMLError
      {
        throw ConfigurationError(
          place: "\(path):\(error.line)", problem: error.reason, remedy: "see to the line, or to one before it")
      } catch let error as FileBytes.Failure {
        throw ConfigurationError(place: path, problem: error.reason, remedy: "see to the path given with --config-file")
      } catch {
        throw ConfigurationError(place: path, problem: "\(error)", remedy: "see to the file")
      }
    }
    var settings = try Settings(
      file: path, root: root, environment: withCredentials(environment), flags: flags)
    settings.isStrict = strict
    var configuration = try Configuration(settings, keys: keys)
    let isTold = ["RABBIT_HOST", "RABBIT_URL", "RABBIT_PORT"].contains { settings.origin(of: $0) != .standard }
    if path == nil, !isTold, let standard = standardFiles.first {
      configuration.warnings.append(
        "no configuration file \(standard): \(configuration.user) on \(configuration.hosts.map(\.description).joined(separator: ", "))"
      )
    }
    try configuration.checkThatPasswordIsKept()
    return configuration
  }

  private static func withCredentials(_ environment: [String: String]) -> [String: String] {
    guard environment["BATON_RABBIT_PASS_FILE"] == nil, let folder = environment["CREDENTIALS_DIRECTORY"] else {
      return environment
    }
    let path = "\(folder)/rabbit-password"
    guard access(path, F_OK) == 0 else { return environment }
    return environment.merging(["BATON_RABBIT_PASS_FILE": path]) { given, _ in given }
  }

  private mutating func checkThatPasswordIsKept() throws(ConfigurationError) {
    let url = try settings.string("RABBIT_URL").flatMap(BrokerURL.init)
    let keys = ["RABBIT_PASS"] + (url?.password == nil ? [] : ["RABBIT_URL"])
    for key in keys {
      if let words = try settings.exposure(of: key, fileKey: "RABBIT_PASS_FILE", noun: "password") {
        warnings.append(words)
      }
    }
    if let words = try settings.exposure(ofFileUnder: "RABBIT_PASS_FILE", noun: "password") { warnings.append(words) }
  }
}

extension Secret {
  /// The first line of a file.
  init(file path: String, settings: Settings) throws(ConfigurationError) {
    let place = "\(settings.origin(of: "RABBIT_PASS_FILE"))"
    let bytes: [UInt8]
    do { bytes = try FileBytes.read(path, limit: 64 * 1024) } catch {
      throw ConfigurationError(
        place: place, problem: "cannot read RABBIT_PASS_FILE \(path): \(error.reason)",
        remedy: "see to the path and its rights")
    }
    let line = bytes.prefix { $0 != 0x0A && $0 != 0x0D }
    guard !line.isEmpty else {
      throw ConfigurationError(
        place: place, problem: "the first line of RABBIT_PASS_FILE \(path) is empty",
        remedy: "it wants the password there")
    }
    self.init(String(decoding: line, as: UTF8.self))
  }
}

/// Reads whole files of bounded size.
public enum FileBytes {
  public struct Failure: Error, Hashable, CustomStringConvertible {
    public let reason: String
    let isMissing: Bool

    public var description: String { reason }
  }

  /// The folder that the process was in when it first read a configuration: a daemon leaves it, and means it all the same.
  ///
  /// The corresponding C function is `getcwd(3)`.
  static let startFolder: String = {
    guard let path = getcwd(nil, 0) else { return "." }
    defer { free(path) }
    return String(cString: path)
  }()

  /// Whether everybody on this machine may read a file. The corresponding C function is `stat(2)`.
  static func isReadableByAll(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IROTH != 0
  }

  /// Throws what the system says, or that there are more bytes than `limit`.
  public static func read(_ path: String, limit: Int) throws(Failure) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure() }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 64 * 1024)
    while true {
      let count = chunk.withUnsafeMutableBytes { buffer in
        #if canImport(Glibc)
          Glibc.read(descriptor, buffer.baseAddress, buffer.count)
        #else
          Darwin.read(descriptor, buffer.baseAddress, buffer.count)
        #endif
      }
      guard count >= 0 else { throw failure() }
      guard count > 0 else { return bytes }
      bytes += chunk.prefix(count)
      guard bytes.count <= limit else { throw Failure(reason: "it has more than \(limit) bytes", isMissing: false) }
    }
  }

  private static func failure() -> Failure {
    Failure(reason: String(cString: strerror(errno)), isMissing: errno == ENOENT)
  }
}
