#!/usr/bin/env bats
# What goes wrong between a service, a monitor and their broker: it is said aloud, and when it is right again they are back by themselves.

# shellcheck disable=SC2154 # stdout, stderr, output and took are set in common.bash
load common

prepare() {
  host web1.example production shop
  monitor monitor
}

# evaluate ERLANG: what rabbitmqctl has no command for.
evaluate() { ctl eval "$1" >/dev/null; }
delete_exchange() { evaluate "rabbit_exchange:delete(rabbit_misc:r(<<\"/\">>, exchange, <<\"$1\">>), false, <<\"test\">>)."; }

# close_connections_of USER
close_connections_of() {
  local number
  for number in $(list list_connections pid user | awk -v user="$1" '$2 == user { print $1 }'); do
    ctl close_connection "$number" "closed by the test"
  done
}

# Whether a host, in an environment, answers.
answers() { BATON_RABBIT_VHOST=${3-} ask "$2" --host "$1" --wait 500ms; }

# back HOST ENVIRONMENT [VHOST]: waits until it answers; no fault may take longer to heal than invariant 5 says.
back() { wait_until 30 answers "$@" || fail "$1 is deaf: $(tail -n 5 "$(log "$1")")"; }

# heard_by_monitor: a ping's answer reaches the monitor, which may still be on its way back.
heard_by_monitor() {
  local before
  before=$(grep -c '"type":"pong"' "$(log monitor)" || true)
  wait_until 30 pong_is_written "$before" || fail "the monitor is deaf: $(tail -n 5 "$(log monitor)")"
}
pong_is_written() {
  answers web1.example production
  (($(grep -c '"type":"pong"' "$(log monitor)") > $1))
}

@test "a queue deleted under a service: it says so and makes another" {
  local queue
  queue=$(list list_queues name | grep '^amq.gen')
  evaluate "{ok, Q} = rabbit_amqqueue:lookup(rabbit_misc:r(<<\"/\">>, queue, <<\"$queue\">>)),
    rabbit_amqqueue:delete(Q, false, false, <<\"test\">>)."
  wait_for web1.example "its queue was deleted or moved"
  back web1.example production
}

# in_time COMMAND…: a service that nobody tells anything looks every four seconds or more often, and is back within five.
in_time() {
  milliseconds "$@"
  ((took < 8000)) || fail "took $took ms"
}

@test "the input exchange deleted: no broker tells, and the service is not deaf for long" {
  delete_exchange baton_ping_in
  in_time wait_for web1.example "no exchange 'baton_ping_in'"
  back web1.example production
}

@test "the input exchange deleted and made again by somebody else: the service binds its queue again" {
  delete_exchange baton_ping_in
  peer declare baton_ping_in durable
  in_time back web1.example production
}

@test "the output exchange deleted: the monitor's binding went with it, and comes back" {
  delete_exchange baton_ping_out
  in_time heard_by_monitor
}

@test "a right revoked: an error that says what to do, tried again for ever; given back, it serves" {
  ctl add_user least secret-of-least
  ctl set_permissions least '.*' '.*' '.*'
  host least.example rights '' BATON_RABBIT_USER=least BATON_RABBIT_PASS=secret-of-least
  back least.example rights
  ctl set_permissions least '^amq.gen.*' '^amq.gen.*' '^amq.gen.*'
  close_connections_of least
  wait_for least.example "ACCESS_REFUSED"
  has "$(grep ACCESS_REFUSED "$(log least.example)")" ERROR "refused for user 'least'" "baton broker-setup"
  ctl set_permissions least '.*' '.*' '.*'
  back least.example rights
  has_not "$(<"$(log least.example)")" secret-of-least
}

@test "a password changed: an error that names the key, and not the password; changed back, it serves" {
  ctl change_password least another-secret
  close_connections_of least
  wait_for least.example RABBIT_PASS
  has "$(grep RABBIT_PASS "$(log least.example)")" ERROR "rabbitmqctl change_password least"
  ctl change_password least secret-of-least
  back least.example rights
  has_not "$(<"$(log least.example)")" secret
  stop least.example
}

@test "a virtual host deleted: an error that names the command; made again, it serves" {
  ctl add_vhost lab
  ctl set_permissions -p lab guest '.*' '.*' '.*'
  host lab1.example lab '' BATON_RABBIT_VHOST=lab
  ctl delete_vhost lab
  wait_for lab1.example "rabbitmqctl add_vhost lab"
  ctl add_vhost lab
  ctl set_permissions -p lab guest '.*' '.*' '.*'
  back lab1.example lab lab
  stop lab1.example
}

@test "an entity that can never be declared: the error names the command; once it has been typed, the monitor hears" {
  amqp-declare-queue -u "$BROKER_URL" -q baton-ping-monitor.odd -d >/dev/null
  start odd env "BATON_LOG_FILE=$(log odd)" BATON_QUEUE=baton-ping-monitor.odd baton-ping-monitor
  wait_for odd "rabbitmqctl delete_queue baton-ping-monitor.odd"
  has "$(grep delete_queue "$(log odd)")" ERROR "'baton-ping-monitor.odd'"
  ctl delete_queue baton-ping-monitor.odd
  wait_for odd Listening
  stop odd
}

@test "stop_app and start_app: back within 5 s of the broker listening" {
  ctl stop_app
  wait_for web1.example "trying again"
  ctl start_app
  milliseconds back web1.example production
  ((took < 5500)) || fail "took $took ms"
  heard_by_monitor
}

@test "kill -9 while the monitor is away: what was confirmed is there when both are back" {
  monitor away BATON_QUEUE=baton-ping-monitor.away
  stop away
  exits 0 ask production --expect 1
  broker kill
  broker restart
  milliseconds back web1.example production
  ((took < 5500)) || fail "took $took ms"
  monitor away BATON_QUEUE=baton-ping-monitor.away
  wait_for away '"type":"pong"' 2
  stop away
}

# alarm NAME: who asks is told of it at the deadline.
alarm() {
  exits 75 ask production --wait 1s
  has "$stderr" "broker blocked: $1 alarm"
}

@test "an alarm of memory, and one of disk: who asks is told which it is; when it is over the service answers as before" {
  ctl set_vm_memory_high_watermark 0.00001
  alarm memory
  ctl set_vm_memory_high_watermark 0.4
  back web1.example production
  ctl set_disk_free_limit 100000000000000
  alarm disk
  ctl set_disk_free_limit 50MB
  back web1.example production
}

@test "half-open: a broker that stands still is noticed after two heartbeats, and awaited" {
  host quick.example quick '' BATON_RABBIT_HEARTBEAT=1
  local broker_pid code=0
  broker_pid=$(<"$BATS_FILE_TMPDIR/broker/pid")
  kill -STOP "$broker_pid"
  milliseconds wait_for quick.example "No connection" || code=$?
  kill -CONT "$broker_pid"
  ((code == 0 && took < 4000)) || fail "took $took ms"
  back quick.example quick
  stop quick.example
}

@test "the first of several hosts is dead, and one is named twice: the service finds the one that lives" {
  local number
  for number in 1 2 3; do
    host "choosy$number.example" choosy '' "BATON_RABBIT_HOST=127.0.0.1:1, 127.0.0.1,127.0.0.1:1,127.0.0.1"
  done
  exits 0 ask choosy --expect 3
  for number in 1 2 3; do stop "choosy$number.example"; done
}

@test "the first of several hosts swallows everything: the service finds the one that lives, and so does who asks" {
  local number deaf mute
  start hole "$TESTS/hole.py"
  wait_until 10 test -s "$(path hole.out)"
  read -r deaf mute <"$(path hole.out)"
  # In an order of chance: one of them comes to a hole first.
  local hosts="BATON_RABBIT_HOST=127.0.0.1:$deaf,127.0.0.1:$mute,127.0.0.1"
  for number in 1 2 3 4 5; do
    start "patient$number.example" env "BATON_LOG_FILE=$(log "patient$number.example")" "BATON_FQDN=patient$number.example" \
      BATON_ENVIRONMENT=patient "$hosts" baton-ping
  done
  for number in 1 2 3 4 5; do wait_for "patient$number.example" Listening; done
  exits 0 env "$hosts" timeout 30 baton-ping ask patient --expect 5
  for number in 1 2 3 4 5; do stop "patient$number.example"; done
  stop hole
}

# off SECONDS: the variables of a process whose clock is off by so much; the time since the machine's start is the true one.
off() {
  printf '%s\n' "LD_PRELOAD=$(echo /usr/lib/*/faketime/libfaketime.so.1)" "FAKETIME=$1" FAKETIME_DONT_FAKE_MONOTONIC=1
}

@test "clocks off by two minutes and by an hour, either way: all answer, whoever asks, and a monitor hears them" {
  local number=0 seconds variables behind
  ensure_packages faketime
  for seconds in -3600 -120 +120 +3600; do
    ((number += 1))
    mapfile -t variables < <(off "$seconds")
    host "skewed$number.example" skewed '' "${variables[@]}"
    # It is off indeed.
    behind=$((EPOCHSECONDS + seconds - $(date -d "$(head -n 1 "$(log "skewed$number.example")" | cut -d ' ' -f 1)" +%s)))
    ((behind > -30 && behind < 30)) || fail "its log begins: $(head -n 1 "$(log "skewed$number.example")")"
  done
  mapfile -t variables < <(off +3600)
  monitor late BATON_QUEUE=baton-ping-monitor.late "${variables[@]}"
  for seconds in -3600 +0 +3600; do
    mapfile -t variables < <(off "$seconds")
    exits 0 env "${variables[@]}" timeout 30 baton-ping ask skewed --expect 4
  done
  wait_for late '"type":"pong"' 12
  for number in 1 2 3 4; do stop "skewed$number.example"; done
  stop late
}
