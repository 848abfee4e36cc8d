#!/usr/bin/env bats
# The wire: exact bytes and flags, as plain peers and the broker's own tool see them.

load common

prepare() {
  host web1.example production shop,blog
  monitor monitor
  listen ears baton_ping_out ""
  listen mouths baton_ping_in production production.web1.example production.web9.example
}

sorted() { sort | tr '\t' ' '; }

@test "exchanges: direct, durable, not auto-delete" {
  equal "$(list list_exchanges name type durable auto_delete internal | grep ^baton | sorted)" \
    "baton_ping_in direct true false false
baton_ping_out direct true false false"
}

@test "a service's queue: server-named, exclusive, auto-delete, not durable" {
  local queue
  queue=$(list list_queues name durable auto_delete exclusive | grep ^amq.gen | sorted)
  # The service's, and those of the two listening peers, which are not auto-delete.
  equal "$(cut -d ' ' -f 2- <<<"$queue" | sort | uniq -c | sed 's/^ *//')" "2 false false true
1 false true true"
}

@test "its bindings: the environment in lower case, and the same with the host's name" {
  host ci1.example Lab shop
  equal "$(list list_bindings source_name destination_kind routing_key | grep -E 'lab|Lab' | sorted)" \
    "baton_ping_in queue lab
baton_ping_in queue lab.ci1.example"
  stop ci1.example
}

@test "a service consumes with acknowledgements and a prefetch" {
  host acks.example acks shop
  local queue
  queue=$(list list_bindings routing_key destination_name | awk '$1 == "acks" { print $2 }')
  equal "$(list list_consumers queue_name ack_required prefetch_count | awk -v queue="$queue" '$1 == queue { print $2, $3 }')" "true 64"
  stop acks.example
}

@test "the monitor's queue: durable, single active consumer, dead letters, a byte limit, bound with the key ''" {
  local queues
  queues=$(list list_queues name durable auto_delete exclusive arguments | grep ^baton-ping-monitor)
  equal "$(cut -f 1-4 <<<"$queues" | sorted)" "baton-ping-monitor.v2 true false false
baton-ping-monitor.v2.dead true false false"
  has "$(grep -P 'v2\t' <<<"$queues")" x-single-active-consumer x-dead-letter-exchange '"baton-ping-monitor.v2.dead"' 268435456
  has "$(grep -P 'dead\t' <<<"$queues")" 67108864
  equal "$(list list_bindings source_name destination_name routing_key | awk -F '\t' '$2 ~ /^baton-ping-monitor/ && $1 != "" { print $1, $2, "key=" $3 }')" \
    "baton_ping_out baton-ping-monitor.v2 key="
}

@test "a request: body and properties" {
  exits 0 ask production --expect 1 --wait 3s
  wait_heard mouths 'select(.routing_key == "production")'
  local request
  request=$(heard mouths 'select(.routing_key == "production")' | tail -n 1)
  equal "$(jq -r .body <<<"$request")" '{"type":"ping"}'
  equal "$(jq -cS 'del(.body, .message_id, .correlation_id, .timestamp, .reply_to)' <<<"$request")" \
    '{"app_id":"baton_ping","content_type":"application/json","delivery_mode":1,"expiration":"3000","routing_key":"production","user_id":"guest"}'
  equal "$(jq '.reply_to | startswith("amq.gen-")' <<<"$request")" true
  equal "$(jq '[.message_id, .correlation_id] | map(test("^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")) | all' <<<"$request")" true
  equal "$(jq ".timestamp > $(date +%s) - 60 and .timestamp <= $(date +%s)" <<<"$request")" true
}

@test "a request to one host: its own key, and headers that say for whom it is" {
  exits 0 ask Production --host web1.example
  wait_heard mouths 'select(.routing_key == "production.web1.example")'
  equal "$(heard mouths 'select(.routing_key == "production.web1.example") | .headers' | jq -cS . | tail -n 1)" \
    '{"baton-fqdn":"web1.example","baton-key":"production"}'
}

@test "a request is mandatory: what nobody is bound to comes back" {
  exits 2 ask nowhere
  exits 2 baton publish baton_ping_in nowhere '{"type":"ping"}'
}

@test "an answer: body and properties, once, with key '' and a copy to the requester" {
  exits 0 peer publish baton_ping_in production '{"correlation_id": "c-1", "reply_to": "my.key", "message_id": "m-1"}' <<<'{"type":"ping"}'
  wait_heard ears 'select(.correlation_id == "c-1")'
  # Its message_id is its own, and different each time.
  has "$(heard ears 'select(.correlation_id == "c-1") | .message_id')" -
  equal "$(heard ears 'select(.correlation_id == "c-1")' | jq -cS 'del(.message_id)')" \
    '{"app_id":"baton_ping","body":"{\"app_names\":[\"shop\",\"blog\"],\"environment\":\"production\",\"fqdn\":\"web1.example\",\"type\":\"pong\"}","content_type":"application/json","correlation_id":"c-1","delivery_mode":2,"headers":{"CC":["my.key"],"baton-version":"'"$VERSION"'"},"routing_key":""}'
}

@test "whoever is bound with the reply_to of a request gets its answers, and no others" {
  listen mine baton_ping_out mine
  exits 0 ask production --expect 1
  exits 0 peer publish baton_ping_in production '{"correlation_id": "c-2", "reply_to": "mine"}' <<<'{"type":"ping"}'
  wait_heard mine 'select(.correlation_id == "c-2")'
  equal "$(heard mine . | wc -l)" 1
  stop mine
}

@test "one who has both keys bound gets an answer once" {
  listen both baton_ping_out "" both
  exits 0 peer publish baton_ping_in production '{"correlation_id": "c-3", "reply_to": "both"}' <<<'{"type":"ping"}'
  exits 0 peer publish baton_ping_in production '{"correlation_id": "c-4", "reply_to": "both"}' <<<'{"type":"ping"}'
  wait_heard both 'select(.correlation_id == "c-4")'
  equal "$(heard both 'select(.correlation_id == "c-3")' | wc -l)" 1
  stop both
}

@test "without a correlation_id the message_id is one; without reply_to there is no CC; with neither there is nothing" {
  exits 0 peer publish baton_ping_in production '{"message_id": "m-2"}' <<<'{"type":"ping"}'
  wait_heard ears 'select(.correlation_id == "m-2")'
  equal "$(heard ears 'select(.correlation_id == "m-2") | .headers')" "{\"baton-version\":\"$VERSION\"}"
  amqp-publish -u "$BROKER_URL" -e baton_ping_in -r production -b '{"type":"ping"}'
  wait_heard ears 'select(.correlation_id == null and (.body | contains("pong")))'
  equal "$(heard ears 'select(.correlation_id == null and (.body | contains("pong")))' | jq -cS 'del(.body, .message_id)')" \
    '{"app_id":"baton_ping","content_type":"application/json","delivery_mode":2,"headers":{"baton-version":"'"$VERSION"'"},"routing_key":""}'
}

@test "amqp-tools are peers like any other" {
  # amqp-consume binds no empty key.
  start consume amqp-consume -u "$BROKER_URL" -e baton_ping_out -r tools -x -c 1 cat
  wait_until 10 grep -q "queue name" "$(path consume.err)"
  wait_until 10 tools_answered
  equal "$(<"$(path consume.out)")" '{"app_names":["shop","blog"],"environment":"production","fqdn":"web1.example","type":"pong"}'
}
# It says its queue's name before it binds it: so once more, until it has heard.
tools_answered() {
  amqp-publish -u "$BROKER_URL" -e baton_ping_in -r production -t tools -b '{"type":"ping"}'
  wait_until 1 is_gone "$(pid consume)"
}

@test "an error: class and message beside the sender's fields" {
  exits 0 peer publish baton_ping_in production '{"correlation_id": "c-5"}' <<<'{"type":"dance"}'
  wait_heard ears 'select(.correlation_id == "c-5")'
  equal "$(heard ears 'select(.correlation_id == "c-5") | .body | fromjson' | jq -cS .)" \
    '{"app_names":["shop","blog"],"environment":"production","error_class":"UnknownType","error_message":"no handler for '"'dance'"'; this service takes ping","fqdn":"web1.example","type":"error"}'
}

@test "up and down" {
  host brief.example brief ""
  stop brief.example
  wait_heard ears 'select(.body | contains("brief.example") and contains("down"))'
  equal "$(heard ears 'select(.body | contains("brief.example")) | .body' | jq -r .)" \
    '{"app_names":[],"environment":"brief","fqdn":"brief.example","type":"up"}
{"app_names":[],"environment":"brief","fqdn":"brief.example","type":"down"}'
}

@test "a connection says who it is" {
  has "$(list list_connections client_properties)" '"connection_name","baton-ping"' '"connection_name","baton-ping-monitor"' '"product","baton"'
}

@test "a password is nowhere: not in the arguments, the broker's list, or a log" {
  ctl add_user secretive tell-no-one
  ctl set_permissions secretive '.*' '.*' '.*'
  start secretive env BATON_RABBIT_USER=secretive BATON_RABBIT_PASS=tell-no-one BATON_LOG_LEVEL=debug \
    "BATON_LOG_FILE=$(log secretive)" BATON_ENVIRONMENT=secret baton-ping
  wait_for secretive Listening
  ctl close_all_connections tidy >/dev/null
  wait_for secretive Listening 2
  has_not "$(tr '\0' ' ' <"/proc/$(pid secretive)/cmdline")" tell-no-one
  has_not "$(list list_connections client_properties)" tell-no-one
  has_not "$(<"$(log secretive)")" tell-no-one
  stop secretive
}
