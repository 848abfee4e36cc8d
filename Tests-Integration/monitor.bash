# shellcheck shell=bash
# What the tests of the bridge share, behind common.bash: a monitor with a short patience, the place that its notices are posted to,
# and a real Alertmanager. The times of silence are short, so that a test need not wait for minutes.

# What the processes that a whole file shares are called; those of a test end with it.
SHARED=(alertmanager receiver nginx)

# start_receiver: a place that notices are posted to, where it was before, if it was; its mode is ok.
start_receiver() {
  ensure_packages python3 jq
  RECEIVER=${RECEIVER:-$(free_port)}
  export RECEIVER
  printf 'ok\n' >"$(path mode)"
  touch "$(path received)"
  start receiver "$TESTS/receiver.py" "$RECEIVER" "$(path mode)" "$(path received)"
  wait_until 20 listens "$RECEIVER" || fail "no receiver: $(tail -n 3 "$(path receiver.err)")"
}

# start_alertmanager: where it was before, if it was; it remembers its silences and what it told, never the alerts themselves.
start_alertmanager() {
  ensure_packages prometheus-alertmanager curl jq
  ALERTMANAGER_PORT=${ALERTMANAGER_PORT:-$(free_port)}
  export ALERTMANAGER_PORT ALERTMANAGER=http://127.0.0.1:$ALERTMANAGER_PORT
  printf '%s\n' 'route: {receiver: none}' 'receivers: [{name: none}]' >"$(path alertmanager.yml)"
  start alertmanager prometheus-alertmanager --config.file "$(path alertmanager.yml)" --storage.path "$(path am)" \
    --web.listen-address "127.0.0.1:$ALERTMANAGER_PORT" --cluster.listen-address=
  wait_until 20 curl -fs "$ALERTMANAGER/-/ready" || fail "no Alertmanager: $(tail -n 3 "$(path alertmanager.err)")"
}

setup() {
  use_broker
  if [[ -e $(path mode) ]]; then
    printf 'ok\n' >"$(path mode)"
    : >"$(path received)"
  fi
  state=$BATS_TEST_TMPDIR/state.db
  config=$BATS_TEST_TMPDIR/monitor.cfg
  PAGE=127.0.0.1:$(free_port)
}

teardown() {
  local file name
  for file in "$BATS_FILE_TMPDIR"/*.pid; do
    name=$(basename "$file" .pid)
    [[ -e $file && " ${SHARED[*]} " != *" $name "* ]] || continue
    stop "$name"
  done
}

# configure [LINE…]: a monitor that looks every second; further lines, and sinks, as given.
configure() {
  printf '%s\n' "EXCHANGES: [baton_ping_out, baton_deploy_out]" "PING: production" "PING_INTERVAL: 1s" \
    "SILENT_WARNING: 3s" "SILENT_CRITICAL: 5s" "STATE_FILE: $state" "HTTP_LISTEN: $PAGE" "$@" >"$config"
}

# bridge NAME: a monitor with that configuration that leads.
bridge() {
  : >"$(log "$1")"
  start "$1" env "BATON_LOG_FILE=$(log "$1")" baton-ping-monitor -c "$config"
  wait_for "$1" Leading
}

# mon ARGUMENT…: one of the monitor's commands.
mon() { timeout 20 baton-ping-monitor "$@" -c "$config"; }

# say_message TYPE EXCHANGE JSON: publishes a message with these members beside its type.
say_message() { jq -cn --arg type "$1" "{type: \$type} + $3" | peer publish "$2" "" '{}'; }
# say_error FQDN CLASS: an error of a host that is not asked, so that its silence is none.
say_error() { say_message error baton_ping_out "{environment: \"staging\", fqdn: \"$1\", error_class: \"$2\", error_message: \"m\"}"; }

# fleet NAME ENVIRONMENT COUNT: simulated hosts that answer; silence NAME N makes the first N of them silent.
fleet() {
  printf '0\n' >"$(path "$1.silent")"
  start "$1" "$TESTS/fleet.py" answer "$2" "$3" "$(path "$1.silent")"
  wait_until 20 grep -q listening "$(path "$1.err")" || fail "$1 does not listen: $(<"$(path "$1.err")")"
}
silence() { printf '%s\n' "$2" >"$(path "$1.silent")"; }
# hosts_are CONDITION COUNT: as the monitor's metrics have them.
hosts_are() { metric_is "baton_hosts{condition=\"$1\"}" "$2"; }

listens() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }
fleet_has() { [[ $(mon hosts --json | jq -r ".[] | select(.fqdn == \"$1\").condition") == "$2" ]]; }
firing() { amtool --alertmanager.url "$ALERTMANAGER" alert query -o json "$@" | jq -r '.[].labels | .host + " " + .severity'; }
is_firing() { [[ $(firing "host=$1") == "$1 $2" ]]; }
is_quiet() { [[ -z $(firing "host=$1") ]]; }
# received FILTER: what the receiver has taken and a filter of jq lets through.
received() { jq -c "select(.mode == \"ok\") | $1" "$(path received)"; }
received_times() { (($(received "$1" | wc -l) == $2)); }
is_received() { [[ -n $(received "$1") ]]; }
# metric NAME: of the monitor that is on the page.
metric() { curl -fs "http://$PAGE/metrics" | awk -v name="$1" '$1 == name { print $2 }'; }
metric_is() { [[ $(metric "$1") == "$2" ]]; }
page_has() { curl -fs "http://$PAGE/" | grep -qF -- "$1"; }
