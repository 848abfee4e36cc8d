#!/usr/bin/env bats
# Asking a fleet: who is there, what is said of those who are not, and the codes to exit with.

# shellcheck disable=SC2154 # stdout, stderr, output and took are set in common.bash
load common

prepare() {
  host web1.example production shop,blog
  host web2.example production shop
  host dev1.example development shop
}

@test "two environments answer for themselves" {
  exits 0 ask production --expect 2
  has "$stdout" HOST ENVIRONMENT STATUS TIME APPLICATIONS web1.example web2.example
  has_not "$stdout" dev1.example
  has "$stderr" "2 answered, 0 failed, 0 silent, 0 not connected" min median p95 p99
  exits 0 ask development --expect 1
  has "$stdout" dev1.example
  has_not "$stdout" web1.example
  exits 0 ask production development --expect 3
  has "$stdout" web1.example web2.example dev1.example
}

@test "the table has a line for each host, and no colors where there is no terminal" {
  exits 0 ask production --expect 2
  equal "$(grep -cE '^web[12]\.example +production +ok +[0-9]+\.[0-9] ms +shop' <<<"$stdout")" 2
  has_not "$output" $'\e'
}

@test "--json writes one document" {
  exits 0 ask production --expect 2 --json
  equal "$(jq -s length <<<"$stdout")" 1
  equal "$(jq -c '[.answers[].fqdn] | sort' <<<"$stdout")" '["web1.example","web2.example"]'
  equal "$(jq -c '.answers[] | select(.fqdn == "web1.example") | [.environment, .app_names, .outcome, .elapsed_ms > 0]' <<<"$stdout")" \
    '["production",["shop","blog"],"reply",true]'
  equal "$(jq -c '.summary | [.answered, .failed, .silent, .not_connected, .expected, .min_ms <= .p99_ms]' <<<"$stdout")" \
    '[2,0,0,0,2,true]'
}

@test "--json-lines writes an object for each answer" {
  exits 0 ask production --expect 2 --json-lines
  equal "$(jq -r .fqdn <<<"$stdout" | sort | tr '\n' ' ')" "web1.example web2.example "
  equal "$stderr" ""
}

@test "--expect ends it as soon as so many have answered, long before --wait" {
  milliseconds exits 0 ask production --expect 2 --wait 20s
  ((took < 2000)) || fail "took $took ms"
}

@test "fewer than --expect: 4, and the summary says how many were expected" {
  exits 4 ask production --expect 3 --wait 500ms
  has "$stderr" "2 answered" "3 expected"
}

@test "one host is asked by its name, and no other answers" {
  milliseconds exits 0 ask production --host web2.example --wait 20s
  ((took < 2000)) || fail "took $took ms"
  has "$stdout" web2.example
  has_not "$stdout" web1.example
}

@test "a host that is not connected is known in one round trip" {
  milliseconds exits 4 ask production --host web1.example --host web9.example --wait 20s
  ((took < 2000)) || fail "took $took ms"
  has "$stdout" "web1.example" "web9.example" "not connected"
  has "$stderr" "1 answered, 0 failed, 0 silent, 1 not connected"
}

@test "a host that hangs is silent, not disconnected" {
  host hung.example production shop
  kill -STOP "$(pid hung.example)"
  local code=0
  exits 4 ask production --host hung.example --wait 500ms || code=$?
  kill -CONT "$(pid hung.example)"
  stop hung.example
  ((code == 0))
  has "$stdout" hung.example silent
  has "$stderr" "0 answered, 0 failed, 1 silent, 0 not connected"
}

@test "an environment that nobody is in is known at once" {
  milliseconds exits 2 ask staging --wait 20s
  ((took < 2000)) || fail "took $took ms"
  has "$stdout" "(nobody)" staging "not connected"
}

@test "of two environments one is empty: 4, and those of the other are heard" {
  exits 4 ask production staging --wait 500ms
  has "$stdout" web1.example web2.example staging
}

@test "the environment is taken in any case" {
  exits 0 ask Production --expect 2
}

@test "hosts are read from a file or from standard input" {
  printf '# the web\nweb1.example\n\n  web2.example  # the other\n' >"$BATS_TEST_TMPDIR/hosts"
  exits 0 ask production --hosts-file "$BATS_TEST_TMPDIR/hosts" --wait 20s
  has "$stderr" "2 answered"
  exits 0 ask production --hosts-file - --wait 20s <<<web1.example
  has "$stderr" "1 answered"
  exits 64 ask production --hosts-file /nowhere
  has "$stderr" /nowhere "No such file"
  exits 64 ask production --hosts-file /dev/null
  has "$stderr" "names no host"
}

@test "--quiet ends it so long after the last answer" {
  milliseconds exits 0 ask production --quiet 200ms --wait 20s
  ((took < 3000)) || fail "took $took ms"
  has "$stderr" "2 answered"
}

@test "without a count it waits to its end" {
  milliseconds exits 0 ask production --wait 700ms
  ((took >= 700)) || fail "took $took ms"
  has "$stderr" "2 answered"
}

@test "equal failures are folded into one line" {
  start answers "$TESTS/peer.py" answer baton_ping_in failing baton_ping_out \
    '{"type":"error","environment":"failing","fqdn":"bad1.example","app_names":[],"error_class":"Broken","error_message":"no\ndisk"}' \
    '{"type":"error","environment":"failing","fqdn":"bad2.example","app_names":[],"error_class":"Broken","error_message":"no\ndisk"}' \
    '{"type":"pong","environment":"failing","fqdn":"good.example","app_names":[]}'
  wait_until 20 grep -q listening "$(path answers.err)"
  exits 1 ask failing --expect 3
  has "$stderr" "1 answered, 2 failed" '2 × Broken: no\ndisk'
  equal "$(grep -c Broken <<<"$stderr")" 1
  equal "$(grep -cE '^bad[12].example +failing +failed' <<<"$stdout")" 2
}

@test "64: what is wrong with the command line is said, and where help is" {
  exits 64 ask
  has "$stderr" "Missing expected argument" "--help"
  exits 64 ask production --expect none
  has "$stderr" "--expect" "whole number"
  exits 64 ask production --waits 2s
  has "$stderr" "'--waits'" "Did you mean '--wait'?"
  exits 64 ask production --json --json-lines
  exits 64 ask '../x'
  exits 64 ask production --host -rf
  exits 64 ask production --host 'a;id'
}

@test "69: the broker cannot be reached" {
  BATON_RABBIT_PORT=1 exits 69 ask production
  has "$stderr" "127.0.0.1:1" "onnection refused"
}

@test "77: the password is wrong, and it is not shown" {
  BATON_RABBIT_PASS=my-secret exits 77 ask production
  has_not "$output" my-secret
}

@test "78: the configuration is wrong: file, line, key, and what would be right" {
  printf 'RABBIT_HOST: localhost\nRABBIT_PORT: 70000\n' >"$BATS_TEST_TMPDIR/bad.cfg"
  unset BATON_RABBIT_PORT
  exits 78 ask production -c "$BATS_TEST_TMPDIR/bad.cfg"
  has "$stderr" "$BATS_TEST_TMPDIR/bad.cfg:2" RABBIT_PORT 70000 65535
  exits 78 ask production -c /nowhere.cfg
  has "$stderr" /nowhere.cfg
}

@test "130: Ctrl-C ends it, and what was heard is summed up" {
  host slow.example waiting shop
  start asking baton-ping ask waiting --wait 30s
  wait_until 10 grep -q slow.example "$(path asking.out)"
  local code=0
  kill -INT "$(pid asking)"
  wait "$(pid asking)" || code=$?
  equal "$code" 130
  has "$(<"$(path asking.err)")" "1 answered"
}
