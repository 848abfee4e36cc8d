# shellcheck shell=bash
# What the sections of Scripts/bench, which sources this, measure with, and how they write it down.
# shellcheck disable=SC2154,SC2034 # work is that script's; what is set here is read elsewhere

# record SECTION PEER MEASURE UNIT VALUE: one value of one round.
record() {
  local IFS=$'\t'
  printf '%s\n' "$*" >>"$work/values"
}

# note SECTION PEER TEXT: what the report has to say beside the values.
note() {
  local IFS=$'\t'
  printf '%s\n' "$*" >>"$work/notes"
  say "$1: $2: $3"
}

# per AMOUNT COUNT: with three decimals.
per() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.3f", a / b }'; }

# An agent is a session of its own: some peers' are several processes.

# spent AGENT: the processor time that it has taken, in µs.
spent() { "$ROOT/Scripts/bench.d/spent.py" "$1"; }

# memory AGENT: PSS in MB.
memory() {
  local pid
  for pid in $(pgrep -s "$1"); do grep ^Pss: "/proc/$pid/smaps_rollup"; done | awk '{ sum += $2 } END { printf "%.2f\n", sum / 1024 }'
}

threads() {
  local pid
  for pid in $(pgrep -s "$1"); do grep ^Threads: "/proc/$pid/status"; done | awk '{ sum += $2 } END { print sum }'
}

# pause SECONDS: only where what is measured is a time.
pause() { read -rt "$1" <> <(:) || true; }

# rate NUMBER COMMAND…: prints how often a second something happened that was done so often when the command succeeds.
rate() {
  local began=${EPOCHREALTIME/./}
  wait_until 300 "${@:2}" || die 69 "after 300 s this is not so yet: ${*:2}"
  awk -v count="$1" -v micros=$((${EPOCHREALTIME/./} - began)) 'BEGIN { printf "%d\n", count * 1000000 / micros }'
}

# timed COMMAND…: leaves in $milliseconds how long it took.
timed() {
  local start=${EPOCHREALTIME/./}
  "$@" || return
  milliseconds=$(per $((${EPOCHREALTIME/./} - start)) 1000)
}

# end_all PID…: all at once: one after another, each would be waited for.
end_all() {
  (($#)) || return 0
  kill "$@" 2>/dev/null || true
  wait_until 20 all_gone "$@" || kill -KILL "$@" 2>/dev/null || true
}
all_gone() {
  local pid
  for pid in "$@"; do is_gone "$pid" || return 1; done
}
