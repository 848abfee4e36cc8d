# shellcheck shell=bash
# The section `growth` of Scripts/bench: what asking, the monitor and one agent cost as the fleet grows; its hosts are those of baton-sim.
# shellcheck disable=SC2154 # work, bin, rounds, agent, took and bridge are that script's

growth() {
  local hosts
  heading "Growth: from 10 to 10,000 hosts"
  for hosts in 10 100 1000 10000; do grown "$hosts"; done
}

# grown HOSTS: that many simulated ones, and one real agent among them.
grown() {
  local hosts=$1 round spending
  setsid "$bin/baton-sim" --hosts "$hosts" --environment baton </dev/null >"$work/sim" 2>&1 &
  pids+=($!)
  timed wait_until 120 grep -q 'hosts are there' "$work/sim" || die 69 "baton-sim has not come up: $(tail -n 3 "$work/sim")"
  record growth "$hosts" "until all are there" ms "$milliseconds"
  start_one baton || die 69 "the agent did not start"
  wait_until 60 asked baton $((hosts + 1)) || die 69 "not all of $hosts hosts answer: $(cat "$work/errors")"
  for ((round = 0; round < rounds; round++)); do
    # As long for each size: an agent also sees every few seconds that its queue is still bound.
    "$ROOT/Scripts/bench.d/spent.py" "$agent" 4 >"$work/spent" &
    spending=$!
    asked baton $((hosts + 1)) || die 69 "of $((hosts + 1)) hosts ${took[2]-0} answered: $(cat "$work/errors")"
    wait "$spending"
    record growth "$hosts" "ask, exit" ms "${took[0]}"
    record growth "$hosts" "ask, last answer" ms "${took[1]}"
    record growth "$hosts" "ask, CPU" ms "${took[3]}"
    record growth "$hosts" "ask, memory" MB "$(per "${took[4]}" 1024)"
    record growth "$hosts" "one agent, CPU a second with an ask in 4 s" µs "$(<"$work/spent")"
  done
  record growth "$hosts" "one agent, PSS" MB "$(memory "$agent")"
  watched "$hosts"
  end_agents
}

# watched HOSTS: what a monitor costs that asks them all every 4 s.
watched() {
  start_bridge "SINKS: [log]" "PING: baton" "PING_INTERVAL: 4s"
  # The first time it makes their acquaintance.
  wait_until 120 counted baton_ping_round_trip_seconds_count $(($1 + 1)) || {
    note growth "$1" "not all answered the monitor within two minutes"
    stop_bridge
    return
  }
  # Two rounds: nothing is asked of it meanwhile.
  record growth "$1" "monitor, CPU a second" ms "$(per "$("$ROOT/Scripts/bench.d/spent.py" "$bridge" 8)" 1000)"
  counted baton_ping_round_trip_seconds_count $((($1 + 1) * 3)) || note growth "$1" "not all answered the monitor in time"
  record growth "$1" "monitor, PSS" MB "$(memory "$bridge")"
  stop_bridge
}
