#!/usr/bin/env bats
# What an operator sees and is asked: the question on a terminal, hosts from a file, what steps write, who is left out, who watches, and
# who cancels what another has begun.

# What the functions of common.bash set:
# shellcheck disable=SC2154

load common
load rollout

# shellcheck disable=SC2034 # for rollout.bash
NAMES=(web0 web1 web2)

# on_terminal ANSWER ARGUMENT…: types an answer into a terminal on which the command runs.
on_terminal() {
  local command
  printf -v command '%q ' baton-deploy "${@:2}"
  timeout 60 script -qec "$command" /dev/null <<<"$1"
}

# is_watching TIMES: so many queues hear all that hosts say; the agents have none.
is_watching() { (($(list list_bindings source_name destination_kind | grep -c '^baton_deploy_out') >= $1)); }

@test "On a terminal it asks whether to begin, and only a yes does it" {
  exits 130 on_terminal n deploy shop 2 --to production
  has "$stdout" "web2.example" "Deploy 2 on 3 hosts of" "[y/N]" "Nothing was done."
  exits 130 on_terminal "" deploy shop 2 --to production
  equal "$(versions)" 1:3
  exits 0 on_terminal y deploy shop 2 --to production
  has "$stdout" "[y/N]" "3 of 3 done"
  equal "$(versions)" 2:3
}

@test "Hosts are read from a file, or from standard input" {
  printf '# those with the new disk\n\nweb1.example # the first\n' >"$BATS_TEST_TMPDIR/hosts"
  exits 0 operate deploy shop 2 --to production --yes --hosts-file "$BATS_TEST_TMPDIR/hosts"
  equal "$(versions)" "1:2 2:1"
  exits 4 timeout 60 baton-deploy deploy shop 2 --to production --yes --hosts-file - < <(printf 'web0.example\ngone.example\n')
  exits 0 timeout 60 baton-deploy deploy shop 2 --to production --yes --hosts-file - < <(printf 'web0.example\n')
  equal "$(versions)" "1:1 2:2"
  : >"$BATS_TEST_TMPDIR/hosts"
  exits 64 operate deploy shop 2 --to production --yes --hosts-file "$BATS_TEST_TMPDIR/hosts"
  has "$stderr" "names no host"
}

@test "What steps write is shown as it comes: in plain lines, and behind the host's step in the picture" {
  exits 0 operate deploy shop 2 --to production --yes
  has "$stdout" "web0.example before: migrating to 2" "web2.example before: migrating to 2"
  run -0 timeout 60 script -qec "baton-deploy deploy shop 3 --to production --yes" /dev/null </dev/null
  [[ $output =~ web0.example\ \ before[^$'\n']*migrating\ to\ 3 ]] || fail "$output"
}

@test "A host that took part before and does not answer in time is named, not left out in silence" {
  kill -STOP "$(pid web2)"
  local code=0
  exits 0 operate deploy shop 2 --to production --plan --wait 1s || code=$?
  kill -CONT "$(pid web2)"
  ((code == 0))
  has "$stderr" "2 hosts" "web2.example took part before, has not answered in time, and is left out"
  exits 0 operate deploy shop 2 --to production --plan
  has "$stderr" "3 hosts"
  has_not "$stderr" "took part before"
}

@test "Who watches sees what hosts say of an application, for people or for programs" {
  start all baton-deploy watch --json-lines
  start some baton-deploy watch shop --to production
  start none baton-deploy watch shop --to staging
  wait_until 20 is_watching 3 || fail "nobody watches"
  exits 0 operate restart shop --to production --yes --host web1.example
  wait_until 20 grep -q "web1.example  shop  success" "$(path some.out)" || fail "$(<"$(path some.out)")"
  has "$(<"$(path some.out)")" "web1.example  shop  restart  info"
  wait_until 20 heard_times all 'select(.type == "success" and .fqdn == "web1.example")' || fail "$(<"$(path all.out)")"
  equal "$(<"$(path none.out)")" ""
  for name in all some none; do stop "$name"; done
}

@test "Who cancels what another rolls out stops the hosts, and no other begins there" {
  touch "$(path web0/hold)"
  drive deploy shop 2 --to production --yes --wave 1 --max-failures 100%
  wait_drives '.event == "progress" and .host == "web0.example" and .step == "before"'
  exits 0 env "XDG_STATE_HOME=$BATS_TEST_TMPDIR/other" timeout 60 baton-deploy cancel shop --to production
  has "$stderr" "$(id -un)@" "who rolls out deploy 2" "lets no other host begin"
  has "$stdout" web0.example stopped
  wait_drives '.event == "stopped"'
  local code=0
  ended driver || code=$?
  equal "$code" 130
  equal "$(versions)" 1:3
  equal "$(runs)" "0:2 1:1"
  has "$(<"$(path driver.err)")" "deploy --resume"
}
