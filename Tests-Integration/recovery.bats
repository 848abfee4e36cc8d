#!/usr/bin/env bats
# The broker dies under a running fleet and comes back: all are there again, and nothing is lost on the way to the monitor.

# shellcheck disable=SC2154 # stdout, stderr, output and took are set in common.bash
load common

prepare() {
  monitor monitor
  local name
  for name in a b c; do host $name.example production shop; done
}

# The broker forgets transient messages and exclusive queues; the fleet has to bind anew.
@test "kill -9 of the broker: every host answers again, and the monitor hears them" {
  exits 0 ask production --expect 3
  wait_for monitor pong 3
  broker kill
  exits 69 ask production
  for name in a b c; do wait_for $name.example "No connection"; done
  wait_for monitor "No connection"
  broker restart
  for name in a.example b.example c.example monitor; do wait_for $name Listening 2; done
  exits 0 ask production --expect 3
  wait_for monitor pong 6
  equal "$(grep -c '"type":"up"' "$(log monitor)")" 6
}

@test "a restart in good order: the same" {
  broker restart
  for name in a.example b.example c.example monitor; do wait_for $name Listening 3; done
  exits 0 ask production --expect 3
}

@test "a broker that hangs under an ask: the ask ends, and says that nothing was confirmed" {
  local beam code=0
  beam=$(<"$BROKER_DIR/pid")
  kill -STOP "$beam"
  milliseconds exits 69 ask production --wait 1s || code=$?
  kill -CONT "$beam"
  ((code == 0))
  ((took < 15000)) || fail "took $took ms"
  wait_until 20 ask production --expect 3 --wait 1s
}

@test "all connections are closed by the broker: the same" {
  ctl close_all_connections maintenance
  for name in a.example b.example c.example monitor; do wait_for $name Listening 4; done
  exits 0 ask production --expect 3
  has "$(<"$(log a.example)")" maintenance
}

@test "a queue that is deleted under the monitor is made anew" {
  local pongs
  pongs=$(grep -c '"pong"' "$(log monitor)")
  ctl delete_queue baton-ping-monitor.v2
  wait_for monitor Listening 5
  exits 0 ask production --expect 3
  wait_for monitor '"pong"' $((pongs + 3))
}

@test "hosts that were started before their broker come when it does" {
  broker kill
  start early env "BATON_LOG_FILE=$(log early)" BATON_ENVIRONMENT=early baton-ping
  wait_for early "No connection"
  broker restart
  wait_for early Listening
  exits 0 ask early --expect 1
}

# reconnect: all connections are closed, and a.example is back.
reconnect() {
  local times
  times=$(grep -c Listening "$(log a.example)")
  ctl close_all_connections maintenance
  wait_for a.example Listening $((times + 1))
  exits 0 ask production --host a.example
}
entries() { find "/proc/$(pid a.example)/$1" -maxdepth 1 | wc -l; }

@test "threads and descriptors do not grow with each new connection" {
  local descriptors threads
  # It may still be on its way back from what an earlier test did to the broker.
  wait_until 20 ask production --host a.example
  # The runtime makes some of its own when they are first wanted.
  reconnect
  descriptors=$(entries fd) threads=$(entries task)
  for _ in 1 2 3; do reconnect; done
  (($(entries fd) <= descriptors + 2)) || fail "$(entries fd) descriptors instead of $descriptors"
  (($(entries task) <= threads + 2)) || fail "$(entries task) threads instead of $threads"
}
