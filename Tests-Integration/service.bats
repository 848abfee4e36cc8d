#!/usr/bin/env bats
# The life of a service: daemon, pid file, signals, and the service manager.

# shellcheck disable=SC2154 # stdout, stderr, output and took are set in common.bash
load common

# daemon NAME [VARIABLE=VALUE…]: starts one for real, and waits until it listens.
daemon() {
  exits 0 env "BATON_LOG_FILE=$(log "$1")" "BATON_PID_FILE=$(path "$1.pid")" "BATON_FQDN=$1.example" "${@:2}" \
    timeout 20 baton-ping -d
  wait_for "$1" Listening
}

stat_of() { ps -o "$2=" -p "$1" | tr -d ' '; }

@test "a daemon has a session, a folder and streams of its own, and answers" {
  daemon well BATON_ENVIRONMENT=daemons
  local pid
  pid=$(pid well)
  equal "$(cat "$(path well.pid)")" "$pid"
  equal "$(stat_of "$pid" comm)" baton-ping
  [[ $(stat_of "$pid" sid) != "$(stat_of $$ sid)" ]] || fail "the session is the starter's"
  [[ $(stat_of "$pid" sid) != "$pid" ]] || fail "it leads its session, and could get a terminal"
  equal "$(stat_of "$pid" tty)" "?"
  equal "$(readlink "/proc/$pid/cwd")" /
  equal "$(readlink "/proc/$pid/fd/0")" /dev/null
  equal "$(readlink "/proc/$pid/fd/1")" "$(log well)"
  equal "$(readlink "/proc/$pid/fd/2")" "$(log well)"
  equal "$stdout$stderr" ""
  exits 0 ask daemons --host well.example
  stop well
}

# gave_back PID: how much is in memory is far less than it was at the most.
gave_back() { awk '/^VmHWM:/ { most = $2 } /^VmRSS:/ { now = $2 } END { exit !(now < most * 0.7) }' "/proc/$1/status"; }

@test "an idle service gives back the memory that its start took, and answers as before" {
  serve lean.example BATON_ENVIRONMENT=lean BATON_FQDN=lean.example
  wait_until 20 gave_back "$(pid lean.example)" || fail "$(grep ^Vm "/proc/$(pid lean.example)/status")"
  exits 0 ask lean --host lean.example
  stop lean.example
}

@test "without a log file a daemon's streams lead nowhere" {
  exits 0 env "BATON_PID_FILE=$(path mute.pid)" BATON_ENVIRONMENT=mute timeout 20 baton-ping -d
  wait_until 10 ask mute --expect 1 --wait 500ms
  equal "$(readlink "/proc/$(pid mute)/fd/2")" /dev/null
  stop mute
}

@test "a daemon that cannot start says why to whom started it" {
  exits 78 env BATON_RABBIT_PORT=none timeout 20 baton-ping -d
  has "$stderr" BATON_RABBIT_PORT none
  exits 78 env BATON_LOG_FILE=/nowhere/x.log "BATON_PID_FILE=$(path unstarted.pid)" timeout 20 baton-ping -d
  has "$stderr" "baton-ping: cannot open the log file /nowhere/x.log"
  exits 73 env BATON_PID_FILE=/nowhere/x.pid timeout 20 baton-ping -d
  has "$stderr" "baton-ping: cannot open the pid file /nowhere/x.pid"
}

@test "a second start says who runs already, and leaves him alone" {
  daemon once BATON_ENVIRONMENT=once
  exits 73 env "BATON_PID_FILE=$(path once.pid)" timeout 20 baton-ping -d
  has "$stderr" "already running (pid $(pid once))"
  exits 73 env "BATON_PID_FILE=$(path once.pid)" timeout 20 baton-ping
  has "$stderr" "already running (pid $(pid once))"
  exits 0 ask once --expect 1
  stop once
}

@test "a pid file that a dead process left is taken over" {
  daemon heir BATON_ENVIRONMENT=heirs
  local first
  first=$(pid heir)
  kill -KILL "$first"
  wait_until 5 is_gone "$first"
  equal "$(pid heir)" "$first"
  : >"$(log heir)"
  daemon heir BATON_ENVIRONMENT=heirs
  [[ $(pid heir) != "$first" ]]
  exits 0 ask heirs --expect 1
  stop heir
  # A pid that somebody else has by now is no reason either.
  echo $$ >"$(path heir.pid)"
  : >"$(log heir)"
  daemon heir BATON_ENVIRONMENT=heirs
  [[ $(pid heir) != "$$" ]]
  stop heir
}

@test "SIGTERM: 'down' is said, the pid file goes, the code is 0" {
  listen ears baton_ping_out ""
  serve term BATON_ENVIRONMENT=term BATON_FQDN=term.example "BATON_PID_FILE=$(path held)"
  equal "$(<"$(path held)")" "$(pid term)"
  local code=0
  kill -TERM "$(pid term)"
  wait "$(pid term)" || code=$?
  equal "$code" 0
  [[ ! -e $(path held) ]]
  wait_heard ears 'select(.body | contains("\"type\":\"down\"") and contains("term.example"))'
  has "$(<"$(log term)")" Stopping Stopped
  rm "$(path term.pid)"
}

@test "SIGINT ends it like SIGTERM" {
  serve int BATON_ENVIRONMENT=int
  local code=0
  kill -INT "$(pid int)"
  wait "$(pid int)" || code=$?
  equal "$code" 0
  rm "$(path int.pid)"
}

@test "it stops as well while there is no broker" {
  start lonely env BATON_RABBIT_PORT=1 "BATON_LOG_FILE=$(log lonely)" baton-ping
  wait_for lonely "No connection"
  local code=0
  milliseconds stop lonely
  ((took < 3000)) || fail "took $took ms"
}

@test "a stop under load answers what it has taken" {
  serve busy BATON_ENVIRONMENT=busy BATON_FQDN=busy.example
  listen load baton_ping_out ""
  # As many as one prefetch holds, and more: what is not taken dies with the queue, what is taken is answered.
  yes '{"type":"ping"}' | head -n 3000 | amqp-publish -u "$BROKER_URL" -e baton_ping_in -r busy -l
  local code=0
  kill -TERM "$(pid busy)"
  wait "$(pid busy)" || code=$?
  equal "$code" 0
  rm "$(path busy.pid)"
  wait_heard load 'select(.body | contains("\"down\"") and contains("busy.example"))'
  local said
  said=$(heard load 'select(.body | contains("busy.example")) | .body | fromjson.type')
  equal "$(tail -n 1 <<<"$said")" '"down"'
  equal "$(grep -c pong <<<"$said")" "$(grep -c 'Said: .*"pong"' "$(log busy)")"
}

@test "SIGHUP goes on in a new log file" {
  serve log BATON_ENVIRONMENT=log
  mv "$(log log)" "$(log old)"
  kill -HUP "$(pid log)"
  wait_for log "Log reopened"
  equal "$(grep -c "Log reopened" "$(log old)")" 0
  exits 0 ask log --expect 1
  wait_for log pong
  stop log
}

@test "under systemd: READY, STATUS, WATCHDOG, STOPPING" {
  local socket=$BATS_TEST_TMPDIR/notify
  start systemd "$TESTS/peer.py" notify "$socket"
  wait_until 10 grep -q listening "$(path systemd.err)"
  serve unit BATON_ENVIRONMENT=unit "NOTIFY_SOCKET=$socket" WATCHDOG_USEC=200000
  wait_until 10 grep -qx READY=1 "$(path systemd.out)"
  wait_until 10 grep -qx "STATUS=connected to $BATON_RABBIT_HOST:$BATON_RABBIT_PORT, 1 consumer" "$(path systemd.out)"
  wait_until 10 has_three_heartbeats
  kill -TERM "$(pid unit)"
  wait_until 10 grep -qx STOPPING=1 "$(path systemd.out)"
  stop unit
}
has_three_heartbeats() { (($(grep -cx WATCHDOG=1 "$(path systemd.out)") >= 3)); }

@test "an abstract socket of systemd is heard as well" {
  start abstract "$TESTS/peer.py" notify "@baton-test-$$"
  wait_until 10 grep -q listening "$(path abstract.err)"
  serve quiet BATON_ENVIRONMENT=quiet "NOTIFY_SOCKET=@baton-test-$$"
  wait_until 10 grep -qx READY=1 "$(path abstract.out)"
  equal "$(grep -c WATCHDOG "$(path abstract.out)")" 0
  stop quiet
}

@test "under journald lines have a priority instead of a time" {
  start journal env JOURNAL_STREAM=1:1 BATON_ENVIRONMENT=journal baton-ping
  wait_until 10 grep -q '^<6>Listening' "$(path journal.err)"
  stop journal
}

@test "-h and --version" {
  for program in baton-ping baton-ping-monitor baton; do
    exits 0 "$program" -h
    has "$stdout" OVERVIEW USAGE OPTIONS
    equal "$stderr" ""
    exits 0 "$program" --version
    has "$stdout" "$program 0."
  done
  exits 0 baton-ping ask --help
  has "$stdout" --expect "EXIT CODES"
  exits 64 baton-ping serv
  has "$stderr" "Did you mean 'serve'?"
  exits 64 baton-ping --daemonise
  has "$stderr" --daemonize
}

@test "'serve' and nothing at all are the same" {
  start spoken env BATON_ENVIRONMENT=spoken "BATON_LOG_FILE=$(log spoken)" baton-ping serve
  wait_for spoken Listening
  exits 0 ask spoken --expect 1
  stop spoken
}
