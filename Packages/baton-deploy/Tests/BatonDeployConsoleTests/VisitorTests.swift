import BatonDeployConsole
import BatonDeployControl
import Testing

struct VisitorTests {
  private let shop = Place(app: "shop", environment: "production")

  @Test("Whoever may only read may not deploy")
  func reader() {
    let visitor = Visitor(name: "kim", rights: [.read])
    #expect(visitor.mayRead)
    #expect(!visitor.mayDeploy(shop))
  }

  @Test(
    "A right to deploy holds for its application and its environment",
    arguments: [
      (nil, nil, true), ("shop", nil, true), (nil, "production", true), ("shop", "production", true),
      ("till", nil, false), ("shop", "staging", false),
    ] as [(String?, String?, Bool)])
  func deployer(app: String?, environment: String?, isAllowed: Bool) {
    let visitor = Visitor(name: "kim", rights: [.deploy(app: app, environment: environment)])
    #expect(visitor.mayDeploy(shop) == isAllowed)
    #expect(visitor.mayRead)
    #expect(!visitor.isAdministrator)
  }

  @Test("An administrator may deploy everywhere")
  func administrator() {
    #expect(Visitor(name: "jo", rights: [.administer]).mayDeploy(shop))
  }
}
