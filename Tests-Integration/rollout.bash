# shellcheck shell=bash
# What the tests of rollouts share: agents named in NAMES, each with one application, and an operator. After common.bash.
# shellcheck disable=SC2154 # NAMES is the file's, stdout and the like are of common.bash

declare -gA ENVIRONMENTS

prepare() {
  local version
  mkdir -p "$(path artifacts)" "$(path source)"
  for version in 1 2 3; do
    printf '%s\n' "$version" >"$(path source/version)"
    tar -C "$(path source)" -czf "$(path "artifacts/shop-$version.tar.gz")" version
    (cd "$(path artifacts)" && sha256sum "shop-$version.tar.gz" >"shop-$version.tar.gz.sha256")
  done
  for name in "${NAMES[@]}"; do agent "$name"; done
}

# Each test begins with version 1 everywhere, all well, nobody locked, and nothing remembered.
setup() {
  local name
  for name in "${NAMES[@]}"; do
    rm -f "$(path "$name/hold")" "$(path "$name/sick")"
    [[ -s $(path "$name.pid") ]] || agent "$name"
  done
  export XDG_STATE_HOME=$BATS_TEST_TMPDIR/state
  wait_until 20 nobody_is_busy || fail "still busy"
  operate deploy shop 1 --to production --yes --wave 100% --wait 1s >/dev/null 2>&1
  for name in "${NAMES[@]}"; do : >"$(path "$name/ran")"; done
}

teardown() {
  if [[ -s $(path driver.pid) ]]; then kill_now driver; fi
  if [[ -s $(path second.pid) ]]; then kill_now second; fi
  rm -f "$BATS_FILE_TMPDIR"/{driver,second}.{out,err}
}

# agent NAME: a host of production, or of what ENVIRONMENTS says, with one application; the file `sick` makes it unhealthy, `hold` keeps a deploy waiting, and `ran`
# gets a line for each that has really been done.
agent() {
  local home
  home=$(path "$1")
  mkdir -p "$home/app"
  cat >"$home/cfg" <<CFG
STATE_DIR: $home/state
ALLOW_UNSIGNED: true
APPS:
  shop:
    deploy_to: $home/app
    artifact:
      url: file://$(path artifacts)/shop-%{version}.tar.gz
    before:
      - [sh, -c, "echo >>$home/ran; echo migrating to \$BATON_VERSION; while test -e $home/hold; do sleep 0.05; done"]
    restart: ["true"]
    health:
      run: [sh, -c, "test \$(cat $home/app/current/version) = 1 || test ! -e $home/sick"]
      interval: 50ms
      timeout: 300ms
CFG
  start_agent "$1"
}
start_agent() {
  start "$1" env "BATON_LOG_FILE=$(log "$1")" "BATON_FQDN=$1.example" \
    "BATON_ENVIRONMENT=${ENVIRONMENTS[$1]-production}" \
    baton-deploy serve -c "$(path "$1/cfg")"
  wait_until 20 is_listening "$1" || fail "$1 does not listen: $(tail -n 5 "$(log "$1")")"
}

# is_listening NAME: whether the process that runs now has said so.
is_listening() { tac "$(log "$1")" | sed '/Started/q' | grep -q Listening; }

# operate ARGUMENT…: as an operator would, but never for long.
operate() { timeout 60 baton-deploy "$@" </dev/null; }

# drive ARGUMENT…: in the background, as JSON lines in driver.out.
drive() { start driver baton-deploy "$@" --json-lines; }
drives() { [[ -n $(jq -c "select($1)" "$(path driver.out)") ]]; }
wait_drives() { wait_until 20 drives "$1" || fail "not $1: $(tail -n 5 "$(path driver.out)" "$(path driver.err)")"; }

# ended NAME: waits for a background command, and gives the code that it ended with.
ended() {
  wait_until 30 is_gone "$(pid "$1")" || fail "$1 goes on: $(tail -n 5 "$(path "$1.out")")"
  local code=0
  wait "$(pid "$1")" || code=$?
  rm -f "$(path "$1.pid")"
  return "$code"
}

version() { cat "$(path "$1/app/current/version")"; }
# versions: which run, with counts: "1:9 2:1"
versions() { for name in "${NAMES[@]}"; do version "$name"; done | sort | uniq -c | awk '{ printf "%s%s:%s", (NR > 1 ? " " : ""), $2, $1 }'; }

nobody_is_busy() {
  [[ $(operate status shop --to production --wait 1s --json | jq '[.[].hosts[].running | select(.under_way)] | length') == 0 ]]
}

# runs: how often a deploy was really done on the hosts, with counts: "1:10"
runs() { for name in "${NAMES[@]}"; do wc -l <"$(path "$name/ran")"; done | sort | uniq -c | awk '{ printf "%s%s:%s", (NR > 1 ? " " : ""), $2, $1 }'; }
