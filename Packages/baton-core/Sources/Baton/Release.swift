/// This release of baton: what programs show, and what every message of a service carries in its header `baton-version`.
public enum Release {
  public static let version = "0.1.0"
}
