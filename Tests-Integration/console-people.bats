#!/usr/bin/env bats
# baton-deploy web-password and web-token: who may come to the console. No broker is needed.

# shellcheck disable=SC2154 # stdout and stderr are set in common.bash
load common

setup_file() {
  local variable
  for variable in "${!BATON_@}"; do unset "$variable"; done
}

teardown_file() { :; }

setup() {
  cd "$BATS_TEST_TMPDIR" || return
  printf '%s\n' 'WEB_PASSWORDS: passwords' 'WEB_TOKENS: tokens' 'WEB_PEOPLE: [{name: jo, role: admin}]' >web.cfg
}

# said LINE COMMAND…: with that line on its standard input.
said() { "${@:2}" <<<"$1"; }

@test "a password is read from standard input, kept as a hash for nobody else to read, and taken away again" {
  exits 0 said "correct horse" baton-deploy web-password jo -c web.cfg
  equal "$stderr" ""
  grep -q '^jo:[$]argon2id[$]v=19[$]' passwords
  has_not "$(<passwords)" horse
  equal "$(stat -c %a passwords)" 640
  exits 0 said "correct horse" baton-deploy web-password kim -c web.cfg
  has "$stderr" "kim has no role yet"
  exits 0 baton-deploy web-password jo --remove -c web.cfg
  exits 1 baton-deploy web-password jo --remove -c web.cfg
  equal "$(cut -d : -f 1 passwords)" kim
}

@test "what is no password, no name, or no file for them is refused, and nothing is written" {
  exits 64 said short baton-deploy web-password jo -c web.cfg
  exits 64 baton-deploy web-password jo -c web.cfg </dev/null
  exits 64 said "correct horse" baton-deploy web-password j:o -c web.cfg
  [[ ! -e passwords ]]
  echo nonsense >passwords
  chmod 640 passwords
  exits 78 said "correct horse" baton-deploy web-password jo -c web.cfg
  has "$stderr" "/passwords:1: " "NAME:HASH"
  chmod 644 passwords
  exits 78 said "correct horse" baton-deploy web-password jo -c web.cfg
  has "$stderr" "open to everybody"
  equal "$(<passwords)" nonsense
}

@test "a token is told once, listed without it, and taken away" {
  exits 0 baton-deploy web-token chatbot --may read --may 'deploy:*/development' --expires 30d -c web.cfg
  [[ $stdout =~ ^bat_[0-9a-f]{64}$ ]]
  has "$(<tokens)" "$(printf %s "$stdout" | sha256sum | cut -d ' ' -f 1)"
  has_not "$(<tokens)" "${stdout#bat_}"
  equal "$(stat -c %a tokens)" 640
  exits 1 baton-deploy web-token chatbot --may read -c web.cfg
  exits 0 baton-deploy web-token --list -c web.cfg
  has "$stdout" "read deploy:*/development" "$(date -u -d '30 days' +%F)"
  exits 0 baton-deploy web-token chatbot --remove -c web.cfg
  equal "$(<tokens)" ""
}

@test "a token without rights, with one that is none, or for ever, is not made" {
  exits 64 baton-deploy web-token ci -c web.cfg
  exits 64 baton-deploy web-token ci --may everything -c web.cfg
  has "$stderr" "deploy:APP/ENVIRONMENT"
  exits 64 baton-deploy web-token ci --may read --expires never -c web.cfg
  [[ ! -e tokens ]]
}
