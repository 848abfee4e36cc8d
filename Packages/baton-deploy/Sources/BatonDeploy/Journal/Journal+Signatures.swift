import BatonSigning
import BatonStore

extension Journal {
  /// Remembers a signature until it is too old to be shown again; says whether it had not been seen before.
  func isFirst(_ signature: Signature, at now: Int64) throws -> Bool {
    try store.transaction { database in
      try database.execute("DELETE FROM signatures WHERE expires <= ?", now)
      return try database.execute(
        "INSERT OR IGNORE INTO signatures VALUES (?, ?, ?)", signature.keyID, signature.nonce, signature.expires) == 1
    }
  }
}
