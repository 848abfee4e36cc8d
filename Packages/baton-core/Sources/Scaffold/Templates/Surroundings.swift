// What stands around the code: configuration, systemd, CI, licence.

extension ExtensionPackage {
  var configuration: String {
    """
    # \(name.package), and \(name.package)-monitor, which reads it as well. To be put in /etc/\(name.package)/.
    # An empty value counts as absent. 'baton config show -c FILE' tells each value and where it came from.

    RABBIT_HOST: localhost
    RABBIT_PORT: 5672
    RABBIT_VHOST: /
    RABBIT_USER: guest
    RABBIT_PASS: guest
    RABBIT_HEARTBEAT: 10

    # TLS is needed for a broker on another machine:
    # RABBIT_TLS: true
    # RABBIT_CA: /etc/ssl/certs/ca-certificates.crt

    # What this host is; otherwise the facts of ohai say so, and the host's own name.
    # ENVIRONMENT: production
    # FQDN: web1.example
    # APP_NAMES: shop, blog

    # PID_FILE: /run/\(name.package).pid
    # LOG_FILE: /var/log/\(name.package).log

    """
  }

  /// The configuration comes as a credential: root alone may read the file, though the service runs as nobody in particular.
  func unit(of program: String, _ does: String) -> String {
    """
    [Unit]
    Description=\(program) \(does)
    Wants=network-online.target
    After=network-online.target

    [Service]
    Type=notify
    LoadCredential=config:/etc/\(name.package)/\(name.package).cfg
    ExecStart=/usr/bin/\(program) serve --config-file %d/config
    ExecReload=/bin/kill -HUP $MAINPID
    Restart=always
    RestartSec=2
    WatchdogSec=60
    DynamicUser=yes
    NoNewPrivileges=yes
    ProtectSystem=strict
    ProtectHome=yes
    PrivateDevices=yes
    ProtectKernelTunables=yes
    ProtectKernelModules=yes
    ProtectControlGroups=yes
    RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
    RestrictNamespaces=yes
    SystemCallFilter=@system-service
    CapabilityBoundingSet=

    [Install]
    WantedBy=multi-user.target

    """
  }

  var workflow: String {
    """
    name: CI
    on:
      push:
      pull_request:

    env:
      # Where baton's repository is, and where Package.swift looks for baton-core.
      BATON_URL: \(Self.yaml(core.url ?? ""))
      CORE: \(Self.yaml(core.reference(from: parent)))

    jobs:
      test:
        runs-on: ubuntu-24.04
        container: swift:6.3-bookworm
        timeout-minutes: 30
        steps:
          - name: Install what baton needs
            run: apt-get update -q && apt-get install -yq git pkg-config librabbitmq-dev libyaml-dev libsqlite3-dev
          - uses: actions/checkout@v4
          - name: Get baton
            run: |
              git clone --depth 1 "${BATON_URL:?say above where the repository of baton is}" /tmp/baton
              mkdir -p "$(dirname "$CORE")"
              cp -r /tmp/baton/Packages/baton-core "$CORE"
          - name: Format
            run: swift format lint --strict --recursive Package.swift Sources Tests
          - name: Test
            run: swift test --disable-xctest

    """
  }

  private static func yaml(_ text: String) -> String { "'\(text.replacing("'", with: "''"))'" }

  var gitignore: String {
    """
    .build/
    *.o
    .DS_Store

    """
  }

  var swiftFormat: String {
    """
    {
      "version": 1,
      "lineLength": 120,
      "indentation": { "spaces": 2 },
      "respectsExistingLineBreaks": true,
      "lineBreakBeforeEachArgument": false
    }

    """
  }

  var license: String {
    """
    MIT License

    Copyright (c) \(author.year) \(author.name)

    Permission is hereby granted, free of charge, to any person obtaining a copy
    of this software and associated documentation files (the "Software"), to deal
    in the Software without restriction, including without limitation the rights
    to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
    copies of the Software, and to permit persons to whom the Software is
    furnished to do so, subject to the following conditions:

    The above copyright notice and this permission notice shall be included in all
    copies or substantial portions of the Software.

    THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
    IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
    FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
    AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
    LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
    OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
    SOFTWARE.

    """
  }
}
