#!/usr/bin/env bats
# A monitor that is told something else while it runs, and what it makes of a configuration that is not right or not safe.

# shellcheck disable=SC2154 # stdout, stderr, state and config are set in what is loaded
load common
load monitor

prepare() { start_receiver; }

# again NAME TEXT: has it read its configuration again, and waits until it has said so.
again() {
  kill -HUP "$(pid "$1")"
  wait_for "$1" "$2"
}
webhook() { printf '  - {kind: webhook, name: %s, url: "http://127.0.0.1:%s/%s"}' "$1" "$RECEIVER" "$1"; }

@test "SIGHUP: rules, sinks and whom to ask are taken up, and nothing that waits is lost" {
  local before
  configure "SINKS:" "  - {kind: webhook, name: away, url: 'http://127.0.0.1:1/', retry: 500ms}" "$(webhook old)"
  before=$(<"$config")
  bridge m
  fleet sim production 3
  wait_until 20 hosts_are up 3
  say_error web1.example Before
  wait_until 20 received_times '.body | select(.detail == "Before")' 1
  wait_until 20 metric_is 'baton_sink_queue{sink="away"}' 1
  # The sink that could not be reached gets another address, one goes, one comes; a kind of error is ignored; one environment more.
  configure "RULES: [{type: error, text: Ignored, ignore: true}, {name: Renamed, type: error, severity: critical}]" "SINKS:" \
    "$(webhook away)" "$(webhook new)"
  sed -i 's/^PING: .*/PING: [production, lab]/' "$config"
  again m "Configuration read again"
  wait_until 20 received_times '.body | select(.detail == "Before")' 3
  say_error web2.example Ignored
  say_error web3.example After
  wait_until 20 received_times '.body | select(.alert == "Renamed" and .severity == "critical" and .detail == "After")' 2
  equal "$(received '.body | select(.detail == "Ignored")')" ""
  equal "$(metric 'baton_sink_queue{sink="old"}')" ""
  fleet lab lab 2
  wait_until 20 hosts_are up 8
  silence lab 2
  wait_until 20 hosts_are gone 2
  # Nobody asks the lab any more: what was open about it is over.
  sed -i 's/^PING: .*/PING: production/' "$config"
  again m "Configuration read again"
  wait_until 20 received_times '.body | select(.alert == "HostSilent" and .kind == "resolved")' 4
  # As before, but for a key that a running monitor cannot take up.
  printf '%s\nQUEUE: another\n' "$before" >"$config"
  again m "Some keys take a new start keys=QUEUE"
}

@test "SIGHUP with a configuration that is not right: it is said where and why, and the old one stays" {
  configure "SINKS:" "$(webhook hook)"
  bridge m
  configure "SINKS:" "$(webhook hook)" "RULES:" "  - {name: Bad, severity: awful}"
  again m "Configuration not taken, the old one stays"
  has "$(<"$(log m)")" "$config:11: RULES[1].severity is 'awful'; it wants info or warning or critical"
  printf 'SINKS: [\n' >"$config"
  again m "$config:2:"
  say_error web1.example Still
  wait_until 20 received_times '.body | select(.detail == "Still" and .alert == "HostError")' 1
}

@test "a path that is not from the root means the folder that a daemon was started in, at SIGHUP as well" {
  configure
  printf 'HOSTS_FILE: hosts\n' >>"$config"
  printf 'web1.example production\n' >"$BATS_TEST_TMPDIR/hosts"
  (cd "$BATS_TEST_TMPDIR" && BATON_LOG_FILE=$(log daemon) BATON_PID_FILE=$(path daemon.pid) baton-ping-monitor -d -c "$config")
  wait_for daemon Listening
  again daemon "Configuration read again"
  stop daemon
}

@test "a sink's secret that everybody can read is warned of, and refused with --strict" {
  local file=$BATS_TEST_TMPDIR/slack
  printf 'http://127.0.0.1:%s/\n' "$RECEIVER" >"$file"
  chmod 644 "$file"
  configure "SINKS:" "  - {kind: webhook, secret: s3cret, url: 'http://127.0.0.1:$RECEIVER/'}" \
    "  - {kind: pagerduty, key: R1, url: 'http://127.0.0.1:$RECEIVER/'}" "  - {kind: slack, url_file: $file}"
  chmod 644 "$config"
  exits 0 mon check
  has "$stderr" "$config:9: everybody on this machine can read the secret in SINKS[1].secret" \
    "$config:10: everybody on this machine can read the secret in SINKS[2].key" \
    "$file: everybody on this machine can read the secret"
  has_not "$output" s3cret
  exits 78 mon check --strict
  exits 78 mon serve --strict
  has "$stderr" "move it into a file named by secret_file"
  chmod 600 "$config" "$file"
  exits 0 mon check --strict
  equal "$stderr" ""
}

@test "check reaches every sink without telling it anything, and says of each what is wrong" {
  local folder=$BATS_TEST_TMPDIR
  configure "SINKS:" "$(webhook well)" "  - {kind: slack, url: 'http://127.0.0.1:1/'}" \
    "  - {kind: pagerduty, key: R1, url: 'https://127.0.0.1:$RECEIVER/'}" "  - {kind: alertmanager, url: 'http://127.0.0.1:$RECEIVER'}" \
    "  - {kind: command, command: [no-such-program]}" "  - {kind: command, name: found, command: [cat]}" \
    "  - {kind: file, path: $folder/none/alerts}" "  - log"
  exits 1 mon check
  has "$stdout" "sink well: ok" "sink slack: Failed to connect" "sink pagerduty: " "sink alertmanager: it answered 501" \
    "sink command: there is no program 'no-such-program'" "sink found: ok" "sink file: $folder/none/alerts: No such file" "sink log: ok"
  equal "$(<"$(path received)")" ""
}
