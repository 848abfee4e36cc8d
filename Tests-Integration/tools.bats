#!/usr/bin/env bats
# baton publish, watch, facts, config show: looking at the wire and at oneself by hand.

# shellcheck disable=SC2154 # stdout, stderr, output and took are set in common.bash
load common

prepare() { host web1.example production shop; }

@test "publish: 0 if some queue has it, 2 if none, or if there is no such exchange" {
  exits 0 baton publish baton_ping_in production '{"type":"ping"}'
  equal "$output" $'\n'
  exits 2 baton publish baton_ping_in nowhere '{"type":"ping"}'
  has "$stderr" baton_ping_in nowhere
  exits 2 baton publish baton_pong_in production '{"type":"ping"}'
  has "$stderr" baton_pong_in
}

@test "publish: what is no message is refused" {
  exits 64 baton publish baton_ping_in production ping
  has "$stderr" "not a JSON object" --raw
  exits 64 baton publish baton_ping_in production '{"typ":"ping"}'
  has "$stderr" "'type' is missing"
  exits 64 baton publish baton_ping_in production
  has "$stderr" "json"
}

@test "watch shows the bodies as they come, and ends after --count" {
  start watch baton watch baton_ping_out --count 2
  wait_until 10 grep -q Watching "$(path watch.err)"
  exits 0 ask production --expect 1
  exits 0 baton publish baton_ping_in production '{"type":"dance"}'
  local code=0
  wait "$(pid watch)" || code=$?
  equal "$code" 0
  equal "$(jq -r .type "$(path watch.out)" | tr '\n' ' ')" "pong error "
}

@test "watch listens on another key, and takes nothing from anybody" {
  start other baton watch baton_ping_in --key production --count 1
  wait_until 10 grep -q Watching "$(path other.err)"
  exits 0 ask production --expect 1
  wait "$(pid other)"
  equal "$(<"$(path other.out)")" '{"type":"ping"}'
}

@test "watch escapes what would move the cursor" {
  start raw baton watch baton_ping_out --count 1
  wait_until 10 grep -q Watching "$(path raw.err)"
  exits 0 baton publish --raw baton_ping_out "" $'\e[2Jno\nJSON'
  wait "$(pid raw)"
  equal "$(<"$(path raw.out)")" '\u{1b}[2Jno\nJSON'
}

@test "watch of an exchange that is not there: 2, and none is made" {
  exits 2 timeout 10 baton watch baton_pong_out
  has "$stderr" baton_pong_out
  has_not "$(list list_exchanges name)" baton_pong_out
}

@test "watch ends with Ctrl-C: 130" {
  start ctrlc baton watch baton_ping_out
  wait_until 10 grep -q Watching "$(path ctrlc.err)"
  local code=0
  kill -INT "$(pid ctrlc)"
  wait "$(pid ctrlc)" || code=$?
  equal "$code" 130
}

@test "facts: from ohai's file, and where each comes from" {
  cat >"$BATS_TEST_TMPDIR/facts.json" <<'JSON'
{"fqdn": "ohai1.example", "chef_environment": "Staging", "trebuchet": ["shop", "blog"], "kernel": {"name": "Linux"}}
JSON
  BATON_FACTS_FILE=$BATS_TEST_TMPDIR/facts.json exits 0 baton facts
  equal "$(grep -cE "^(environment +staging|fqdn +ohai1.example|app_names +shop blog) +$BATS_TEST_TMPDIR/facts.json" <<<"$stdout")" 3
  BATON_FACTS_FILE=$BATS_TEST_TMPDIR/facts.json BATON_FQDN=mine.example exits 0 baton facts
  has "$(grep fqdn <<<"$stdout")" mine.example "environment variable BATON_FQDN"
  BATON_FACTS_FILE=$BATS_TEST_TMPDIR/facts.json exits 0 baton facts --json
  equal "$stdout" '{"app_names":["shop","blog"],"environment":"staging","fqdn":"ohai1.example"}'
}

@test "facts: a file that is named and cannot be read is an error, with its name" {
  BATON_FACTS_FILE=/nowhere.json exits 78 baton facts
  has "$stderr" /nowhere.json
  echo '{"fqdn": ' >"$BATS_TEST_TMPDIR/broken.json"
  BATON_FACTS_FILE=$BATS_TEST_TMPDIR/broken.json exits 78 baton facts
  has "$stderr" broken.json
  BATON_FQDN='a/../b' exits 78 baton facts
  has "$stderr" BATON_FQDN
}

@test "a service takes its facts from that file" {
  echo '{"fqdn": "ohai2.example", "chef_environment": "facts", "trebuchet": ["shop"]}' >"$BATS_TEST_TMPDIR/facts.json"
  serve ohai "BATON_FACTS_FILE=$BATS_TEST_TMPDIR/facts.json"
  exits 0 ask facts --host ohai2.example
  stop ohai
}

@test "config show: every value and where it came from; passwords are covered" {
  cat >"$BATS_TEST_TMPDIR/baton.cfg" <<'YAML'
RABBIT_HOST: localhost, 127.0.0.2:5673
RABBIT_PASS: my-secret
RABBIT_VHOST:
LOG_FORMT: json
YAML
  chmod 640 "$BATS_TEST_TMPDIR/baton.cfg"
  unset BATON_RABBIT_HOST
  exits 0 baton config show -c "$BATS_TEST_TMPDIR/baton.cfg"
  has "$(grep RABBIT_HOST <<<"$stdout")" "127.0.0.2:5673" "$BATS_TEST_TMPDIR/baton.cfg:1"
  has "$(grep RABBIT_PASS <<<"$stdout")" '********' "$BATS_TEST_TMPDIR/baton.cfg:2"
  has "$(grep RABBIT_VHOST <<<"$stdout")" / default
  has "$(grep RABBIT_HEARTBEAT <<<"$stdout")" 10 default
  has "$stderr" "baton.cfg:4" LOG_FORMT "is it LOG_FORMAT?"
  has_not "$output" my-secret
  BATON_RABBIT_HEARTBEAT=7 exits 0 baton config show --json -c "$BATS_TEST_TMPDIR/baton.cfg"
  equal "$(jq -r '.[] | select(.key == "RABBIT_HEARTBEAT") | "\(.value) \(.origin)"' <<<"$stdout")" \
    "7 environment variable BATON_RABBIT_HEARTBEAT"
}

@test "config show: a file that everybody can read a password in is warned of, and refused with --strict" {
  echo 'RABBIT_PASS: my-secret' >"$BATS_TEST_TMPDIR/open.cfg"
  chmod 644 "$BATS_TEST_TMPDIR/open.cfg"
  exits 0 baton config show -c "$BATS_TEST_TMPDIR/open.cfg"
  has "$stderr" "chmod o-r"
  exits 78 baton config show --strict -c "$BATS_TEST_TMPDIR/open.cfg"
  has_not "$output" my-secret
}

# wrong TEXT PART…: a configuration file with that text is refused with these words.
wrong() {
  printf %b "$1" >"$BATS_TEST_TMPDIR/wrong.cfg"
  exits 78 baton config show -c "$BATS_TEST_TMPDIR/wrong.cfg"
  has "$stderr" wrong.cfg "${@:2}"
}

@test "config: what is wrong is said with its line, its key and what would be right" {
  unset BATON_RABBIT_HOST BATON_RABBIT_PORT
  wrong 'RABBIT_PORT: 70000\n' :1 RABBIT_PORT 70000 65535
  wrong 'A: 1\nRABBIT_PORT: x\n' :2 RABBIT_PORT
  wrong 'A: &a 1\n' :1 anchor
  wrong 'A: 1\nB: *a\n' :2 alias
  wrong 'A: 1\nA: 2\n' :2
  wrong 'A: [[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]\n' 16
  wrong '\0\0\01' ""
  wrong '- a list\n' :1
  wrong 'RABBIT_HOST: rabbit.example\n' :1 RABBIT_TLS "RABBIT_INSECURE: true"
  wrong 'RABBIT_HOST: " , "\n' :1 RABBIT_HOST
  head -c 1100000 /dev/zero | tr '\0' x >"$BATS_TEST_TMPDIR/large.cfg"
  exits 78 baton config show -c "$BATS_TEST_TMPDIR/large.cfg"
}

@test "A host that only answers pings needs none of the libraries that others need" {
  local needed
  needed=$(ldd "$(command -v baton-ping)")
  has "$needed" librabbitmq libyaml
  for library in sqlite curl microhttpd archive; do has_not "$needed" "$library"; done
  has "$(ldd "$(command -v baton-deploy)")" librabbitmq libsqlite3 libcurl libarchive
}
