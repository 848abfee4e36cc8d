#!/usr/bin/env bats
# Least privilege: the whole round trip with exactly the rights that `baton broker-setup` prints, and each act that they forbid.

# shellcheck disable=SC2154 # stdout, stderr, output and took are set in common.bash
load common

rabbitmqctl() { "$ROOT/Scripts/broker" ctl --dir "$BATS_FILE_TMPDIR/broker" "$@" 3>&-; }

# as USER COMMAND…: with that user's name and password.
as() { env "BATON_RABBIT_USER=$1" "BATON_RABBIT_PASS=secret of $1" "${@:2}"; }

prepare() {
  local script
  # What an administrator types, with the passwords that he is asked for.
  script=$(baton broker-setup --extension ping |
    sed -E "s/^rabbitmqctl add_user '(.*)'$/echo 'secret of \1' | rabbitmqctl add_user '\1'/")
  eval "$script" >"$(path setup.out)" 2>&1 || fail "the printed lines do not run: $(<"$(path setup.out)")"
  monitor monitor BATON_RABBIT_USER=baton-monitor "BATON_RABBIT_PASS=secret of baton-monitor"
  host web1.example production shop BATON_RABBIT_USER=baton-agent "BATON_RABBIT_PASS=secret of baton-agent"
}

@test "asked, answered, and monitored with these rights and no more" {
  exits 0 as baton-api timeout 30 baton-ping ask production --expect 1
  has "$stdout" web1.example
  wait_for monitor '"type":"pong"'
}

@test "the monitor may ask as well" {
  exits 0 as baton-monitor timeout 30 baton-ping ask production --expect 1
}

@test "as the bridge it asks and leads, and two of them hear each other" {
  local name
  for name in first second; do
    start "$name" env "BATON_LOG_FILE=$(log "$name")" BATON_PING=production BATON_QUEUE=baton-ping-monitor.bridge \
      "BATON_STATE_FILE=$BATS_TEST_TMPDIR/$name.db" BATON_RABBIT_USER=baton-monitor "BATON_RABBIT_PASS=secret of baton-monitor" \
      baton-ping-monitor
    wait_for "$name" Listening
  done
  wait_for first Leading
  wait_for first "Another monitor on this queue has a database of its own"
  wait_for second "The monitor that leads has a database of its own"
  wait_until 20 is_kept web1.example || fail "not in the roster: $(tail -n 3 "$(log first)")"
  stop second
  stop first
}
is_kept() {
  BATON_STATE_FILE=$BATS_TEST_TMPDIR/first.db baton-ping-monitor hosts --json | jq -e "any(.fqdn == \"$1\" and .round_trip_ms > 0)"
}

@test "its dead letters are put aside" {
  exits 0 timeout 30 baton publish baton_ping_out '' 'x' --raw
  wait_for monitor "Unreadable message put aside"
  wait_until 10 dead_letters 1
}
dead_letters() { [[ $(rabbitmqctl -q list_queues name messages | awk '$1 == "baton-ping-monitor.v2.dead" { print $2 }') == "$1" ]]; }

# forbids USER COMMAND…: the broker refuses, and the program says so and exits with 77.
forbids() {
  exits 77 as "$1" timeout 30 "${@:2}"
  has "$stderr" "refused for user '$1'"
}

@test "an agent may send no request" { forbids baton-agent baton publish baton_ping_in production '{"type":"ping"}'; }

@test "an agent may not read what other hosts answer" { forbids baton-agent baton watch baton_ping_out; }

@test "whoever asks may not answer for a host" { forbids baton-api baton publish baton_ping_out '' '{"type":"pong"}'; }

@test "whoever asks may not read requests" { forbids baton-api baton watch baton_ping_in; }

@test "a monitor may not answer for a host" { forbids baton-monitor baton publish baton_ping_out '' '{"type":"pong"}'; }

@test "a monitor may not read requests" { forbids baton-monitor baton watch baton_ping_in; }

@test "nobody may speak as somebody else" {
  local url=amqp://baton-api:secret%20of%20baton-api@127.0.0.1:$BATON_RABBIT_PORT/%2F
  run env "BROKER_URL=$url" timeout 30 "$TESTS/peer.py" publish baton_ping_in production '{"user_id": "baton-agent"}' <<<'{"type":"ping"}'
  has "$output" "user_id property set to 'baton-agent'"
}

@test "a wrong password is told with the user, and never shown" {
  exits 77 env BATON_RABBIT_USER=baton-api BATON_RABBIT_PASS=hunter2 timeout 30 baton-ping ask production
  has "$stderr" ACCESS_REFUSED
  has_not "$output" hunter2
}

@test "an agent that finds an exchange missing says so, tries again, and is there when it is made" {
  stop web1.example
  rabbitmqctl eval 'rabbit_exchange:delete(rabbit_misc:r(<<"/">>, exchange, <<"baton_ping_in">>), false, <<"test">>).' >/dev/null
  start web1.example env "BATON_LOG_FILE=$(log web1.example)" BATON_FQDN=web1.example BATON_ENVIRONMENT=production \
    BATON_RABBIT_USER=baton-agent "BATON_RABBIT_PASS=secret of baton-agent" baton-ping
  wait_for web1.example "declare exchange 'baton_ping_in'"
  has "$(<"$(log web1.example)")" "baton broker-setup"
  baton broker-setup --extension ping --definitions | rabbitmqctl import_definitions
  wait_for web1.example Listening 2
}
