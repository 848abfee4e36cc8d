#!/usr/bin/env bats
# Every command of the handbook, in its order: on a fresh host, on the broker, in the sources, and by a client of the console.

# shellcheck disable=SC2154,SC2016 # stdout, stderr and output are set in common.bash; what is in single quotes is another shell's
load common
load fresh_root

setup_file() {
  local variable
  for variable in "${!BATON_@}"; do unset "$variable"; done
  ((EUID == 0)) || return 0
  broker start --tls
  use_broker
  fresh_root || return
  # The handbook's broker is rabbit1.example on the standard port; ours is here, on a free one.
  cp "$BROKER_CERTIFICATES/ca.pem" "$(path root)/etc/test-ca.pem"
  export BATON_RABBIT_HOST=localhost BATON_RABBIT_PORT=$BROKER_TLS_PORT BATON_RABBIT_CA=/etc/test-ca.pem
  echo "127.0.0.1 localhost" >"$(path root)/etc/hosts"
  mkdir "$(path bin)" "$(path home)" "$(path requests)"
  printf '#!/bin/sh\nexec %q ctl --dir %q "$@"\n' "${ROOT:?}/Scripts/broker" "$BATS_FILE_TMPDIR/broker" >"$(path bin/rabbitmqctl)"
  # There is no systemd in a folder: what is asked of it is left for the test, which does it.
  cat >"$(path root)/usr/local/bin/systemctl" <<'SH'
#!/bin/sh
echo "$1 $2" >/systemctl && while [ -e /systemctl ]; do sleep 0.05; done
SH
  # The handbook's console is deploy.example, behind a proxy; here is its socket.
  printf '#!/bin/bash\nexec %q --unix-socket %q "${@/#https:/http:}"\n' "$(command -v curl)" "$(path root)/run/baton-deploy-web/web.sock" >"$(path bin/curl)"
  chmod +x "$(path bin/curl)" "$(path bin/rabbitmqctl)" "$(path root)/usr/local/bin/systemctl"
  start manager manage
}

# manage: does what the root's systemctl was asked for, for ever.
manage() {
  local action name
  while true; do
    wait_until 1 test -s "$(path root)/systemctl" || continue
    read -r action name <"$(path root)/systemctl"
    case $action in
      restart)
        [[ ! -e $BATS_FILE_TMPDIR/$name.pid ]] || stop "$name"
        : >"$(path "$name.err")"
        unit_folders "$name"
        start "$name" unit_command "$name"
        wait_until 20 grep -q Started "$(path "$name.err")"
        ;;
      reload) kill -HUP "$(pid "$name")" ;;
    esac
    rm "$(path root)/systemctl"
  done
}

setup() { ((EUID == 0)) || skip "a fresh root needs root's rights"; }

# blocks PAGE: its blocks of commands, each in a file of its own, named by their order and where they are to be run.
blocks() {
  awk -v folder="$BATS_TEST_TMPDIR" '
    /^ *```sh/ { match($0, /`/); indent = RSTART - 1; where = $2 == "" ? "host" : $2; n++; inside = 1; next }
    /^ *```/ { inside = 0 }
    inside { print substr($0, indent + 1) >sprintf("%s/%02d.%s", folder, n, where) }' "$ROOT/docs/$1"
  ls "$BATS_TEST_TMPDIR"/[0-9]*
}

# page NAME: runs all of it.
page() {
  local block
  for block in $(blocks "$1"); do
    case ${block##*.} in
      host)
        cp "$block" "$(path root)/block"
        exits 0 inside sh -c 'cd /debs && exec bash -euo pipefail /block'
        ;;
      broker)
        # What the host has written is brought over.
        sed -i "s|/tmp/|$(path root)/tmp/|g" "$block"
        PATH=$(path bin):$PATH exits 0 bash -euo pipefail "$block"
        ;;
      client)
        sed -i "s|/tmp/|$(path root)/tmp/|g" "$block"
        PATH=$(path bin):$PATH exits 0 timeout 60 bash -euo pipefail "$block"
        ;;
      source) HOME=$(path home) exits 0 env -u BATON_RABBIT_HOST bash -euo pipefail -c 'cd "$0" && source "$1"' "$ROOT" "$block" ;;
      *) fail "nobody knows where '${block##*.}' is" ;;
    esac || return
  done
}

listens() { wait_until 20 grep -q Listening "$(path "$1.err")" || fail "$1 does not listen: $(tail "$(path "$1.err")")"; }

@test "install.md" {
  page install.md
  inside test -x /usr/bin/baton-ping
  [[ -x $(path home)/.local/bin/baton-ping ]]
}

@test "broker.md" {
  page broker.md
  has "$(ctl list_users)" web1 ops alerts
  listens baton-ping
}

@test "ping.md" {
  page ping.md
  has "$(inside baton-ping ask production --expect 1 --json -c /etc/baton/baton.cfg)" '"fqdn":"web1.example"'
}

@test "deploy.md" {
  page deploy.md
  equal "$(inside cat /srv/shop/current/version)" 1.0
}

@test "console.md" {
  page console.md
  has "$stdout" "web1.example done"
  equal "$(inside cat /srv/shop/current/version)" 1.1
  has "$(inside cat /var/lib/baton-deploy-web/audit.jsonl)" '"who":"token:chatbot"' '"act":"deploy 1.1"'
}

@test "alerts.md" {
  page alerts.md
  has "$(inside baton-ping-monitor silences)" "new disks"
}

@test "moving.md" { page moving.md; }

@test "running.md" { page running.md; }

@test "wire.md" { page wire.md; }

@test "extensions.md: its commands are those that other tests run" {
  # They make packages in folders of their own: batonize.bats.
  local command
  for command in 'batonize package hello --bin' 'Scripts/new-extension hello' 'swift test'; do grep -qF "$command" "$ROOT/docs/extensions.md"; done
}

@test "each page of the index is there, each page is in the index, and links lead somewhere" {
  local page link
  for page in "$ROOT"/docs/*.md; do
    [[ ${page##*/} == README.md ]] || grep -qF "(${page##*/})" "$ROOT/docs/README.md" || fail "${page##*/} is not in the index"
    while read -r link; do
      [[ $link == http* || -e $ROOT/docs/${link%%#*} ]] || fail "$page: $link leads nowhere"
    done < <(grep -oE '\]\([^)]+\)' "$page" | sed 's/^](//; s/)$//')
  done
}
