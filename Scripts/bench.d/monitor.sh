# shellcheck shell=bash
# The section `monitor` of Scripts/bench: what the monitor takes in, and what it tells; its start and stop, for others as well.
# shellcheck disable=SC2154 # work, bin, port, rounds are that script's

# start_bridge LINE…: a monitor with a database and a queue of its own, and more lines of configuration; its number is in $bridge.
start_bridge() {
  rm -f "$work"/state.db*
  page=127.0.0.1:$(free_port)
  printf '%s\n' "QUEUE: baton-ping-monitor.bench" "STATE_FILE: $work/state.db" "HTTP_LISTEN: $page" "$@" >"$work/monitor.cfg"
  BATON_LOG_FILE=$work/monitor.log BATON_RABBIT_DURABLE=true setsid "$bin/baton-ping-monitor" -c "$work/monitor.cfg" </dev/null &
  bridge=$!
  servers+=("$bridge")
  wait_until 20 curl -fs "http://$page/healthz" || die 69 "the monitor does not start: $(tail -n 3 "$work/monitor.log")"
}
stop_bridge() {
  end_all "$bridge"
  unset 'servers[-1]'
}

# fill_queue ARGUMENT…: what fleet.py says waits for a monitor that begins later: who says it would take the processor.
fill_queue() {
  start_bridge "SINKS: [log]"
  stop_bridge
  "$ROOT/Tests-Integration/fleet.py" "$@"
}

# counted NAME NUMBER: whether a counter of the metrics has come so far.
counted() { curl -fs "http://$page/metrics" | awk -v name="$1" -v number="$2" '$1 == name && $2 >= number { found = 1 } END { exit !found }'; }

monitor() {
  local round count=200000 alerts=2000 sink receiver
  heading "The monitor: $count messages of 1,000 hosts, $alerts alerts"
  for ((round = 0; round < rounds; round++)); do
    fill_queue fill production "$count" 1000
    start_bridge "SINKS: [log]"
    record monitor baton "to disk" messages/s "$(rate "$count" counted baton_monitor_messages_total "$count")"
    record monitor baton "CPU a message" µs "$(per "$(spent "$bridge")" "$count")"
    stop_bridge
  done
  receiver=$(free_port)
  printf 'ok\n' >"$work/mode"
  "$ROOT/Tests-Integration/receiver.py" "$receiver" "$work/mode" "$work/received" &
  servers+=("$!")
  for sink in "file, path: $work/alerts" "webhook, url: 'http://127.0.0.1:$receiver/'"; do
    for ((round = 0; round < rounds; round++)); do
      fill_queue errors staging "$alerts" 100000
      start_bridge "SINKS: [{name: s, kind: $sink}]"
      record monitor baton "to a ${sink%%,*}" notices/s "$(rate "$alerts" counted 'baton_sink_told_total{sink="s"}' "$alerts")"
      stop_bridge
    done
  done
  end_servers
}
