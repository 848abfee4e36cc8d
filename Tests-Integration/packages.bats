#!/usr/bin/env bats
# The packages as a host gets them: made, checked, installed with apt in a fresh root that has no Swift, run by the installed units' own
# command lines against a RabbitMQ outside it, upgraded, removed.

load common
load fresh_root

prepare() {
  ((EUID == 0)) || return 0
  ensure_packages curl lintian mandoc zsh fish systemd logrotate
  fresh_root || return
  inside sh -c 'apt-get install -yq --no-install-recommends /debs/*.deb' >"$(path apt.out)" 2>&1 || fail "$(tail "$(path apt.out)")"
}

setup() { ((EUID == 0)) || skip "a fresh root needs root's rights"; }

# run_unit NAME [VARIABLE=VALUE…]: the installed unit, until it listens.
run_unit() {
  start "$1" unit_command "$1" "BATON_RABBIT_PORT=$BATON_RABBIT_PORT" "${@:2}"
  wait_until 20 grep -q Listening "$(path "$1.err")" || fail "$1 does not listen: $(tail "$(path "$1.err")")"
}

@test "lintian finds no error" {
  exits 0 lintian --allow-root --fail-on error,warning "$BATS_RUN_TMPDIR/debs"/*.deb
}

@test "each needs the C libraries that it uses and no more, in versions without a known hole" {
  local needs
  needs=$(dpkg-deb -f "$BATS_RUN_TMPDIR/debs"/baton-ping_*.deb Depends)
  has "$needs" "librabbitmq4 (>= " "libyaml-0-2" "libssl3 (>= "
  has_not "$needs" sqlite
  has_not "$needs" curl
  has "$(dpkg-deb -f "$BATS_RUN_TMPDIR/debs"/baton-deploy_*.deb Depends)" "libarchive13 (>= " "libsqlite3-0 (>= " "libcurl4 (>= " \
    "libargon2-1 (>= " "libmicrohttpd12 (>= "
  has "$(dpkg-deb -f "$BATS_RUN_TMPDIR/debs"/baton-ping-monitor_*.deb Depends)" "libmicrohttpd12 (>= " "libsqlite3-0 (>= "
  # shellcheck source=/dev/null
  local safe
  safe=$ROOT/Scripts/safe-versions/$(source /etc/os-release && echo "$ID-$VERSION_ID")
  has "$needs" "librabbitmq4 (>= $(sed -n 's/^librabbitmq4 //p' "$safe"))"
}

@test "nothing of Swift is on the host, and every library is found" {
  local program libraries
  equal "$(find "$(path root)/usr" "$(path root)/opt" -path '*/share/baton' -prune -o -iname '*swift*' -not -path '*/zoneinfo/*' -print)" ""
  for program in baton batonize baton-sim baton-ping baton-ping-monitor baton-deploy; do
    libraries=$(inside ldd "/usr/bin/$program")
    has "$libraries" librabbitmq
    has_not "$libraries" "not found"
    has_not "$libraries" swift
    exits 0 inside "$program" --version
  done
}

@test "the configuration is for root and the service alone, and stays when it has been changed" {
  equal "$(inside stat -c '%a %U:%G' /etc/baton-ping/baton-ping.cfg)" "640 root:baton"
  equal "$(inside cat /var/lib/dpkg/info/baton-ping.conffiles)" $'/etc/baton-ping/baton-ping.cfg\n/etc/logrotate.d/baton-ping'
  equal "$(inside stat -c '%a %U:%G' /etc/baton-deploy/web.cfg)" "640 root:baton-deploy-web"
  has "$(inside cat /var/lib/dpkg/info/baton-deploy.conffiles)" /etc/baton-deploy/baton-deploy.cfg /etc/baton-deploy/web.cfg
}

@test "the units are as tight as they say" {
  local name
  for name in baton-ping:15 baton-ping-monitor:15 baton-deploy:29 baton-deploy-web:15; do
    exits 0 systemd-analyze security --offline=true --threshold "${name#*:}" "$(path root)/lib/systemd/system/${name%:*}.service"
    cp "$(path root)/lib/systemd/system/${name%:*}.service" "$BATS_TEST_TMPDIR/"
    sed -i 's|/usr/bin/baton[a-z-]*|/bin/true|' "$BATS_TEST_TMPDIR/${name%:*}.service"
    systemd_takes "$BATS_TEST_TMPDIR/${name%:*}.service"
  done
}

@test "a ping goes to the installed service and back, and the installed monitor hears it" {
  run_unit baton-ping-monitor
  run_unit baton-ping BATON_ENVIRONMENT=installed BATON_FQDN=fresh.example
  exits 0 ask installed --expect 1 --json
  equal "$(jq -r '.answers[0].fqdn' <<<"${stdout:?}")" fresh.example
  exits 0 inside env "BATON_RABBIT_PORT=$BATON_RABBIT_PORT" baton-ping ask installed --expect 1
  wait_until 10 grep -q 'Message read.*"pong"' "$(path baton-ping-monitor.err)"
  # They have no more rights than the unit leaves.
  equal "$(grep -E '^(CapBnd|NoNewPrivs)' "/proc/$(pid baton-ping)/status" | tr -d '\t ')" $'CapBnd:0000000000000000\nNoNewPrivs:1'
  stop baton-ping
  stop baton-ping-monitor
}

@test "the installed baton-deploy deploys for another user, with the few rights that its unit leaves it" {
  local files
  files=$(path files)
  mkdir -p "$files" "$(path root)/srv/artifacts"
  inside useradd --system shop
  echo 1.0 >"$files/version"
  tar -C "$files" -czf "$(path root)/srv/artifacts/shop-1.0.tar.gz" .
  (cd "$(path root)/srv/artifacts" && sha256sum shop-1.0.tar.gz >shop-1.0.tar.gz.sha256)
  inside install -d -o shop -g shop /srv/shop
  cat >"$(path root)/etc/baton-deploy/baton-deploy.cfg" <<'CFG'
ALLOW_UNSIGNED: true
ENVIRONMENT: installed
FQDN: fresh.example
APPS:
  shop:
    deploy_to: /srv/shop
    user: shop
    artifact: {url: "file:///srv/artifacts/shop-%{version}.tar.gz"}
    restart: [sh, -c, 'id -un >/srv/shop/restarted-by']
CFG
  run_unit baton-deploy
  exits 0 timeout 60 baton-deploy deploy shop 1.0 --to installed --yes
  equal "$(inside cat /srv/shop/current/version /srv/shop/restarted-by)" $'1.0\nshop'
  equal "$(inside stat -c %U /srv/shop/current/version)" shop
  stop baton-deploy
}

@test "the installed console is not started, and then is reached by its proxy's group alone" {
  [[ ! -e $(path root)/etc/systemd/system/multi-user.target.wants/baton-deploy-web.service ]]
  unit_folders baton-deploy-web
  start baton-deploy-web unit_command baton-deploy-web "BATON_RABBIT_PORT=$BATON_RABBIT_PORT"
  wait_until 20 grep -q "Console open" "$(path baton-deploy-web.err)" || fail "$(<"$(path baton-deploy-web.err)")"
  equal "$(inside stat -c '%a %U:%G' /run/baton-deploy-web /run/baton-deploy-web/web.sock)" \
    $'750 baton-deploy-web:baton-deploy-proxy\n660 baton-deploy-web:baton-deploy-proxy'
  local socket
  socket=$(path root)/run/baton-deploy-web/web.sock
  equal "$(curl -sS --max-time 20 --unix-socket "$socket" -o /dev/null -w '%{http_code}' http://console/api/v1/places)" 401
  # What root writes there the service can read.
  inside sh -c 'echo "correct horse" | baton-deploy web-password admin'
  equal "$(curl -sS --max-time 20 --unix-socket "$socket" -u 'admin:correct horse' -o /dev/null -w '%{http_code}' http://console/api/v1/places)" 200
  equal "$(inside stat -c '%a %U' /var/lib/baton-deploy-web/passwords)" "640 baton-deploy-web"
  stop baton-deploy-web
  [[ ! -e $socket ]]
}

@test "manual pages are sound, and what bash, zsh and fish complete is what the program has" {
  local name page
  for name in baton batonize baton-sim baton-ping baton-ping-monitor baton-deploy; do
    page=$(path root)/usr/share/man/man1/$name.1.gz
    exits 0 mandoc -T lint -W warning "$page"
    has "$(mandoc -T utf8 "$page" | col -b)" "NAME" "$name - " "EXIT STATUS"
  done
  # The three shells, at the same places.
  # shellcheck disable=SC2016 # the other shell's
  complete_bash() {
    bash -c 'source "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _${1//-/_}; printf "%s\n" "${COMPREPLY[@]}"' \
      "$(path root)/usr/share/bash-completion/completions/$1" "$@"
  }
  equal "$(complete_bash baton-ping a)" ask
  equal "$(complete_bash baton-ping ask --exp)" --expect
  equal "$(complete_bash baton config s)" show
  equal "$(complete_bash baton-ping ask --wait '')" ""
  has "$(cd / && complete_bash baton-ping ask --config-file /etc/pass)" /etc/passwd
  has "$(fish -c "source $(path root)/usr/share/fish/vendor_completions.d/baton-ping.fish; complete -C 'baton-ping ask --exp'")" --expect
  has "$(fish -c "source $(path root)/usr/share/fish/vendor_completions.d/baton.fish; complete -C 'baton config s'")" show
  # shellcheck disable=SC2016
  complete_zsh() {
    zsh -fc '_arguments() { print -rl -- "$@" }; file=$1; shift; words=("$@"); CURRENT=$#; source $file' zsh \
      "$(path root)/usr/share/zsh/vendor-completions/_$1" "$@"
  }
  has "$(complete_zsh baton-ping '')" 'ask\:"'
  has "$(complete_zsh baton-ping ask --exp)" '--expect['
  has_not "$(complete_zsh baton-ping ask --exp)" '--daemonize['
}

@test "rotated, LOG_FILE goes on in a new file" {
  run_unit baton-ping BATON_ENVIRONMENT=rotated BATON_FQDN=rotated.example
  stop baton-ping
  inside install -d -o baton -g baton /var/log/baton-ping
  start logged enter env "BATON_RABBIT_PORT=$BATON_RABBIT_PORT" BATON_ENVIRONMENT=rotated BATON_FQDN=rotated.example \
    BATON_LOG_FILE=/var/log/baton-ping/baton-ping.log BATON_PID_FILE=/run/baton-ping.pid baton-ping
  wait_until 20 grep -q Listening "$(path root)/var/log/baton-ping/baton-ping.log"
  # The files' places as they are from outside.
  sed "s|/var/log|$(path root)/var/log|g; s|/run/|$(path root)/run/|g" "$(path root)/etc/logrotate.d/baton-ping" >"$BATS_TEST_TMPDIR/rotate"
  exits 0 logrotate --force --state "$BATS_TEST_TMPDIR/state" "$BATS_TEST_TMPDIR/rotate"
  wait_until 10 grep -q "Log reopened" "$(path root)/var/log/baton-ping/baton-ping.log"
  grep -q Listening "$(path root)/var/log/baton-ping/baton-ping.log.1"
  stop logged
}

@test "two packages of one build are the same, byte by byte" {
  exits 0 "$ROOT/Scripts/package" deb --output "$BATS_TEST_TMPDIR/again" baton-ping
  cmp "$BATS_RUN_TMPDIR/debs"/baton-ping_*.deb "$BATS_TEST_TMPDIR/again"/baton-ping_*.deb
}

@test "the tarball is whole, and its programs run from any folder" {
  exits 0 "$ROOT/Scripts/package" tarball --output "$BATS_TEST_TMPDIR" baton-ping
  (cd "$BATS_TEST_TMPDIR" && sha256sum --quiet -c ./*.sha256)
  mkdir "$BATS_TEST_TMPDIR/prefix"
  tar -C "$BATS_TEST_TMPDIR/prefix" --strip-components 1 -xf "$BATS_TEST_TMPDIR"/*.tar.xz
  exits 0 "$BATS_TEST_TMPDIR/prefix/bin/baton-ping" --version
  grep -q '^ExecStart=/usr/local/bin/baton-ping serve' "$BATS_TEST_TMPDIR/prefix/lib/systemd/system/baton-ping.service"
}

@test "Scripts/install puts a program below a prefix, and nothing into /etc" {
  local before
  before=$(find /etc -newer "$ROOT/.ci/run" -path '*baton*')
  exits 0 "$ROOT/Scripts/install" "$BATS_TEST_TMPDIR/prefix" baton-ping
  exits 0 "$BATS_TEST_TMPDIR/prefix/bin/baton-ping" --version
  [[ -s $BATS_TEST_TMPDIR/prefix/share/doc/baton-ping/examples/baton-ping.cfg ]]
  equal "$(find /etc -newer "$ROOT/.ci/run" -path '*baton*')" "$before"
  exits 64 "$ROOT/Scripts/install" "$BATS_TEST_TMPDIR/prefix" no-such-thing
}

# Last, since it takes the programs away.
@test "upgraded, removed, installed again and purged: what was configured stays until the end" {
  local config=/etc/baton-ping/baton-ping.cfg
  dpkg-deb -R "$BATS_RUN_TMPDIR/debs"/baton-ping_*.deb "$(path newer)"
  sed -i 's/^Version: .*/Version: 9.0/' "$(path newer)/DEBIAN/control"
  dpkg-deb --root-owner-group --build "$(path newer)" "$(path root)/debs/newer.deb" >/dev/null
  inside sh -c "echo 'ENVIRONMENT: changed' >>$config"
  exits 0 inside apt-get install -yq /debs/newer.deb
  has "$(inside dpkg-query -W baton-ping)" $'\t9.0'
  equal "$(inside tail -n 1 $config)" "ENVIRONMENT: changed"
  exits 0 inside dpkg --remove baton-ping
  equal "$(inside tail -n 1 $config)" "ENVIRONMENT: changed"
  [[ ! -e $(path root)/usr/bin/baton-ping ]]
  exits 0 inside dpkg --install /debs/newer.deb
  exits 0 inside baton-ping --version
  equal "$(inside stat -c '%a %U:%G' $config)" "640 root:baton"
  exits 0 inside dpkg --purge baton-ping baton-ping-monitor baton-deploy baton
  equal "$(find "$(path root)"/{etc,usr,lib,var/lib,var/log} -name '*baton*' -not -path '*/dpkg/*' -not -path '*/apt/*')" ""
}
