# shellcheck shell=bash
# The sections `trip` and `flood` of Scripts/bench: one agent of each kind, asked by the same C program one ping after another, and with
# thousands at once.
# shellcheck disable=SC2154 # plain, port, rounds and quick are that script's

trip() {
  heading "Round trip: a ping to one agent and its pong"
  local count=3000
  if $quick; then count=1000; fi
  each_pinged trip trips "$count"
}

flood() {
  heading "Flood: 10,000 pings for one agent at once"
  each_pinged flood flood 10000
}

# each_pinged SECTION MODE COUNT: has one agent of each kind there, and asks each in turn.
each_pinged() {
  local kind kinds round times=$rounds
  local -A agents=()
  kinds=(c baton)
  if ! $quick; then
    # It takes a second: more often than what takes minutes.
    times=$((rounds * 5))
    mapfile -t -O 2 kinds < <(those_of "$1" gem pika && printf 'c-no-ack\n')
  fi
  for kind in "${kinds[@]}"; do
    start_one "$kind" || die 69 "no agent of the kind $kind can be had"
    agents[$kind]=$agent
  done
  # The first requests find caches cold.
  for kind in "${kinds[@]}"; do timeout 120 "$plain/asker-c" "$port" "$kind" trips 200 >/dev/null; done
  for ((round = 0; round < times; round++)); do
    for kind in "${kinds[@]}"; do pinged "$1" "$kind" "${agents[$kind]}" "$2" "$3"; done
  done
  end_agents
}

# pinged SECTION KIND AGENT MODE COUNT
pinged() {
  local before told
  before=$(spent "$3")
  told=$(timeout 120 "$plain/asker-c" "$port" "$2" "$4" "$5") || die 69 "$1: the agent of the kind $2 does not answer"
  record "$1" "$2" "CPU of the agent a ping" µs "$(per $(($(spent "$3") - before)) "$5")"
  case $4 in
    trips)
      local p50 p99 own
      read -r p50 p99 own <<<"$told"
      record "$1" "$2" "p50" µs "$p50"
      record "$1" "$2" "p99" µs "$p99"
      record "$1" "$2" "CPU of the requester a ping" µs "$own"
      ;;
    flood) record "$1" "$2" "answers" pings/s "$told" ;;
  esac
}
