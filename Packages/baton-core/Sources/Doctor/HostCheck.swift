import Baton
import BatonStore
import CSystem

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What can be known without the broker: who this host is, its clock, its disks.
struct HostCheck {
  let patient: Patient
  let configuration: Configuration

  /// Less than this is soon full.
  private static let leastBytes: UInt64 = 1 << 30
  /// Signatures and expirations bear half a minute; a tenth of it is a sign that something is wrong.
  private static let largestClockError = 3_000_000

  var findings: [Finding] { [facts, clock(error: Int(csystem_clock_error()))] + database }

  private var facts: Finding {
    do {
      let server = try Facts(configuration).server
      let apps = server.appNames.isEmpty ? "" : ", applications \(server.appNames.joined(separator: ", "))"
      return .ok("host", "\(server.fqdn) in \(server.environment)\(apps)")
    } catch {
      return .failed("host", "\(error.place): \(error.problem)", error.remedy)
    }
  }

  /// - Parameter error: how far it may be off, in microseconds; -1 if nobody knows.
  func clock(error: Int) -> Finding {
    if error < 0 {
      return .warning(
        "clock", "nothing keeps it right, as far as the kernel knows",
        "run chrony or systemd-timesyncd; on a virtual machine whose host sees to it this is no fault")
    }
    let detail = "right to \(max(1, error / 1000)) ms"
    return error > Self.largestClockError
      ? .warning("clock", detail, "see whether this host reaches its time servers: 'chronyc tracking', 'timedatectl'")
      : .ok("clock", detail)
  }

  private var database: [Finding] {
    do throws(ConfigurationError) {
      guard let (folder, file) = try patient.database(configuration.settings) else { return [] }
      guard access(folder, F_OK) == 0 else {
        return [
          .warning("disk", "\(folder) is not there", "it is made when \(patient.program) first starts as a service")
        ]
      }
      return [disk(of: folder)] + (access(file, F_OK) == 0 ? [journal(file)] : [])
    } catch {
      return [.failed("disk", "\(error.place): \(error.problem)", error.remedy)]
    }
  }

  /// The corresponding C function is `statvfs(3)`.
  private func disk(of folder: String) -> Finding {
    var status = statvfs()
    guard statvfs(folder, &status) == 0 else {
      return .failed("disk", "\(folder): \(String(cString: strerror(errno)))", "see to the folder and its rights")
    }
    if status.f_flag & UInt(ST_RDONLY) != 0 {
      return .failed("disk", "\(folder) is on a disk that is read-only", "see in 'dmesg' why, and mount it anew")
    }
    let free = UInt64(status.f_bavail) * UInt64(status.f_frsize)
    let detail = "\(folder) has \(free >> 20) MiB left"
    if free == 0 || status.f_files > 0 && status.f_favail == 0 {
      return .failed("disk", "\(folder) is on a disk that is full", "make room: nothing can be remembered there")
    }
    return free < Self.leastBytes ? .warning("disk", detail, "make room before it is full") : .ok("disk", detail)
  }

  private func journal(_ file: String) -> Finding {
    do {
      try Store.check(file)
      return .ok("journal", "\(file) is whole")
    } catch {
      return .failed(
        "journal", "\(error)", "stop \(patient.program), move the file away, start it: what it has not yet told is lost"
      )
    }
  }
}
