import Testing

@testable import Scaffold

struct CorePackageTests {
  @Test(
    "It is found upwards, in a checkout and beside one, and where the package 'baton' has it",
    arguments: ["Packages/baton-core", "baton/Packages/baton-core", "baton-core", "share/baton/baton-core"])
  func upwards(place: String) throws {
    let folder = try Folder()
    let core = try folder.makeCore(place)
    let parent = try folder.makeFolder("some/where")
    #expect(try CorePackage.find(given: nil, near: parent).path == core)
  }

  @Test("The nearest one counts")
  func nearest() throws {
    let folder = try Folder()
    try folder.makeCore("Packages/baton-core")
    let core = try folder.makeCore("some/Packages/baton-core")
    #expect(try CorePackage.find(given: nil, near: try folder.makeFolder("some/where")).path == core)
  }

  @Test("A path may be that of a checkout or of baton-core itself", arguments: ["x", "x/Packages/baton-core"])
  func given(path: String) throws {
    let folder = try Folder()
    let core = try folder.makeCore("x/Packages/baton-core")
    #expect(try CorePackage.find(given: "\(folder.path)/\(path)", near: folder.path).path == core)
  }

  @Test("A folder without it, and one that is not there, are refused", arguments: ["", "/nowhere"])
  func wrong(path: String) throws {
    let folder = try Folder()
    #expect {
      try CorePackage.find(given: folder.path + path, near: folder.path)
    } throws: {
      ($0 as? Refusal)?.kind == .usage && "\($0)".contains("--core")
    }
  }

  @Test("A repository is cloned beside the new package, and used again the next time")
  func clones() throws {
    let folder = try Folder()
    let repository = try folder.makeFolder("upstream/baton")
    try folder.makeCore("upstream/baton/Packages/baton-core")
    for words in [
      ["init", "--quiet"], ["add", "--all"],
      ["-c", "user.name=x", "-c", "user.email=x@example", "commit", "--quiet", "-m", "x"],
    ] {
      #expect(try Git.run(["-C", repository] + words).status == 0)
    }
    let parent = try folder.makeFolder("mine")
    for _ in 1...2 {
      let core = try CorePackage.find(given: "file://\(repository)", near: parent)
      #expect(core.path == "\(parent)/baton/Packages/baton-core")
      #expect(core.reference(from: parent) == "../baton/Packages/baton-core")
      Files.remove(repository)
    }
  }

  @Test("A repository that cannot be had is told of in git's words, without the password in its address")
  func unreachable() throws {
    let folder = try Folder()
    #expect {
      try CorePackage.find(given: "https://user:secret@127.0.0.1:1/baton.git", near: folder.path)
    } throws: {
      ($0 as? Refusal)?.kind == .missing && "\($0)".contains("cannot clone https://127.0.0.1:1/baton.git")
        && !"\($0)".contains("secret")
    }
  }

  @Test("What lies elsewhere is named by its whole path")
  func reference() throws {
    let folder = try Folder()
    let core = try folder.makeCore("baton/Packages/baton-core")
    let parent = try folder.makeFolder("mine")
    #expect(try CorePackage.find(given: core, near: parent).reference(from: parent) == core)
    #expect(
      try CorePackage.find(given: core, near: folder.path).reference(from: "\(folder.path)/baton/Packages")
        == "../baton-core")
  }
}
