#!/usr/bin/env bats
# What a fleet says reaches the monitor, written down once and in order, whoever of several monitors lives.

load common

prepare() {
  monitor monitor
  host web1.example production shop
}

# lines NAME TEXT: how many lines of its log have the text.
lines() { grep -cF -- "$2" "$(log "$1")" || true; }

@test "up, pong and down go from ping to monitor, as the gem's monitor wrote them" {
  local said='"app_names":["blog"],"environment":"lab","fqdn":"lab1.example","type"'
  host lab1.example lab blog
  wait_for monitor "Message read: {$said:\"up\"}"
  exits 0 ask lab --expect 1
  wait_for monitor "Message read: {$said:\"pong\"}"
  stop lab1.example
  wait_for monitor "Message read: {$said:\"down\"}"
  equal "$(grep -c 'INFO    Message read: .*lab1' "$(log monitor)")" 3
}

@test "an unknown type gives one error, and the service lives" {
  exits 0 baton publish baton_ping_in production '{"type":"dance"}'
  wait_for monitor '"error_class":"UnknownType"'
  local line
  line=$(grep UnknownType "$(log monitor)")
  equal "$(wc -l <<<"$line")" 1
  has "$line" "ERROR   Message read:" dance web1.example production
  exits 0 ask production --expect 1
}

@test "LOG_FORMAT: json writes a JSON object a line, with the message in it" {
  monitor json "BATON_QUEUE=baton-ping-monitor.json" BATON_LOG_FORMAT=json
  exits 0 ask production --expect 1
  wait_for json '"type":"pong"'
  exits 0 baton publish baton_ping_in production '{"type":"sing"}'
  wait_for json UnknownType
  stop json
  exits 0 jq -s length "$(log json)"
  equal "$(jq -c 'select(.body.type == "pong") | [.level, .message, .body.fqdn, .body.app_names]' "$(log json)")" \
    '["info","Message read","web1.example",["shop"]]'
  equal "$(jq -r 'select(.body.type == "error") | .level' "$(log json)")" error
  equal "$(jq -r 'select(.time | test("^[0-9-]+T[0-9:.]+Z$") | not)' "$(log json)")" ""
}

@test "of two monitors on one queue one is active, and the other takes over when it is killed" {
  # The queue must not hand what the active one has not acknowledged to the other twice over, so each ping is one line in all.
  monitor first BATON_QUEUE=baton-ping-monitor.pair
  monitor second BATON_QUEUE=baton-ping-monitor.pair
  exits 0 ask production --expect 1
  wait_for first '"type":"pong"'
  equal "$(lines second "Message read")" 0
  kill_now first
  exits 0 ask production --expect 1
  wait_for second '"type":"pong"'
  equal "$(lines second '"type":"pong"')" 1
  stop second
}

@test "two monitors with queues of their own see all" {
  monitor east BATON_QUEUE=baton-ping-monitor.east
  monitor west BATON_QUEUE=baton-ping-monitor.west
  exits 0 ask production --expect 1
  exits 0 ask production --expect 1
  wait_for east '"type":"pong"' 2
  wait_for west '"type":"pong"' 2
  stop east
  stop west
  equal "$(lines east '"type":"pong"')" 2
  equal "$(lines west '"type":"pong"')" 2
}

@test "messages wait while no monitor runs" {
  monitor away BATON_QUEUE=baton-ping-monitor.away
  stop away
  exits 0 ask production --expect 1
  exits 0 ask production --expect 1
  wait_until 10 queue_holds baton-ping-monitor.away 2
  monitor away BATON_QUEUE=baton-ping-monitor.away
  wait_for away '"type":"pong"' 2
  wait_until 10 queue_holds baton-ping-monitor.away 0
  stop away
}

@test "a message that cannot be read is put aside for people, and those behind it are read" {
  exits 0 baton publish --raw baton_ping_out "" 'no JSON'
  wait_for monitor "Unreadable message put aside"
  exits 0 ask production --expect 1
  wait_until 10 queue_holds baton-ping-monitor.v2.dead 1
  wait_until 10 queue_holds baton-ping-monitor.v2 0
  equal "$(amqp-get -u "$BROKER_URL" -q baton-ping-monitor.v2.dead)" "no JSON"
}

@test "a log that cannot be written loses nothing: the messages stay with the broker" {
  local full=$BATS_TEST_TMPDIR/full
  ln -s /dev/full "$full"
  start deaf env "BATON_LOG_FILE=$full" BATON_QUEUE=baton-ping-monitor.deaf baton-ping-monitor
  wait_until 20 queue_has_consumer baton-ping-monitor.deaf
  exits 0 ask production --expect 1
  wait_until 10 queue_holds baton-ping-monitor.deaf 1
  stop deaf
  monitor deaf BATON_QUEUE=baton-ping-monitor.deaf
  wait_for deaf '"type":"pong"'
  stop deaf
}

queue() { list list_queues name messages consumers | awk -v name="$1" '$1 == name { print $2, $3 }'; }
queue_holds() { [[ $(queue "$1") == "$2 "* ]]; }
queue_has_consumer() { [[ $(queue "$1") == *" 1" ]]; }
