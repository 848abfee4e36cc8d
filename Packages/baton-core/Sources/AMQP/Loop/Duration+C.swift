import CSystem

#if canImport(Glibc)
  import Glibc
#endif

extension Duration {
  package var wholeMilliseconds: Int64 {
    components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
  }

  var timeval: timeval {
    .init(tv_sec: Int(components.seconds), tv_usec: .init(components.attoseconds / 1_000_000_000_000))
  }
}
