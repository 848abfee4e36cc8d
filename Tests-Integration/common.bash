# shellcheck shell=bash
# What the integration tests share: one private RabbitMQ for each file, and the real executables as processes that are ended by their
# number. Everything is in $BATS_FILE_TMPDIR.

bats_require_minimum_version 1.5.0
TESTS=${BASH_SOURCE[0]%/*}
# shellcheck source=Scripts/lib.sh
source "$TESTS/../Scripts/lib.sh"
# Its strictness is for scripts; bats has its own.
set +uo pipefail

PATH=$(scratch release)/release:$PATH

# broker ACTION [ARGUMENT…]: descriptor 3 is bats' own, and whoever keeps it keeps bats waiting.
broker() { timeout 120 "$ROOT/Scripts/broker" "$1" --dir "$BATS_FILE_TMPDIR/broker" "${@:2}" 3>&-; }

# ctl ARGUMENT…: rabbitmqctl.
ctl() { broker ctl -- -q "$@"; }

# list COMMAND COLUMN…: one of its lists, without a heading.
list() { ctl "$1" --no-table-headers "${@:2}"; }

# use_broker: tells the programs and the peers where it is.
use_broker() {
  eval "$(broker env)"
  export BROKER_URL=amqp://guest:guest@127.0.0.1:$BATON_RABBIT_PORT/%2F
}

setup_file() {
  local variable
  for variable in "${!BATON_@}"; do unset "$variable"; done
  # A file that needs more of its broker says so: --tls.
  broker start ${BROKER_FLAG:+"$BROKER_FLAG"}
  use_broker
  if declare -F prepare >/dev/null; then prepare; fi
}

teardown_file() {
  local file
  for file in "$BATS_FILE_TMPDIR"/*.pid; do
    if [[ -s $file ]]; then end_process "$(<"$file")"; fi
  done
  broker stop
}

# What every answer says of the service in its headers.
# shellcheck disable=SC2034 # for the tests
VERSION=$(baton-ping --version | cut -d ' ' -f 2)

path() { printf '%s\n' "$BATS_FILE_TMPDIR/$1"; }
log() { path "$1.log"; }
pid() { cat "$BATS_FILE_TMPDIR/$1.pid"; }

# start NAME COMMAND…: runs a command in the background; its pid and what it writes are found under its name.
start() {
  "${@:2}" </dev/null >>"$(path "$1.out")" 2>>"$(path "$1.err")" 3>&- &
  printf '%s\n' $! >"$(path "$1.pid")"
}

# stop NAME: asks it to stop, and waits until it has.
stop() {
  end_process "$(pid "$1")"
  rm -f "$(path "$1.pid")"
}

# kill_now NAME: as a crash would.
kill_now() {
  kill -KILL "$(pid "$1")"
  wait_until 5 is_gone "$(pid "$1")"
  rm -f "$(path "$1.pid")"
}

# serve NAME [VARIABLE=VALUE…]: a ping service that listens.
serve() {
  start "$1" env "BATON_LOG_FILE=$(log "$1")" "${@:2}" baton-ping
  wait_for "$1" Listening
}

# host FQDN ENVIRONMENT APPS [VARIABLE=VALUE…]: a server of the fleet, with a ping service.
host() { serve "$1" "BATON_FQDN=$1" "BATON_ENVIRONMENT=$2" "BATON_APP_NAMES=$3" "${@:4}"; }

# monitor NAME [VARIABLE=VALUE…]: a monitor that listens.
monitor() {
  start "$1" env "BATON_LOG_FILE=$(log "$1")" "${@:2}" baton-ping-monitor
  wait_for "$1" Listening
}

# wait_for NAME TEXT [TIMES]: until its log has so many lines with the text.
wait_for() { wait_until 20 log_has "$@" || fail "no ${3:-1} × '$2' in the log of $1: $(tail -n 5 "$(log "$1")")"; }
log_has() { (($(grep -cF -- "$2" "$(log "$1")") >= ${3:-1})); }

# ask ARGUMENT…: as an operator would, but never for long.
ask() { timeout 30 baton-ping ask "$@"; }

# peer COMMAND…: a foreign peer, in Python; see peer.py.
peer() { timeout 30 "$TESTS/peer.py" "$@"; }

# listen NAME EXCHANGE KEY…: a foreign peer that writes down what comes out of an exchange, as JSON lines in NAME.out.
listen() {
  start "$1" "$TESTS/peer.py" listen "${@:2}"
  wait_until 20 grep -q listening "$(path "$1.err")" || fail "$1 does not listen: $(<"$(path "$1.err")")"
}

# heard NAME FILTER: what a listener has heard and a filter of jq lets through.
heard() { jq -c "$2" "$(path "$1.out")"; }
heard_times() { (($(heard "$1" "$2" | wc -l) >= ${3:-1})); }

# wait_heard NAME FILTER [TIMES]: until it has heard so many that the filter lets through.
wait_heard() { wait_until 20 heard_times "$@" || fail "$1 did not hear ${3:-1} × $2: $(tail -n 5 "$(path "$1.out")")"; }

# systemd_takes UNIT…: systemd has nothing to say of these units; what it says of others that the machine has does not count.
systemd_takes() {
  local said code=0
  said=$(systemd-analyze verify --man=no "$@" 2>&1) || code=$?
  equal "$(grep -v '^/lib/systemd/system/' <<<"$said")" ""
  equal "$code" 0
}

# milliseconds COMMAND…: runs a command; how long it took is in $took. Its exit code is kept.
# shellcheck disable=SC2034 # it is for the tests
milliseconds() {
  local began=${EPOCHREALTIME/./} code=0
  "$@" || code=$?
  took=$(((${EPOCHREALTIME/./} - began) / 1000))
  return "$code"
}

fail() {
  printf '%s\n' "$*" >&2
  return 1
}

# equal ACTUAL EXPECTED
equal() { [[ $1 == "$2" ]] || fail "got:      $1"$'\n'"expected: $2"; }

# has TEXT PART…: the text has each of the parts.
has() {
  local part
  for part in "${@:2}"; do [[ $1 == *"$part"* ]] || fail "no '$part' in: $1" || return; done
}

# has_not TEXT PART
has_not() { [[ $1 != *"$2"* ]] || fail "'$2' is in: $1"; }

# exits CODE COMMAND…: what it wrote is in $stdout and $stderr (and both in $output).
exits() {
  local code=0
  "${@:2}" >"$BATS_TEST_TMPDIR/stdout" 2>"$BATS_TEST_TMPDIR/stderr" || code=$?
  stdout=$(<"$BATS_TEST_TMPDIR/stdout")
  stderr=$(<"$BATS_TEST_TMPDIR/stderr")
  output=$stdout$'\n'$stderr
  ((code == $1)) || fail "exit code $code instead of $1: $output"
}
