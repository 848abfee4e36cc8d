# shellcheck shell=bash
# The section `agent` of Scripts/bench: what one agent of each kind costs its host.
# shellcheck disable=SC2154 # work, bin, port, rounds, agent, milliseconds, salt and python are that script's

agent() {
  local kind kinds round start
  heading "An agent, alone"
  mapfile -t kinds < <(printf 'c\nbaton\n' && those_of agent gem pika celery mcollective serf salt)
  for ((round = 0; round < rounds; round++)); do
    for kind in "${kinds[@]}"; do
      # What takes milliseconds is started more often than what takes seconds.
      if [[ $kind =~ ^(c|baton|serf)$ ]]; then
        for ((start = 1; start < 5; start++)); do
          started "$kind" || true
          end_agents
        done
      fi
      # Alone: the pages that several share would count for less.
      started "$kind" || continue
      # What is done at the start is done, and then nothing is asked.
      pause 1
      record agent "$kind" "idle CPU a second" µs "$("$ROOT/Scripts/bench.d/spent.py" "$agent" 3)"
      record agent "$kind" "PSS idle" MB "$(memory "$agent")"
      record agent "$kind" "threads" "" "$(threads "$agent")"
      # At last: what it leaves to do, if it was too slow, is in nobody's way.
      ((round < rounds - 1)) || after_messages "$kind"
      end_agents
    done
  done
  end_servers
  for kind in "${kinds[@]}"; do record agent "$kind" "on disk" MB "$(on_disk "$kind")"; done
}

# started KIND: starts one, and records how long it took.
started() {
  start_one "$1" || {
    note agent "$1" "an agent did not start"
    return 1
  }
  record agent "$1" "start to subscribed" ms "$milliseconds"
}

# after_messages KIND: the memory after 100,000 pings, of those that can be asked so often without waiting.
after_messages() {
  local count=100000
  case $1 in
    c | baton | gem | pika) timeout 300 "$plain/asker-c" "$port" "$1" flood "$count" >/dev/null ;;
    celery) timeout 300 "$python" "$ROOT/Benchmarks/Peers/celery_flood.py" "$count" ;;
    *) return ;;
  esac || {
    note agent "$1" "did not answer $count pings"
    return
  }
  # Some give back what a burst has needed, when it has been quiet for some seconds.
  pause 12
  record agent "$1" "PSS after 100,000" MB "$(memory "$agent")"
}

# on_disk KIND: what is installed for it beyond a language's own runtime, in MB.
on_disk() {
  case $1 in
    c) stripped "$plain/agent-c" ;;
    baton) stripped "$bin/baton-ping" ;;
    gem) packages ruby-bunny ruby-amq-protocol ruby-sorted-set ;;
    pika) folders "$python" pika ;;
    celery) folders "$python" celery kombu amqp billiard vine ;;
    mcollective) packages mcollective mcollective-common ruby-stomp ruby-systemu ;;
    serf) packages serf ;;
    salt) du -sk "${salt%/bin}" | awk '{ printf "%.2f\n", $1 / 1024 }' ;;
  esac
}
stripped() {
  strip -o "$work/stripped" "$1"
  du -k "$work/stripped" | awk '{ printf "%.2f\n", $1 / 1024 }'
}
packages() { dpkg-query -W -f '${Installed-Size}\n' "$@" 2>/dev/null | awk '{ sum += $1 } END { printf "%.2f\n", sum / 1024 }'; }
# folders PYTHON NAME…
folders() {
  local name
  for name in "${@:2}"; do du -sk "${1%/bin/python}"/lib/python3*/site-packages/"$name"; done | awk '{ sum += $1 } END { printf "%.2f\n", sum / 1024 }'
}
