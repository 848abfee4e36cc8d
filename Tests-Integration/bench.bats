#!/usr/bin/env bats
# What Scripts/bench makes of the values that it has measured; the measuring itself is done by Scripts/test --bench.

# shellcheck disable=SC2154 # stdout, stderr and output are set in common.bash
load common

setup_file() { :; }
teardown_file() { :; }

setup() {
  cd "$BATS_TEST_TMPDIR" || return
  touch values notes
  printf '%s\t%s\n' date 2026-01-02 command Scripts/bench rounds 3 load "0 0 0" cores 2 processor Z80 memory "1 GB" kernel Linux \
    system Debian commit abc RabbitMQ 3.10 >facts
}

# values SECTION PEER MEASURE UNIT VALUE…: one of each round.
values() {
  local value
  for value in "${@:5}"; do printf '%s\t%s\t%s\t%s\t%s\n' "${@:1:4}" "$value" >>values; done
}

report() { "$ROOT/Scripts/bench.d/report.py" . "$@"; }

# within_limits: values of each of which CI says that they are well.
within_limits() {
  local peer
  for peer in c baton; do
    values throughput "$peer" "publish, confirms" messages/s 1000 1000
    values throughput "$peer" "consume, acks" messages/s 1000 1000
    values throughput "$peer" "CPU a message consumed" µs 5 5
    values trip "$peer" p50 µs 300 300
    values flood "$peer" answers pings/s 9000 9000
    values flood "$peer" "CPU of the agent a ping" µs 10 10
  done
}

@test "a table has medians, the least and the most, and the ratio to C" {
  values trip c p50 µs 200 100 300
  values trip baton p50 µs 210 220 230
  values trip c p99 µs 400 400 400
  exits 0 report
  has "$stdout" "p50, µs" "200 (100–300)" "220 (210–230) **×1.10**" "| 400 "
}

@test "goals are met or missed, and one that was not measured is not there" {
  values trip c p50 µs 200
  values trip baton p50 µs 220
  values monitor baton "to disk" messages/s 30000
  exits 0 report
  grep -qE 'round trip, p50.*≤ 1.05 × .*1.10 × .*missed' <<<"$stdout"
  grep -qE 'monitor, messages to disk.*≥ 20,000 messages/s.*30,000 messages/s.*met' <<<"$stdout"
  has_not "$stdout" "start to subscribed"
}

@test "the page tells the machine, the versions, and why a peer is not there; the JSON has each round" {
  values agent c "PSS idle" MB 1 2 3
  printf '%s\t%s\t%s\n' agent salt "not installed: no network" >>notes
  exits 0 report --docs . --json other.json
  has "$(<benchmarks.md)" "2 cores of Z80, 1 GB, Linux, Debian" "RabbitMQ 3.10" "- salt: not installed: no network" "2026-01-02"
  equal "$(jq -c '.measurements[0] | [.median, .min, .max, .rounds]' benchmarks.json)" "[2,1,3,[1,2,3]]"
  cmp benchmarks.json other.json
}

@test "quick: a ratio beyond its limit fails, if it is in every round" {
  within_limits
  exits 0 report --quick
  has "$stdout" "ok    round trip, p50, to the C agent: 1.00"
  sed -i '/^trip\tbaton/s/300/2000/' values
  exits 1 report --quick
  has "$stdout" "FAIL  round trip, p50, to the C agent: 6.67, at most"
  # A third round in which all was well.
  values trip c p50 µs 300
  values trip baton p50 µs 400
  exits 0 report --quick
}

@test "quick: what was not measured fails" {
  within_limits
  sed -i '/^flood\tbaton\tanswers/d' values
  exits 1 report --quick
  has "$stdout" "FAIL  flood, answers a second, to the C agent: not measured"
}

@test "a command is timed to its exit and to its last answer, and ends when its time is over" {
  local took
  # shellcheck disable=SC2016 # $1 is the other shell's
  read -r -a took <<<"$("$ROOT/Scripts/bench.d/until-exit.py" 10 '^answer' bash -c 'printf "answer\nanswer\nend\n"; read -rt "$1" <> <(:)' - 0.3)"
  equal "${took[2]}" 2
  awk -v end="${took[0]}" -v last="${took[1]}" 'BEGIN { exit !(end >= 300 && last + 50 < end) }'
  exits 1 "$ROOT/Scripts/bench.d/until-exit.py" 0.2 . bash -c 'read -r <> <(:)'
  has "$stderr" "after 0.2 s there was no end"
}

@test "a section that there is not is refused before anything is installed" {
  exits 64 "$ROOT/Scripts/bench" speed
  has "$stderr" "throughput"
}
