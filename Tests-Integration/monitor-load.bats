#!/usr/bin/env bats
# The bridge under load: a thousand hosts that speak over RabbitMQ, and places to tell that are away for long meanwhile.
#
# AWAY=600 RATE=20 bats Tests-Integration/monitor-load.bats is the full form, with ten minutes.

# shellcheck disable=SC2154 # config is set in what is loaded
load common
load monitor

AWAY=${AWAY:-15}
RATE=${RATE:-20}

prepare() {
  ensure_packages python3-pika procps
  start_receiver
  start_alertmanager
}

# told NAME: how many alerts of that name Alertmanager holds for firing.
told() { curl -fsG "$ALERTMANAGER/api/v2/alerts" --data-urlencode "filter=alertname=\"$1\"" | jq length; }
tells() { [[ $(told "$1") == "$2" ]]; }
memory() { awk '/^VmRSS:/ { printf "%d MB", $2 / 1024 }' "/proc/$(pid m)/status"; }
knows() { mon alerts --json | jq -e "any(.host == \"$1\" and .alert == \"Broken\")"; }
# listed: what was told the receiver, as lines of id and kind.
listed() { received '[.body.id, .body.kind] | @tsv' | jq -r .; }

@test "a thousand hosts: all in the roster, a quarter falls silent and is told of, and all is well when they are back" {
  configure "SINKS: [{kind: alertmanager, url: $ALERTMANAGER}]"
  sed -i 's/^PING_INTERVAL.*/PING_INTERVAL: 2s/; s/^SILENT_WARNING.*/SILENT_WARNING: 6s/; s/^SILENT_CRITICAL.*/SILENT_CRITICAL: 10s/' \
    "$config"
  bridge m
  fleet sim production 1000
  wait_until 30 hosts_are up 1000
  equal "$(mon hosts --json | jq '[.[] | select(.fqdn | startswith("sim"))] | length')" 1000
  silence sim 250
  wait_until 40 tells HostSilent 250
  wait_until 40 hosts_are gone 250
  printf '# 1000 hosts, 250 of them gone: %s\n' "$(memory)" >&3
  silence sim 0
  wait_until 40 hosts_are up 1000
  wait_until 40 tells HostSilent 0
  exits 0 mon alerts
}

@test "Alertmanager and a webhook away for long under load, a monitor and a broker killed meanwhile: nothing is lost" {
  local alerts=$((AWAY * RATE)) began lost twice
  configure "RULES: [{name: Broken, type: error, lasts: 10h}]" "SINKS:" \
    "  - {kind: alertmanager, url: $ALERTMANAGER, retry: 2s}" "  - {kind: webhook, url: 'http://127.0.0.1:$RECEIVER/', retry: 2s}"
  # What another test's hosts have answered since its monitor ended; there is no queue where this test runs alone.
  ctl purge_queue baton-ping-monitor.v2 >/dev/null 2>&1 || true
  bridge m
  fleet sim production 100
  wait_until 30 hosts_are up 100
  stop alertmanager
  stop receiver
  start load "$TESTS/fleet.py" errors staging "$alerts" "$RATE"
  silence sim 20
  wait_until 30 hosts_are gone 20
  silence sim 0
  wait_until 30 hosts_are gone 0
  kill_now m
  bridge m
  broker kill
  broker restart
  wait_until $((AWAY + 60)) is_gone "$(pid load)" || fail "the load does not end: $(tail -n 3 "$(path load.err)")"
  equal "$(<"$(path load.err)")" ""
  # The last of what was said is kept before anybody comes back.
  wait_until 60 knows "$(printf 'sim%05d.example' $((alerts - 1)))"
  printf '# away for %s s: %s and %s notices wait, %s\n' "$AWAY" "$(metric 'baton_sink_queue{sink="alertmanager"}')" \
    "$(metric 'baton_sink_queue{sink="webhook"}')" "$(memory)" >&3
  began=${EPOCHREALTIME/./}
  start_alertmanager
  start_receiver
  wait_until 60 metric_is 'baton_sink_queue{sink="alertmanager"}' 0
  tells Broken "$alerts" || fail "Alertmanager has $(told Broken) of $alerts"
  wait_until 300 metric_is 'baton_sink_queue{sink="webhook"}' 0
  listed >"$BATS_TEST_TMPDIR/told"
  lost=$((alerts - $(grep -c '^Broken/.*firing' <(sort -u "$BATS_TEST_TMPDIR/told"))))
  twice=$(grep '^Broken/' "$BATS_TEST_TMPDIR/told" | sort | uniq -d | wc -l)
  printf '# %s alerts, all told %s ms after the places were back: %s lost, %s told twice\n' "$alerts" \
    $(((${EPOCHREALTIME/./} - began) / 1000)) "$lost" "$twice" >&3
  equal "$lost" 0
  ((twice <= 1))
  # What began, became worse and ended meanwhile is told in that order.
  equal "$(awk '/^HostSilent\/production\/sim000[01]/ { kinds[$1] = kinds[$1] " " $2 }
    END { for (id in kinds) print substr(kinds[id], 1, 24) }' "$BATS_TEST_TMPDIR/told" | sort | uniq -c | tr -s ' ')" \
    " 20 firing changed resolved"
}
