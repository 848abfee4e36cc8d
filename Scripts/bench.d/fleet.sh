# shellcheck shell=bash
# The section `fleet` of Scripts/bench: many agents of a kind on this machine, asked by the command that comes with them.
# shellcheck disable=SC2154 # work, rounds, took and pids are that script's

# What one takes, in MB, rather too much: a fleet that does not fit into the memory would measure the disk.
declare -A weight=([c]=3 [baton]=14 [celery]=45 [mcollective]=30 [serf]=12 [salt]=120)

fleet() {
  local kind size rest
  heading "Fleet ping, each by the command that comes with it"
  fleets 20 100 300 of c baton
  mapfile -t rest < <(those_of fleet celery mcollective serf)
  for kind in "${rest[@]}"; do fleets 20 100 300 of "$kind"; done
  # As many as show what it takes: each has the memory of seventy.
  for kind in $(those_of fleet salt); do fleets 20 of "$kind"; done
  end_servers
}

# fleets SIZE… of KIND…: brings up ever more of them, and asks those of each kind in turn.
fleets() {
  local size kind round before=0 times=$rounds sizes=()
  while [[ $1 != of ]]; do
    sizes+=("$1")
    shift
  done
  shift
  # What takes milliseconds is asked more often than what takes seconds.
  if [[ " $* " == *" baton "* ]]; then times=$((rounds * 5)); fi
  for size in "${sizes[@]}"; do
    for kind in "$@"; do
      fits "$kind" $((size - before)) || {
        note fleet "$kind" "no more than $before: $size would not fit into the memory of this machine"
        break 2
      }
      say "$kind: $size agents …"
      start_agents "$kind" "$before" "$size" || {
        note fleet "$kind" "$size agents did not all start: $(tail -n 1 "$work/log.$kind.$((size - 1))")"
        break 2
      }
      # Asks until all have answered once: then they are there, and caches warm.
      wait_until 60 asked "$kind" "$size" || note fleet "$kind" "after a minute ${took[2]-0} of $size answered"
    done
    for ((round = 0; round < times; round++)); do
      for kind in "$@"; do ask_fleet "$kind" "$size"; done
    done
    before=$size
  done
  end_agents
}

fits() { (($(awk '/^MemAvailable:/ { printf "%d", $2 / 1024 }' /proc/meminfo) > weight[$1] * $2 + 1000)); }

ask_fleet() {
  asked "$1" "$2" || note fleet "$1" "of $2 only ${took[2]-0} answered in one round"
  ((${#took[@]})) || return 0
  record fleet "$1" "$2 hosts, exit" ms "${took[0]}"
  record fleet "$1" "$2 hosts, last answer" ms "${took[1]}"
}
