#!/usr/bin/env bats
# The monitor as the bridge to those who must wake up: a real Alertmanager and Prometheus, webhooks that fail, crashes.

# shellcheck disable=SC2154 # stdout, stderr, state and config are set in what is loaded
load common
load monitor

prepare() {
  start_receiver
  start_alertmanager
}

# second: a monitor with the configuration of the first but for a page of its own, and what the expression for sed changes.
start_second() {
  second=127.0.0.1:$(free_port)
  sed "s/^HTTP_LISTEN.*/HTTP_LISTEN: $second/; ${1-}" "$config" >"$BATS_TEST_TMPDIR/second.cfg"
  start second env "BATON_LOG_FILE=$(log second)" baton-ping-monitor -c "$BATS_TEST_TMPDIR/second.cfg"
}
second_stands_by() { [[ $(curl -fs "http://$second/healthz") == "ok, standing by" ]]; }
killed_hosts_are() { (($(received '.body.host' | sort -u | grep -c kill) == $1)); }
query() {
  curl -fsG "$PROMETHEUS/api/v1/query" --data-urlencode "query=$1" | jq -r '.data.result[0].value[1] // 0'
}
is_scraped() { (($(query 'baton_hosts{condition="up"}') >= 1)); }

@test "a host that is killed fires in Alertmanager, and is over when it is back; a clean leave is neither" {
  configure "SINKS: [{kind: alertmanager, url: $ALERTMANAGER}]"
  bridge m
  host web1.example production shop
  host web2.example production ""
  wait_until 20 fleet_has web1.example up
  wait_until 20 fleet_has web2.example up
  stop web2.example
  local killed=${EPOCHREALTIME/./}
  kill_now web1.example
  wait_until 20 is_firing web1.example warning
  local now=${EPOCHREALTIME/./} heard
  heard=$(date +%s%3N -d "$(mon hosts --json | jq -r '.[] | select(.fqdn == "web1.example").last_seen')")
  printf '# kill to Alertmanager: %s ms; %s ms beyond the silence of 3000 ms since it was last heard\n' \
    $(((now - killed) / 1000)) $((now / 1000 - heard - 3000)) >&3
  wait_until 20 is_firing web1.example critical
  equal "$(mon hosts --json | jq -r '.[] | .fqdn + " " + .condition + " " + .version' | tr '\n' ,)" \
    "web1.example gone 0.1.0,web2.example left 0.1.0,"
  exits 1 mon alerts
  has "$stdout" HostSilent web1.example critical
  host web1.example production shop
  wait_until 20 is_quiet web1.example
  exits 0 mon alerts
  is_quiet web2.example
}

@test "Alertmanager is away: what begins and ends meanwhile is told in order, and nothing is lost" {
  configure "SINKS: [{kind: alertmanager, url: $ALERTMANAGER}]"
  bridge m
  stop alertmanager
  host web3.example production ""
  wait_until 20 fleet_has web3.example up
  kill_now web3.example
  wait_until 20 fleet_has web3.example gone
  say_error web9.example Broken
  wait_until 20 metric_is 'baton_sink_queue{sink="alertmanager"}' 3
  kill_now m
  bridge m
  equal "$(metric 'baton_sink_queue{sink="alertmanager"}')" 3
  start_alertmanager
  wait_until 40 is_firing web3.example critical
  wait_until 40 is_firing web9.example warning
  wait_until 20 metric_is 'baton_sink_queue{sink="alertmanager"}' 0
}

@test "Alertmanager that has forgotten everything is told again what is firing" {
  configure "SINKS: [{kind: alertmanager, url: $ALERTMANAGER, resend: 2s}]"
  bridge m
  say_error web10.example Broken
  wait_until 20 is_firing web10.example warning
  stop alertmanager
  rm -rf "$(path am)"
  start_alertmanager
  wait_until 30 is_firing web10.example warning
}

@test "webhooks that fail, stall and want to be left alone get each notice once, signed" {
  configure "SINKS:" "  - {kind: webhook, url: 'http://127.0.0.1:$RECEIVER/', secret: s3cret}"
  bridge m
  local mode number=0
  for mode in fail slow refuse stall; do
    printf '%s\n' "$mode" >"$(path mode)"
    say_error "web$((number += 1)).example" "$mode"
    wait_until 20 grep -q "\"mode\": \"$mode\"" "$(path received)"
    printf 'ok\n' >"$(path mode)"
    wait_until 40 received_times ".body | select(.detail == \"$mode\")" 1 || fail "$mode: $(cat "$(path received)")"
  done
  received '[.signature, .raw] | @tsv' | jq -r . | head -n 1 | while IFS=$'\t' read -r signature raw; do
    local time=${signature#t=}
    time=${time%%,*}
    equal "${signature#*v1=}" "$(printf '%s.%s' "$time" "$raw" | sed 's/\\\\/\\/g' | openssl dgst -sha256 -hmac s3cret -r | cut -d' ' -f1)"
  done
  equal "$(received '.body.detail' | sort | uniq -d)" ""
}

@test "kill -9 at any moment under load loses no alert, and tells at most one twice" {
  configure "SINKS:" "  - {kind: webhook, url: 'http://127.0.0.1:$RECEIVER/'}" "LOG_MESSAGES: true"
  bridge m
  local round
  for round in 1 2 3 4 5; do
    for host in 1 2 3 4 5 6 7 8; do say_error "kill$round-$host.example" E & done
    # In the midst of it: some are told, others are on their way.
    wait_until 20 is_received ".body.host | select(startswith(\"kill$round\"))"
    kill_now m
    wait
    bridge m
  done
  wait_until 60 metric_is 'baton_sink_queue{sink="webhook"}' 0
  wait_until 30 killed_hosts_are 40 || fail "$(received .body.host | sort | uniq -c)"
  local twice
  twice=$(received '.body.host' | sort | uniq -d | grep -c kill || true)
  printf '# 40 alerts, 5 kills: none lost, %s told twice\n' "$twice" >&3
  ((twice <= 5))
}

@test "two monitors: one leads, the other takes over within 15 s and carries on the same alerts" {
  configure "SINKS:" "  - {kind: webhook, url: 'http://127.0.0.1:$RECEIVER/'}"
  bridge first
  start_second
  wait_for second Listening
  wait_until 20 second_stands_by
  wait_until 20 metric_is 'baton_standby_monitors{shared="true"}' 1
  say_error web1.example Shared
  wait_until 20 received_times '.body | select(.detail == "Shared")' 1
  local began=${EPOCHREALTIME/./}
  kill_now first
  wait_for second "Leading open_alerts=1"
  local took=$(((${EPOCHREALTIME/./} - began) / 1000))
  printf '# takeover after %s ms\n' "$took" >&3
  ((took < 15000))
  say_error web1.example Shared
  say_error web2.example After
  wait_until 20 received_times '.body | select(.detail == "After")' 1
  equal "$(received '.body | select(.detail == "Shared")' | wc -l)" 1
}

@test "two monitors with databases of their own: both say so" {
  configure
  bridge first
  start_second "s|^STATE_FILE.*|STATE_FILE: $BATS_TEST_TMPDIR/other.db|"
  wait_for first "Another monitor on this queue has a database of its own"
  wait_for second "The monitor that leads has a database of its own"
  wait_until 20 metric_is 'baton_standby_monitors{shared="false"}' 1
  PAGE=$second metric_is baton_leader_is_foreign 1
  metric_is baton_leader_is_foreign 0
  PAGE=$second page_has "its alerts are not here"
}

@test "silences: what matches is told nobody, until it is ended" {
  configure "SINKS:" "  - {kind: webhook, url: 'http://127.0.0.1:$RECEIVER/'}"
  bridge m
  local id
  id=$(mon silence 'host=web*' --for 1h --why "cables" --by jo)
  equal "$(mon silences --json | jq -r '.[] | .by + " " + .why + " " + .matchers[0]')" "jo cables host=web*"
  # The monitor takes it up at its next look.
  wait_until 20 page_has "$id" || fail "not on the page"
  say_error web1.example Hidden
  say_error db1.example Seen
  wait_until 20 received_times '.body | select(.detail == "Seen")' 1
  equal "$(mon alerts --json | jq -r '.[] | select(.detail == "Hidden").silence')" "$id"
  equal "$(received '.body | select(.detail == "Hidden")')" ""
  mon unsilence "$id"
  wait_until 20 received_times '.body | select(.detail == "Hidden")' 1
  exits 1 mon unsilence "$id"
  exits 64 mon silence 'hots=x'
}

@test "a broker that goes away for a while loses nothing, and nobody is called silent for it" {
  configure "SINKS:" "  - {kind: webhook, url: 'http://127.0.0.1:$RECEIVER/'}"
  bridge m
  host web5.example production ""
  wait_until 20 fleet_has web5.example up
  broker ctl -- -q stop_app
  wait_until 20 received_times '.body | select(.alert == "BrokerUnreachable" and .kind == "firing")' 1
  exits 22 curl -fs "http://$PAGE/healthz"
  broker ctl -- -q start_app
  wait_until 40 received_times '.body | select(.alert == "BrokerUnreachable" and .kind == "resolved")' 1
  equal "$(received '.body | select(.alert == "HostSilent")')" ""
}

@test "hosts that are expected and never come are missing" {
  printf 'web6.example production\nghost.example\n' >"$BATS_TEST_TMPDIR/hosts"
  configure "HOSTS_FILE: $BATS_TEST_TMPDIR/hosts" "SINKS:" "  - {kind: webhook, url: 'http://127.0.0.1:$RECEIVER/'}"
  host web6.example production ""
  bridge m
  wait_until 20 received_times '.body | select(.alert == "HostMissing")' 1
  equal "$(received '.body.host')" '"ghost.example"'
}

@test "prometheus scrapes the metrics, and promtool takes metrics, rules and dashboard" {
  ensure_packages prometheus
  PROMETHEUS=http://127.0.0.1:$(free_port)
  configure "SINKS: [log]"
  host web7.example production ""
  bridge m
  wait_until 20 fleet_has web7.example up
  curl -fs "http://$PAGE/metrics" | promtool check metrics
  local folder=$ROOT/Packages/baton-ping-monitor/Monitoring
  promtool check rules "$folder/alert-rules.yml"
  (cd "$folder" && promtool test rules alert-rules.test.yml)
  cat >"$(path prometheus.yml)" <<YAML
global: {scrape_interval: 1s}
rule_files: [$folder/alert-rules.yml]
scrape_configs: [{job_name: baton-ping-monitor, static_configs: [{targets: ["$PAGE"]}]}]
YAML
  start prometheus prometheus --config.file "$(path prometheus.yml)" --storage.tsdb.path "$BATS_TEST_TMPDIR/tsdb" \
    --web.listen-address "${PROMETHEUS#http://}"
  wait_until 30 is_scraped || fail "no hosts in Prometheus"
  # Every expression of the dashboard is one that Prometheus can evaluate, and every metric in it is there.
  local expression
  while read -r expression; do
    curl -fsG "$PROMETHEUS/api/v1/query" --data-urlencode "query=$expression" >/dev/null || fail "$expression"
  done < <(jq -r '.panels[].targets[].expr' "$folder/grafana-dashboard.json")
  for name in $(jq -r '.panels[].targets[].expr' "$folder/grafana-dashboard.json" | grep -o 'baton_[a-z_]*' | sort -u); do
    curl -fs "http://$PAGE/metrics" | grep -q "^$name" || fail "no metric $name"
  done
}

@test "the status page shows fleet, alerts and round trips, needs nothing from elsewhere, and no name becomes markup" {
  configure "SINKS: [log]"
  host web8.example production shop
  bridge m
  wait_until 20 fleet_has web8.example up
  say_error '<script>alert(1)</script>' 'X<b>'
  wait_until 20 page_has HostError
  local html
  html=$(curl -fs "http://$PAGE/")
  has "$html" web8.example "<svg" "&lt;script&gt;alert(1)"
  has_not "$html" "<script"
  has_not "$html" "src="
  has "$(curl -fsI "http://$PAGE/")" "default-src 'none'"
  equal "$(curl -s -o /dev/null -w '%{http_code}' "http://$PAGE/nothing")" 404
}

@test "check tries everything, and sends a trial to each sink when asked to" {
  configure "SINKS:" "  - {kind: webhook, url: 'http://127.0.0.1:$RECEIVER/'}" "  - {kind: file, path: $BATS_TEST_TMPDIR/alerts}"
  exits 0 mon check
  equal "$(received .body)" ""
  exits 0 mon check --send-test
  equal "$(received '.body | .alert + " " + .kind' | tr -d '"' | tr '\n' ,)" "BatonTest firing,BatonTest resolved,"
  equal "$(wc -l <"$BATS_TEST_TMPDIR/alerts")" 2
  printf 'SINKS:\n  - kind: slack\n' >"$config"
  exits 78 mon check
  has "$stderr" "$config:2: url is missing"
}
