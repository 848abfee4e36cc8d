import BatonFaults

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// `load-proxy PORT`: a network between a fleet and the broker on that port. Writes its own port, then does what standard input says,
/// a fault a line, until that ends.
///
/// `none`, `cut BYTES to-broker|to-client`, `throttle BYTES-PER-SECOND`, `black-hole`, `half-open`
@main
struct LoadProxy {
  static func main() {
    guard CommandLine.arguments.count == 2, let port = Int(CommandLine.arguments[1]) else {
      print("usage: load-proxy PORT")
      exit(64)
    }
    do {
      let proxy = try FaultProxy(to: port)
      print(proxy.port)
      fflush(nil)
      while let line = readLine() {
        guard let fault = fault(line.split(separator: " ")) else {
          print("load-proxy: '\(line)' is no fault")
          exit(65)
        }
        proxy.fault = fault
      }
    } catch {
      print("load-proxy: \(error)")
      exit(69)
    }
  }

  private static func fault(_ words: [Substring]) -> FaultProxy.Fault? {
    switch words.first {
    case "none": FaultProxy.Fault.none
    case "black-hole": .blackHole
    case "half-open": .halfOpen
    case "throttle": words.last.flatMap { Int($0) }.map { .throttle(bytesPerSecond: $0) }
    case "cut" where words.count == 3:
      Int(words[1]).map { .cut(.reset, after: $0, words[2] == "to-broker" ? .toBroker : .toClient) }
    default: nil
    }
  }
}
