#!/usr/bin/env bats
# The README's first command does what it says, and leaves nothing behind.

# shellcheck disable=SC2154 # stdout, stderr, output and took are set in common.bash
load common

# The demo has a broker of its own.
setup_file() { :; }
teardown_file() { :; }

@test "Scripts/demo asks the fleet, shows what the monitor saw, and cleans up" {
  export TMPDIR=$BATS_TEST_TMPDIR
  exits 0 timeout 300 "$ROOT/Scripts/demo" 3>&-
  has "$stdout" "== Who is there in production?" "baton-ping ask production --expect 3"
  for name in web1 web2 db1 dev1 dev2; do has "$stdout" "$name.example"; done
  has "$(sed -n '/== And in development/,/== One host/p' <<<"$stdout")" "dev1.example" "dev2.example"
  has_not "$(sed -n '/== And in development/,/== One host/p' <<<"$stdout")" web1.example
  has "$(sed -n '/== One host/,/== An environment/p' <<<"$stdout")" web1.example web9.example "not connected" "exit code 4"
  has "$(sed -n '/== An environment/,/== What the monitor/p' <<<"$stdout")" "exit code 2"
  equal "$(sed -n '/== What the monitor/,$p' <<<"$stdout" | grep -c '^Message read: .*"pong"')" 6
  equal "$(sed -n '/== What the monitor/,$p' <<<"$stdout" | grep -c '^Message read: .*"up"')" 5
  local seconds
  seconds=$(sed -n 's/.*Done in \([0-9]*\) seconds.*/\1/p' <<<"$stdout")
  ((seconds < 60)) || fail "$seconds seconds"
  equal "$(find "$TMPDIR" -maxdepth 1 -name 'baton-demo*')" ""
}

@test "the scripts say how they are used" {
  for script in demo test check broker; do
    exits 0 "$ROOT/Scripts/$script" --help
    has "$stdout" "Usage: Scripts/$script"
  done
  exits 64 "$ROOT/Scripts/demo" --fast
  exits 64 "$ROOT/Scripts/broker" begin
}
