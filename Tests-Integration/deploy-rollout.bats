#!/usr/bin/env bats
# Rolling out over ten real agents on this machine: order and care, failures, going back, hosts that are away, the lock, Ctrl-C,
# the death of whoever drives, and of the broker.

# What the functions of common.bash set:
# shellcheck disable=SC2154

load common
load rollout

# shellcheck disable=SC2034 # for rollout.bash
NAMES=(web0 web1 web2 web3 web4 web5 web6 web7 web8 web9)

@test "A plan shows the hosts and does nothing; without a terminal somebody has to say yes" {
  exits 0 operate deploy shop 2 --to production --plan
  has "$stderr" web0.example web9.example "10 hosts" "at most 2 at once"
  exits 64 operate deploy shop 2 --to production
  has "$stderr" "--yes"
  equal "$(versions)" 1:10
}

@test "All hosts get it, never more than the wave at once" {
  exits 0 operate deploy shop 2 --to production --yes --wave 3 --json-lines
  equal "$(versions)" 2:10
  local most
  most=$(jq -s 'reduce .[] as $e ({now: 0, most: 0};
    (if $e.event == "told" then .now += ($e.hosts | length) elif $e.event == "done" then .now -= 1 else . end)
    | .most = ([.most, .now] | max)) | .most' <<<"$stdout")
  equal "$most" 3
  equal "$(jq -c 'select(.event == "summary") | [.state, (.groups[0].hosts | length)]' <<<"$stdout")" '["ended",10]'
}

@test "Without a terminal there are plain lines, and a summary in which equal results are one" {
  exits 0 operate restart shop --to production --yes --wave 100%
  has "$stdout" "web3.example restart done" "10 × done"
}

@test "On a terminal there is a picture that ends with the total" {
  run -0 timeout 60 script -qec "baton-deploy deploy shop 2 --to production --yes --wave 5" /dev/null </dev/null
  has "$output" "10 of 10 done" $'\e[' "10 × done"
}

@test "A canary that fails keeps all others as they are" {
  touch "$(path web0/sick)"
  exits 1 operate deploy shop 2 --to production --yes --canary 1 --max-failures 100%
  has "$stdout" "1 × failed" web0.example "9 × waiting"
  equal "$(versions)" 1:10
}

@test "Beyond the allowed failures no host begins, and those that have switched go back" {
  touch "$(path web3/sick)" "$(path web4/sick)"
  exits 1 operate deploy shop 2 --to production --yes --wave 1 --max-failures 1 --rollback-on-failure
  has "$stdout" "3 × done" "2 × failed" "3 × going back: done" "5 × waiting"
  equal "$(versions)" 1:10
}

@test "Failures within the allowed number stop nothing" {
  touch "$(path web3/sick)"
  exits 1 operate deploy shop 2 --to production --yes --max-failures 10%
  equal "$(versions)" "1:1 2:9"
}

@test "A named host that is away is known at once; it is gone on without where that is wanted" {
  local hosts=(--host web1.example --host gone.example)
  milliseconds exits 4 operate deploy shop 2 --to production --yes "${hosts[@]}" --wait 30s
  ((took < 3000)) || fail "it took $took ms"
  has "$stderr" "gone.example: not connected" --skip-offline
  equal "$(version web1)" 1
  exits 0 operate deploy shop 2 --to production --yes "${hosts[@]}" --skip-offline
  has "$stdout" "1 × done" "1 × skipped: gone.example"
  equal "$(version web1)" 2
}

@test "Where nobody listens nothing is done" {
  exits 2 operate deploy shop 2 --to staging --yes
  exits 2 operate status nothing --to production
}

@test "Status counts versions and names who drifts, history is one for all hosts" {
  operate deploy shop 2 --to production --yes --host web7.example >/dev/null
  exits 0 operate status shop --to production
  has "$stdout" "web7.example  2" drifts
  exits 0 operate status --json
  equal "$(jq -c '.[0].versions' <<<"$stdout")" '[{"count":9,"version":"1"},{"count":1,"version":"2"}]'
  exits 0 operate history shop --to production --limit 2 --json
  equal "$(jq -c '[.[] | [.kind, .version, (.succeeded | length)]]' <<<"$stdout")" '[["deploy","2",1],["deploy","1",10]]'
}

@test "Rollback goes to the last good release, or to a named one" {
  operate deploy shop 2 --to production --yes --wave 10 >/dev/null
  operate deploy shop 3 --to production --yes --wave 10 >/dev/null
  exits 0 operate rollback shop --to production --yes --host web1.example
  equal "$(version web1)" 2
  exits 0 operate rollback shop 1 --to production --yes --wave 10
  equal "$(versions)" 1:10
}

@test "Hosts that are locked say by whom and why" {
  exits 0 operate lock shop --to production --host web1.example --reason "disk is being changed"
  exits 1 operate deploy shop 2 --to production --yes --host web1.example
  has "$stdout" "disk is being changed"
  exits 0 operate unlock shop --to production --host web1.example
  exits 0 operate deploy shop 2 --to production --yes --host web1.example
}

@test "A second operator is told by whom and since when, and touches nothing" {
  touch "$(path web0/hold)"
  drive deploy shop 2 --to production --yes --wave 1
  wait_drives '.event == "progress" and .host == "web0.example"'
  exits 75 operate restart shop --to production --yes --host web5.example
  has "$stderr" "is being rolled out by $(id -un)@" "since 20" "deploy 2"
  rm "$(path web0/hold)"
  ended driver
  exits 0 operate restart shop --to production --yes --host web5.example
}

@test "Ctrl-C lets no other host begin and says how to go on; resumed, all hosts have it" {
  touch "$(path web0/hold)"
  drive deploy shop 2 --to production --yes --wave 1
  wait_drives '.event == "progress" and .host == "web0.example"'
  kill -INT "$(pid driver)"
  wait_drives '.event == "stopping"'
  rm "$(path web0/hold)"
  local code=0
  ended driver || code=$?
  equal "$code" 130
  equal "$(versions)" "1:9 2:1"
  local id
  id=$(jq -r 'select(.event == "summary") | .rollout' "$(path driver.out)")
  has "$(<"$(path driver.err)")" "deploy --resume $id" "cancel shop --to production --act $id"
  exits 0 operate deploy --resume "$id" --json-lines
  equal "$(versions)" 2:10
  equal "$(runs)" 1:10
}

@test "Ctrl-C twice leaves at once; the host that was told goes on, and its result is there when it is resumed" {
  touch "$(path web0/hold)"
  drive deploy shop 2 --to production --yes --wave 1
  wait_drives '.event == "progress" and .host == "web0.example"'
  local id
  id=$(jq -r .rollout "$(path driver.out)" | head -n 1)
  kill -INT "$(pid driver)"
  wait_drives '.event == "stopping"'
  kill -INT "$(pid driver)"
  local code=0
  ended driver || code=$?
  equal "$code" 130
  rm "$(path web0/hold)"
  wait_until 20 nobody_is_busy
  equal "$(versions)" "1:9 2:1"
  exits 0 operate deploy --resume "$id" --json-lines
  equal "$(versions)" 2:10
  equal "$(runs)" 1:10
}

@test "When whoever drives is killed the lock is free, hosts that were told go on, and it can be resumed" {
  touch "$(path web0/hold)"
  drive deploy shop 2 --to production --yes --wave 1
  wait_drives '.event == "progress" and .host == "web0.example"'
  local id
  id=$(jq -r .rollout "$(path driver.out)" | head -n 1)
  kill_now driver
  start second baton-deploy deploy --resume "$id"
  wait_until 20 grep -q 'web0.example told' "$(path second.out)"
  rm "$(path web0/hold)"
  ended second
  equal "$(versions)" 2:10
  equal "$(runs)" 1:10
}

@test "A paused rollout that is cancelled is not resumed" {
  touch "$(path web0/hold)"
  drive deploy shop 2 --to production --yes --wave 1
  wait_drives '.event == "progress" and .host == "web0.example" and .step == "before"'
  local id
  id=$(jq -r .rollout "$(path driver.out)" | head -n 1)
  kill_now driver
  exits 0 operate cancel shop --to production --act "$id"
  has "$output" "web0.example" stopped "will not be resumed"
  exits 64 operate deploy --resume "$id"
  equal "$(versions)" 1:10
}

@test "An agent that is killed in the middle is told again when it is up, and the rollout goes on" {
  touch "$(path web0/hold)"
  drive deploy shop 2 --to production --yes --wave 1 --max-failures 1
  wait_drives '.event == "progress" and .host == "web0.example" and .step == "before"'
  kill_now web0
  rm "$(path web0/hold)"
  agent web0
  local code=0
  ended driver || code=$?
  ((code <= 1)) || fail "it ended with $code: $(<"$(path driver.err)")"
  equal "$(for name in "${NAMES[@]:1}"; do version "$name"; done | sort -u)" 2
  # Finished or put back, and it says which.
  drives '(.event == "done" or .event == "failed") and .host == "web0.example"'
}

@test "The broker is killed and started again in the middle: no host is lost, and none does it twice" {
  touch "$(path web0/hold)"
  drive deploy shop 2 --to production --yes --wave 2
  wait_drives '.event == "progress" and .host == "web0.example"'
  broker kill
  wait_drives '.event == "disconnected"'
  rm "$(path web0/hold)"
  broker restart
  ended driver || fail "$(tail -n 3 "$(path driver.out)" "$(path driver.err)")"
  equal "$(versions)" 2:10
  equal "$(runs)" 1:10
}

@test "The rights that broker-setup prints are enough; with fewer it says which are missing" {
  broker ctl -- -q add_user baton-api secret
  broker ctl -- -q set_permissions baton-api '^amq\.gen.*$' '^(amq\.gen.*|baton_deploy_in)$' '^(amq\.gen.*|baton_deploy_out)$'
  local as=(env BATON_RABBIT_USER=baton-api BATON_RABBIT_PASS=secret)
  exits 77 timeout 60 "${as[@]}" baton-deploy deploy shop 2 --to production --yes --host web1.example
  has "$stderr" "hold the lock of shop in production" "baton broker-setup"
  equal "$(versions)" 1:10
  local rights
  rights=$(baton broker-setup --extension deploy | grep "set_permissions.*'baton-api'" | grep -o "'[^']*'" | tail -n 3 | tr -d "'")
  local -a words
  mapfile -t words <<<"$rights"
  broker ctl -- -q set_permissions baton-api "${words[@]}"
  exits 0 timeout 60 "${as[@]}" baton-deploy deploy shop 2 --to production --yes --host web1.example
}
