#!/usr/bin/env bats
# Hosts of the Ruby gem and ours on one broker, in every direction: asked, asking, monitored; whoever came first.

# shellcheck disable=SC2154 # stdout, stderr, output and took are set in common.bash
load common

# Ruby comes first, and declares everything in its way; ours joins.
prepare() {
  export BATON_RABBIT_DURABLE=false
  start rubymonitor "$TESTS/gem_peer.rb" monitor
  start ruby1.example "$TESTS/gem_peer.rb" host ruby1.example production shop blog
  local name
  for name in rubymonitor ruby1.example; do
    wait_until 20 grep -q listening "$(path $name.err)" || fail "$(<"$(path $name.err)")"
  done
  host swift1.example production shop
}

said_by_ruby_monitor() { grep -qF -- "$1" "$(path rubymonitor.out)"; }

@test "exchanges and queue that Ruby declared are taken as found, also where durable ones are wanted" {
  BATON_RABBIT_DURABLE=true exits 0 ask production --expect 1
  has "$stdout" swift1.example
  host brief.example brief shop BATON_RABBIT_DURABLE=true
  stop brief.example
}

@test "asked by us: with --legacy a Ruby host is heard beside ours" {
  exits 0 ask production --legacy --expect 2 --wait 10s
  has "$stdout" ruby1.example swift1.example "shop blog"
  has "$stderr" "2 answered, 0 failed"
}

@test "each host answers once, though --legacy listens on both keys" {
  exits 0 ask production --legacy --wait 700ms --json
  equal "$(jq -c '[.answers[].fqdn] | sort' <<<"$stdout")" '["ruby1.example","swift1.example"]'
}

@test "without --legacy a Ruby host is not heard, and ours is" {
  exits 0 ask production --wait 700ms
  has "$stdout" swift1.example
  has_not "$stdout" ruby1.example
}

@test "one Ruby host by its name: asked again on the key of its environment" {
  milliseconds exits 0 ask production --legacy --host ruby1.example --wait 20s
  ((took < 3000)) || fail "took $took ms"
  has "$stdout" ruby1.example
  has "$stderr" "1 answered, 0 failed, 0 silent, 0 not connected"
}

@test "one that is no Ruby host either is silent" {
  exits 4 ask production --legacy --host ruby9.example --wait 500ms
  has "$stdout" ruby9.example silent
}

@test "asked by Ruby: ours answers a request without properties, plainly" {
  listen ears baton_ping_out ""
  exits 0 "$TESTS/gem_peer.rb" ask production
  wait_heard ears 'select(.body | contains("swift1.example"))'
  equal "$(heard ears 'select(.body | contains("swift1.example"))' | jq -cS 'del(.message_id)')" \
    '{"app_id":"baton_ping","body":"{\"app_names\":[\"shop\"],\"environment\":\"production\",\"fqdn\":\"swift1.example\",\"type\":\"pong\"}","content_type":"application/json","delivery_mode":2,"headers":{"baton-version":"'"$VERSION"'"},"routing_key":""}'
  wait_heard ears 'select(.body | contains("ruby1.example"))'
}

@test "an environment in capitals is lower case on the wire, as Ruby bound it" {
  exits 0 ask PRODUCTION --legacy --expect 2 --wait 10s
}

@test "monitored by Ruby: its monitor reads what ours say" {
  exits 0 baton publish baton_ping_in production '{"type":"dance"}'
  wait_until 10 said_by_ruby_monitor '"error_class":"UnknownType"'
  wait_until 10 said_by_ruby_monitor '"error_class":"RuntimeError"'
  exits 0 ask production --host swift1.example
  wait_until 10 said_by_ruby_monitor \
    'Message read: {"app_names":["shop"],"environment":"production","fqdn":"swift1.example","type":"pong"}'
}

@test "monitored by us: our monitor joins Ruby's queue as found, and reads what Ruby hosts say" {
  stop rubymonitor
  monitor monitor
  has "$(<"$(log monitor)")" "queue=baton-ping-monitor "
  exits 0 "$TESTS/gem_peer.rb" ask production
  wait_for monitor '"fqdn":"ruby1.example","app_names":["shop","blog"],"type":"pong"'
  wait_for monitor '"fqdn":"swift1.example","type":"pong"'
}

@test "ours come first with RABBIT_DURABLE: false, and Ruby joins" {
  broker restart
  # Nothing transient survives that.
  wait_for swift1.example Listening 2
  start ruby2.example "$TESTS/gem_peer.rb" host ruby2.example production shop
  wait_until 20 grep -q listening "$(path ruby2.example.err)" || fail "$(<"$(path ruby2.example.err)")"
  exits 0 ask production --legacy --expect 2 --wait 10s
  has "$stdout" swift1.example ruby2.example
}
