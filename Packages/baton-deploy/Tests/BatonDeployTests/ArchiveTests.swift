import BatonProcess
import Foundation
import Testing

@testable import BatonDeploy

#if canImport(Glibc)
  import Glibc
#endif

/// Hostile archives, unpacked by the real executable.
struct ArchiveTests {
  private let host: TestHost

  init() throws { host = try TestHost() }

  /// Makes an archive with Python, which does what it is told; unpacks it; gives what was said, or nil if it was taken.
  private func refusal(_ script: String, limits: [Int] = [100, 10_000_000, 200, 20]) async throws -> String? {
    let prelude = """
      import tarfile, io, os
      t = tarfile.open('a.tar.gz', 'w:gz')
      def add(name, kind=tarfile.REGTYPE, data=b'x', link='', mode=0o644):
        i = tarfile.TarInfo(name); i.type = kind; i.linkname = link; i.mode = mode
        i.size = len(data) if kind == tarfile.REGTYPE else 0
        t.addfile(i, io.BytesIO(data))
      SYM, LNK, DIR = tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE

      """
    try host.write(prelude + script + "\nt.close()\n", to: "make.py")
    let python = Program(["python3", host.path("make.py")], environment: ["PATH": "/usr/bin:/bin"], folder: host.path)
    #expect(try await python.run { print($0) }.isSuccess)
    return try await unpack("a.tar.gz", limits)
  }

  private func unpack(_ archive: String, _ limits: [Int]) async throws -> String? {
    try? FileManager.default.removeItem(atPath: host.path("into"))
    try FileManager.default.createDirectory(atPath: host.path("into/release"), withIntermediateDirectories: true)
    let input = open(host.path(archive), O_RDONLY)
    defer { close(input) }
    let said = Said()
    let ending = try await Program(
      [try TestHost.executable, "unpack"] + limits.map(String.init), folder: host.path("into/release"), input: input
    ).run { await said.add($0) }
    #expect(try FileManager.default.contentsOfDirectory(atPath: host.path("into")) == ["release"])
    return ending.isSuccess ? nil : await said.text
  }

  @Test("What is good is unpacked, with rights, links within, and long names")
  func good() async throws {
    let refusal = try await refusal(
      """
      add('./', DIR, mode=0o755)
      add('./bin/run', data=b'#!/bin/sh', mode=0o755)
      add('lib', SYM, link='bin'); add('bin/up', SYM, link='../bin/run'); add('bin/hard', LNK, link='./bin/run')
      add('gr\\u00fc\\u00df/' + 'n' * 150)
      """)
    #expect(refusal == nil)
    #expect(try host.text("into/release/lib/run") == "#!/bin/sh")
    #expect(try host.text("into/release/bin/up") == "#!/bin/sh")
    #expect(try host.text("into/release/bin/hard") == "#!/bin/sh")
    #expect(FileManager.default.isExecutableFile(atPath: host.path("into/release/bin/run")))
    #expect(host.exists("into/release/grüß/" + String(repeating: "n", count: 150)))
  }

  @Test(
    "What leads out, or is no file, folder or link, is refused with its name",
    arguments: [
      ("add('../x')", "has '..' in it"),
      ("add('a/../../x')", "has '..' in it"),
      ("add('/etc/x')", "begins at the root"),
      ("add('a', SYM, link='/etc')", "leads out"),
      ("add('a', SYM, link='..')", "leads out"),
      ("add('b/a', SYM, link='../../x')", "leads out"),
      // Two hops: each alone stays within.
      ("add('d', SYM, link='.'); add('x', SYM, link='d/..'); add('x/y')", "leads out"),
      ("add('s/', DIR); add('d', SYM, link='s'); add('d/x')", "d/x"),
      ("add('d', SYM, link='s'); add('s/', DIR); add('d/x')", "d/x"),
      ("add('h', LNK, link='../../../etc/passwd')", "has '..' in it"),
      ("add('h', LNK, link='/etc/passwd')", "begins at the root"),
      ("add('h', LNK, link='absent')", "hard link to something"),
      ("add('s', SYM, link='x'); add('h', LNK, link='s')", "hard link to something"),
      ("add('p', tarfile.FIFOTYPE)", "a device, a pipe or a socket"),
      ("add('c', tarfile.CHRTYPE)", "a device, a pipe or a socket"),
      ("add('b', tarfile.BLKTYPE)", "a device, a pipe or a socket"),
      ("add('s', mode=0o4755)", "setuid or setgid"),
      ("add('s', mode=0o2755)", "setuid or setgid"),
      ("add('s/', DIR, mode=0o2755)", "setuid or setgid"),
      ("", "nothing in it"),
      ("for n in range(101): add(str(n))", "more than 100 entries"),
      ("add('z', data=bytes(3_000_000))", "times its size"),
      ("add('z', data=os.urandom(6_000_000)); add('y', data=os.urandom(6_000_000))", "more than 10000000 bytes"),
      ("add('/'.join('a' * 21))", "deeper than 20"),
      ("add('x' * 3000)", "too long"),
      ("add('a\\nb\\x1b[31m/../x')", #"a\nb\u{1b}[31m"#),
    ])
  func hostile(script: String, words: String) async throws {
    let refusal = try #require(try await refusal(script))
    #expect(refusal.contains(words), "\(refusal)")
  }

  @Test("A file that says to be larger than it may be is refused before it is made")
  func sparse() async throws {
    try host.write(
      """
      import struct
      def header(name, size):
        h = bytearray(512); h[0:len(name)] = name; h[100:108] = b'0000644\\0'; h[108:124] = b'0000000\\0' * 2
        h[124:136] = b'\\x80' + bytes(3) + struct.pack('>Q', size); h[136:148] = b'00000000000\\0'; h[156] = 48
        h[257:265] = b'ustar\\x0000'; h[148:156] = b' ' * 8
        h[148:156] = b'%06o\\0 ' % sum(h); return bytes(h)
      open('a.tar', 'wb').write(header(b'big', 1 << 60) + bytes(1024))
      """, to: "make.py")
    #expect(try await Program(["python3", "make.py"], folder: host.path).run().isSuccess)
    #expect(try await unpack("a.tar", [100, 10_000, 200, 20])?.contains("more than 10000 bytes") == true)
  }

  @Test("What is no archive, or is cut off, is refused", arguments: [0, 100, 300, 600])
  func truncated(bytes: Int) async throws {
    _ = try await refusal("add('a', data=os.urandom(600))")
    let whole = try Data(contentsOf: URL(filePath: host.path("a.tar.gz")))
    try whole.prefix(bytes).write(to: URL(filePath: host.path("b")))
    #expect(try await unpack("b", [100, 10_000_000, 200, 20]) != nil)
    try Data(repeating: 7, count: bytes).write(to: URL(filePath: host.path("b")))
    #expect(try await unpack("b", [100, 10_000_000, 200, 20]) != nil)
  }

  @Test("A zip is unpacked, and judged, as a tar is")
  func zip() async throws {
    for (name, isGood) in [("a/b", true), ("../b", false)] {
      try host.write(
        "import zipfile; z = zipfile.ZipFile('a.zip', 'w'); z.writestr('\(name)', 'x'); z.close()", to: "make.py")
      #expect(try await Program(["python3", "make.py"], folder: host.path).run().isSuccess)
      let refusal = try await unpack("a.zip", [100, 10_000_000, 200, 20])
      #expect((refusal == nil) == isGood)
    }
  }
}

private actor Said {
  private(set) var text = ""
  func add(_ line: String) { text += line }
}
