import Baton
import BatonDeployControl
import Testing

@testable import BatonDeployConsole

struct PeopleSettingsTests {
  private let gate: TestDoor

  init() throws { gate = try TestDoor() }

  @Test("People have the rights of their roles, and whoever has no entry those of anybody")
  func roles() throws {
    let people = try gate.settings(
      """
      WEB_PASSWORDS: $/passwords
      WEB_PEOPLE:
        - {name: jo, role: admin}
        - {name: kim, role: deployer, apps: [shop, till], environments: [Development]}
        - {name: kim, role: deployer, apps: [blog]}
        - {name: sam@example.com, role: deployer}
        - {name: "*", role: viewer}
      """
    ).people
    #expect(people.rights(of: "jo") == [.administer])
    #expect(
      people.rights(of: "kim") == [
        .deploy(app: "shop", environment: "development"), .deploy(app: "till", environment: "development"),
        .deploy(app: "blog", environment: nil),
      ])
    #expect(people.rights(of: "sam@example.com") == [.deploy(app: nil, environment: nil)])
    #expect(people.rights(of: "Jo") == [.read])
    #expect([Person]().rights(of: "jo") == nil)
  }

  @Test(
    "What is wrong with people is told with file, line and key",
    arguments: [
      ("{role: admin}", "has no 'name'"), ("{name: jo}", "has no 'role'"), ("jo", "has no 'role'"),
      ("{name: jo, role: chef}", "WEB_PEOPLE[1].role is 'chef'; it wants viewer or deployer or admin"),
      ("{name: 'j:o', role: admin}", "WEB_PEOPLE[1].name is not usable"),
      ("{name: jo, role: admin, apps: [shop]}", "WEB_PEOPLE[1].apps is of no use"),
      ("{name: jo, role: deployer, apps: ['../x']}", "WEB_PEOPLE[1].apps is '../x'"),
      ("{name: jo, role: deployer, apps: []}", "WEB_PEOPLE[1].apps is empty"),
      ("{name: jo, role: deployer, environment: [x]}", "is it environments?"),
    ])
  func mistakes(entry: String, words: String) {
    #expect { try gate.settings("WEB_PASSWORDS: $/passwords\nWEB_PEOPLE:\n  - \(entry)") } throws: { error in
      "\(error)".hasPrefix("\(gate.path)/web.cfg:3: ") && "\(error)".contains(words)
    }
  }

  @Test("A console that nobody can enter, or nobody can use, is refused")
  func nobody() {
    #expect { try gate.settings(TestDoor.people) } throws: { "\($0)".contains("nobody could come in") }
    #expect { try gate.settings("WEB_PASSWORDS: $/passwords") } throws: { "\($0)".contains("WEB_PEOPLE is missing") }
    #expect(throws: Never.self) { try gate.settings("WEB_TOKENS: $/tokens") }
  }

  @Test(
    "By default a proxy is believed over a socket's file alone; loopback is believed if it is named, with a warning")
  func proxies() throws {
    let lines = "WEB_PROXY_USER_HEADER: X-Forwarded-User\n\(TestDoor.people)\n"
    #expect(try gate.settings(lines).proxy.addresses == ["unix"])
    #expect(try gate.settings(lines).warnings.isEmpty)
    let wider = try gate.settings("\(lines)WEB_PROXIES: [127.0.0.1, '0:0::1', 10.1.2.3]")
    #expect(wider.proxy.addresses == ["127.0.0.1", "::1", "10.1.2.3"])
    #expect(wider.warnings.count == 2)
    #expect { try gate.settings("\(lines)WEB_PROXIES: [localhost]") } throws: {
      "\($0)".contains("WEB_PROXIES is 'localhost'")
    }
    #expect { try gate.settings("WEB_PROXY_USER_HEADER: Cookie\n\(TestDoor.people)") } throws: {
      "\($0)".contains("is 'Cookie'")
    }
  }

  @Test("The audit is in the console's folder, unless another place is named")
  func audit() throws {
    #expect(try gate.settings("WEB_TOKENS: $/t").audit == "\(gate.path)/audit.jsonl")
    #expect(try gate.settings("WEB_TOKENS: $/t\nWEB_AUDIT: /var/log/x.jsonl").audit == "/var/log/x.jsonl")
  }
}
