#!/usr/bin/env bats
# Bad input: whatever is published, the service says one error for it and answers the next ping; the monitor puts it aside.

# shellcheck disable=SC2154 # stdout, stderr, output and took are set in common.bash
load common

prepare() {
  host svc.example test shop
  monitor monitor
  listen ears baton_ping_out ""
  wait_until 10 queue_is_empty
  pid svc.example >"$(path first-pid)"
}

queue_is_empty() { list list_queues name messages | grep -qx 'baton-ping-monitor.v2[[:space:]]0'; }
dead() { list list_queues name messages | awk '$1 == "baton-ping-monitor.v2.dead" { print $2 }'; }
dead_are() { [[ $(dead) == "$1" ]]; }

# Counted in the bodies as they are quoted in the listener's lines: hundreds of times, so without jq.
errors() { grep -F '\"type\":\"error\"' "$(path ears.out)"; }
errors_are() { (($(errors | wc -l) >= $1)); }

# lives: the process that was started at first answers a ping.
lives() {
  equal "$(pid svc.example)" "$(<"$(path first-pid)")"
  exits 0 ask test --host svc.example --wait 10s
}

# refused WORDS [COMMAND…]: what the command publishes (amqp-publish of standard input unless given) is one error with those words.
refused() {
  local before after words=$1
  shift
  (($#)) || set -- amqp-publish -u "$BROKER_URL" -e baton_ping_in -r test
  before=$(errors | wc -l)
  "$@" || fail "could not publish"
  wait_until 10 errors_are $((before + 1)) || fail "no error"
  lives
  # The pong came behind whatever else was said about it.
  after=$(errors | tail -n +$((before + 1)))
  equal "$(wc -l <<<"$after")" 1
  has "$(jq -r '.body | fromjson | "\(.fqdn) \(.error_class): \(.error_message)"' <<<"$after")" \
    "svc.example ${class:-Unreadable}: " "$words"
}

# nested DEPTH: a ping with a member that nests so deep, with the body itself.
nested() {
  printf '{"type":"ping","n":'
  printf '%*s' $(($1 - 1)) '' | tr ' ' '['
  printf '%*s' $(($1 - 1)) '' | tr ' ' ']'
  printf '}'
}

@test "empty" {
  refused "the body is empty" </dev/null
  refused "the body is empty" < <(printf ' \n\t\r ')
}

@test "truncated at each byte" {
  local body='{"type":"ping","n":[1,"é",{}]}' length
  length=$(printf %s "$body" | wc -c)
  for ((length -= 1; length > 0; length--)); do
    refused "the body is not valid" < <(printf %s "$body" | head -c "$length")
  done
}

@test "256 KiB is taken, one byte more is not" {
  local padding=$((256 * 1024 - 24))
  { printf '{"type":"ping","pad":"' && head -c $padding /dev/zero | tr '\0' x && printf '"}'; } >"$BATS_TEST_TMPDIR/most"
  equal "$(wc -c <"$BATS_TEST_TMPDIR/most")" $((256 * 1024))
  local before
  before=$(errors | wc -l)
  amqp-publish -u "$BROKER_URL" -e baton_ping_in -r test <"$BATS_TEST_TMPDIR/most"
  lives
  equal "$(errors | wc -l)" "$before"
  refused "262145 bytes, more than 262144" < <(cat "$BATS_TEST_TMPDIR/most" && printf ' ')
  refused "bytes, more than 262144" < <(head -c 8000000 /dev/zero)
}

@test "nested 32 deep is taken; 33, 512 and 100000 are not" {
  local before
  before=$(errors | wc -l)
  nested 32 | amqp-publish -u "$BROKER_URL" -e baton_ping_in -r test
  lives
  equal "$(errors | wc -l)" "$before"
  for depth in 33 512 100000; do
    refused "nests deeper than 32" < <(nested $depth)
  done
  refused "nests deeper than 32" < <(printf '{"type":"ping","n":' && head -c 100000 /dev/zero | tr '\0' '[')
}

@test "duplicate keys, also where one is written with escapes, and deeper inside" {
  refused "the member 'type' stands twice" <<<'{"type":"ping","type":"deploy"}'
  refused "the member 'type' stands twice" <<<'{"type":"ping","\u0074ype":"deploy"}'
  refused "the member 'a' stands twice" <<<'{"type":"ping","n":{"a":1,"a":1}}'
}

@test "invalid UTF-8, byte order marks, NUL" {
  refused "not valid UTF-8" < <(printf '{"type":"ping","n":"\xff"}')
  refused "not valid UTF-8" < <(printf '{"type":"ping","n":"\xed\xa0\x80"}')
  refused "byte order mark" < <(printf '\xef\xbb\xbf{"type":"ping"}')
  refused "" < <(printf '\xff\xfe{\0"\0t\0')
  refused "" < <(printf '{"type":"pi\0ng"}')
  refused "" < <(printf '{"type":"ping"}\0')
  refused "" < <(printf '\0')
}

@test "an array, a string, null, a number, an object without its end" {
  for body in '[]' '"ping"' null 1 true '[{"type":"ping"}]'; do refused "not a JSON object" <<<"$body"; done
  refused "not valid JSON" <<<'{"type":"ping"}}'
  refused "not valid JSON" <<<'{"type":"ping"}{"type":"ping"}'
  refused "not valid JSON" <<<'{"type":"ping",}'
  refused "not valid JSON" <<<'{"type":"ping","n":[1, ]}'
  refused "not valid JSON" <<<"{'type':'ping'}"
}

@test "the wrong type, or none" {
  refused "the member 'type' is missing" <<<'{}'
  refused "the member 'type' is null" <<<'{"type":null}'
  for value in 1 true '["ping"]' '{"ping":1}'; do refused "the member 'type' is not a string" <<<"{\"type\":$value}"; done
  class=UnknownType refused "no handler for ''" <<<'{"type":""}'
  class=UnknownType refused "no handler for 'Ping'" <<<'{"type":"Ping"}'
  class=UnknownType refused "no handler for 'ping '" <<<'{"type":"ping "}'
}

@test "what the sender says of itself has to be of the right type, too" {
  refused "fqdn" <<<'{"type":"ping","fqdn":1}'
  refused "app_names" <<<'{"type":"ping","app_names":"shop"}'
}

@test "unknown members, white space and escapes are no matter" {
  local before
  before=$(errors | wc -l)
  printf ' {\n"type" :\t"p\\u0069ng", "more": {"x": [1e400, -0, "\\ud83d\\ude00"]} }\r\n' |
    sed 's/1e400/1e40/' | amqp-publish -u "$BROKER_URL" -e baton_ping_in -r test
  lives
  wait_heard ears 'select(.correlation_id == null and (.body | contains("pong")))'
  equal "$(errors | wc -l)" "$before"
}

@test "numbers beyond all bounds" {
  local before
  before=$(errors | wc -l)
  printf '{"type":"ping","n":[1e999999,-1e999999,%s]}' "$(printf '%*s' 5000 '' | tr ' ' 9)" |
    amqp-publish -u "$BROKER_URL" -e baton_ping_in -r test
  lives
  (($(errors | wc -l) <= before + 1))
}

@test "newlines and a terminal's escapes forge no line of a log" {
  local body='{"type":"x\n2026-01-01T00:00:00.000Z INFO    forged\r\u001b[2J\u0007\u0085\u2028\u202e"}'
  class=UnknownType refused "no handler for 'x"$'\n' <<<"$body"
  wait_for monitor 'x\n2026'
  for name in svc.example monitor; do
    equal "$(grep -c '^2026-01-01' "$(log $name)")" 0
    equal "$(tr -d '\n' <"$(log $name)" | LC_ALL=C grep -c '[[:cntrl:]]')" 0
  done
  # A monitor meets such a body raw, too.
  amqp-publish -u "$BROKER_URL" -e baton_ping_out -r "" -b $'{"type":"info",\n"message":"\x7f\xe2\x80\xa8forged\xe2\x80\xae"}\n'
  wait_for monitor 'forged\u{202e}'
  equal "$(LC_ALL=C grep -c $'\x7f\|\xe2\x80' "$(log monitor)")" 0
}

@test "no content type, a wrong one, or another encoding: the body counts" {
  local before
  before=$(errors | wc -l)
  amqp-publish -u "$BROKER_URL" -e baton_ping_in -r test -b '{"type":"ping"}'
  amqp-publish -u "$BROKER_URL" -e baton_ping_in -r test -C image/png -E gzip -b '{"type":"ping"}'
  lives
  wait_heard ears 'select(.correlation_id == null and (.body | contains("pong")))' 2
  equal "$(errors | wc -l)" "$before"
}

@test "headers of any depth, odd times and long words: answered" {
  local before long
  before=$(errors | wc -l)
  long=$(printf '%*s' 255 '' | tr ' ' k)
  local number=0 properties
  for properties in '"depth": 100' '"depth": 21500' '"timestamp": 0' '"timestamp": 9223372036854775808' '"timestamp": 18446744073709551615' \
    "\"reply_to\": \"$long\"" "\"message_id\": \"$long\", \"type\": \"$long\", \"app_id\": \"$long\"" '"headers": {"CC": ["x", "y"]}' \
    '"headers": {"baton-fqdn": 1, "baton-key": [null]}' '"headers": {"baton-fqdn": null}' '"reply_to": ""' '"priority": 255' '"expiration": "60000"'; do
    exits 0 peer publish baton_ping_in test "{\"correlation_id\": \"odd-$((number += 1))\", $properties}" <<<'{"type":"ping"}'
    equal "$stdout" ""
    wait_heard ears "select(.correlation_id == \"odd-$number\" and (.body | contains(\"pong\")))"
    lives
  done
  equal "$(errors | wc -l)" "$before"
}

@test "a correlation_id of 255 bytes comes back whole" {
  local long
  long=$(printf '%*s' 255 '' | tr ' ' c)
  exits 0 peer publish baton_ping_in test "{\"correlation_id\": \"$long\"}" <<<'{"type":"ping"}'
  wait_heard ears "select(.correlation_id == \"$long\")"
}

@test "a request for somebody else is refused, not done" {
  class=Misdirected refused "this is 'svc.example'" \
    peer publish baton_ping_in test '{"headers": {"baton-fqdn": "other.example"}}' <<<'{"type":"ping"}'
  class=Misdirected refused "the key 'production'" \
    peer publish baton_ping_in test '{"headers": {"baton-key": "production"}}' <<<'{"type":"ping"}'
}

@test "an expiration that is none is refused at its sender, by the broker" {
  run ! peer publish baton_ping_in test '{"expiration": "abc"}' <<<'{"type":"ping"}'
  has "$output" 406
  lives
}

@test "keys of 255 bytes pass, of 256 are refused before they are sent" {
  local long
  long=$(printf '%*s' 255 '' | tr ' ' k)
  exits 2 baton publish baton_ping_in "$long" '{"type":"ping"}'
  exits 64 baton publish baton_ping_in "${long}k" '{"type":"ping"}'
  has "$stderr" 256 255
  lives
}

@test "'baton publish' takes no bad body without --raw, and any with it" {
  exits 64 baton publish baton_ping_in test '{"type":"ping","type":"ping"}'
  has "$stderr" "stands twice" --raw
  refused "the member 'type' stands twice" baton publish --raw baton_ping_in test '{"type":"ping","type":"ping"}'
  refused "the body is empty" baton publish --raw baton_ping_in test ''
}

@test "the monitor puts what it cannot read aside, and goes on" {
  local before count=0 body
  before=$(dead)
  while read -r body; do
    # shellcheck disable=SC2059 # the bodies are formats
    printf "$body" | amqp-publish -u "$BROKER_URL" -e baton_ping_out -r ""
    ((count += 1))
  done <<'BODIES'

{
[]
null
{"type":1}
{"type":"pong","type":"up"}
{"type":"pong","n":"\xff"}
\xef\xbb\xbf{"type":"pong"}
{"type":"pong"}\0
BODIES
  nested 33 | amqp-publish -u "$BROKER_URL" -e baton_ping_out -r ""
  head -c 262145 /dev/zero | amqp-publish -u "$BROKER_URL" -e baton_ping_out -r ""
  # As much as a frame can hold: what would break the connection would come again and again.
  exits 0 peer publish baton_ping_out "" '{"depth": 21500}' <<<'{"type":"deep"}'
  wait_for monitor '{"type":"deep"}'
  wait_until 10 dead_are $((before + count + 2)) || fail "$(dead) instead of $((before + count + 2)) put aside"
  lives
  wait_until 10 queue_is_empty
  equal "$(grep -c Listening "$(log monitor)")" 1
  equal "$(grep -c Listening "$(log svc.example)")" 1
}
