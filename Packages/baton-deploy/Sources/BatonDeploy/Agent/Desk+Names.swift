import AMQP
import Baton

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// What a request is about, and under which number: checked before it becomes part of a path.
extension Desk {
  /// The application that a request is about: the routing key and the order have to agree.
  func app(of order: Order, in context: Context) throws -> App {
    let key = context.request.routingKey
    let named = apps.values.filter { app in
      let key = key.lowercased()
      let own = "\(app.name).\(server.environment)".lowercased()
      return key == own || key == "\(own).\(server.fqdn)".lowercased()
    }
    guard let name = order.app else {
      guard let app = named.first, named.count == 1 else {
        throw NotDeployed(.notFound, "no application here belongs to the key '\(key.escapingControlCharacters)'")
      }
      return app
    }
    do { _ = try Names.app(name) } catch { throw NotDeployed(.invalid, error.description) }
    guard let app = apps[name] else { throw NotDeployed(.notFound, "there is no application '\(name)' here") }
    guard named.contains(where: { $0.name == name }) else {
      throw NotDeployed(
        .invalid, "the request is about '\(name)', and came under the key '\(key.escapingControlCharacters)'")
    }
    return app
  }

  func runningVersion(of app: App) -> String? {
    if let releasing = app.releasing { return releasing.layout.currentVersion() }
    return try? journal.running(app.name)?.version
  }

  /// The number of an act: it is part of names of files.
  static func id(of order: Order, in context: Context) throws -> String {
    guard let id = order.id ?? context.request.properties.messageID else { return UUID().uuidString.lowercased() }
    let isUsable =
      (1...128).contains(id.utf8.count) && id.first != "." && id.first != "-"
      && id.utf8.allSatisfy { byte in
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
        default: false
        }
      }
    guard isUsable else {
      throw NotDeployed(.invalid, "the id is not usable: it wants 1 to 128 letters, digits, '-', '_' and '.'")
    }
    return id
  }

  static func shown(_ text: String) -> String { String(text.escapingControlCharacters.prefix(200)) }
}
