# shellcheck shell=bash
# What the tests of the web console share: the fleet of rollout.bash in two environments, and a console with people. After it and
# common.bash.
# shellcheck disable=SC2034,SC2154 # for rollout.bash; stdout and the like are of common.bash

NAMES=(web1 web2 web3 web4 dev1 dev2 dev3)
declare -gA ENVIRONMENTS=([dev1]=development [dev2]=development [dev3]=development)

# Each test begins with version 1 everywhere and all well.
setup() {
  local name
  rm -f "$BATS_FILE_TMPDIR"/*/{hold,sick}
  for name in "${NAMES[@]}"; do [[ -s $(path "$name.pid") ]] || agent "$name"; done
  export XDG_STATE_HOME=$BATS_TEST_TMPDIR/state
  restore
}
teardown() {
  local name
  for name in console proxy; do if [[ -s $(path "$name.pid") ]]; then kill_now "$name"; fi; done
}
restore() {
  local environment
  for environment in production development; do
    # What the test before has left under way ends first.
    wait_until 30 operate deploy shop 1 --to "$environment" --yes --wave 100% --wait 1s >/dev/null 2>&1
  done
}

# configure LINE…: a console with three people, who all have the same password, and one program.
configure() {
  local name
  config=$BATS_TEST_TMPDIR/web.cfg
  port=$(free_port)
  URL=http://127.0.0.1:$port
  cat >"$config" <<CFG
WEB_LISTEN: 127.0.0.1:$port
WEB_STATE: $BATS_TEST_TMPDIR/web
WEB_PASSWORDS: $BATS_TEST_TMPDIR/passwords
WEB_TOKENS: $BATS_TEST_TMPDIR/tokens
WEB_PEOPLE:
  - {name: jo, role: admin}
  - {name: kim, role: deployer, apps: [shop]}
  - {name: vi, role: viewer}
CFG
  printf '%s\n' "$@" >>"$config"
  for name in jo kim vi; do baton-deploy web-password "$name" -c "$config" <<<"correct horse"; done
  token=$(baton-deploy web-token bot --may 'deploy:shop/*' -c "$config" 2>/dev/null)
}
console() {
  start console env "BATON_LOG_FILE=$(log console)" baton-deploy web -c "$config"
  wait_until 20 curl -fs "$URL/healthz" -o /dev/null || fail "no console: $(tail -n 5 "$(log console)")"
  # It has asked who is there.
  wait_until 20 knows 7 || fail "it does not know its hosts: $(api /places)"
}
knows() { [[ $(api /places | jq '[.[].versions[].count] | add') == "$1" ]]; }

# api PATH [ARGUMENT…]: as the program.
api() { curl -s -m 30 -H "Authorization: Bearer $token" "${@:2}" "$URL/api/v1$1"; }
# order BODY [ARGUMENT…]: a rollout, as the program.
order() { api /rollouts -H 'Content-Type: application/json' --data "$1" "${@:2}"; }
# status COMMAND…: of what curl was answered.
status() { "$@" -o /dev/null -w '%{http_code}'; }

# log_in NAME: with curl; the session is in the file of that name, and the page's token in $csrf.
log_in() {
  equal "$(status curl -s -c "$BATS_TEST_TMPDIR/$1" -d "name=$1" -d 'password=correct horse' "$URL/login")" 303
  csrf=$(as "$1" / | sed -n 's/.*name="csrf" value="\([0-9a-f]*\)".*/\1/p' | head -n 1)
}
# as NAME PATH [ARGUMENT…]
as() { curl -s -m 30 -b "$BATS_TEST_TMPDIR/$1" "${@:3}" "$URL$2"; }

# outcome ID; is_outcome ID WORD
outcome() { api "/rollouts/$1" | jq -r .rollout.outcome; }
is_outcome() { [[ $(outcome "$1") == "$2" ]]; }
wait_outcome() { wait_until 30 is_outcome "$@" || fail "not $2: $(api "/rollouts/$1")"; }
