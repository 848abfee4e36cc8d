#!/usr/bin/env bats
# The web console as people see it: in headless Chromium, on a desk and on a phone, light and dark.
#
# Pictures of each page are left in the folder that CONSOLE_PICTURES names.

# shellcheck disable=SC2154 # URL is set in what is loaded
load common
load rollout
load console

eval "$(declare -f prepare | sed '1s/prepare/prepare_fleet/')"
prepare() {
  ensure_packages chromium chromium-driver python3-selenium jq curl
  prepare_fleet
}

# person SCENARIO [ARGUMENT…]: what jo does.
person() {
  local pictures=${CONSOLE_PICTURES:-$BATS_TEST_TMPDIR/pictures}
  mkdir -p "$pictures"
  run -0 timeout 150 "$TESTS/console_browser.py" "$URL" "$pictures" "$@" 3>&-
}

@test "jo logs in, after a mistake, sees the fleet on a desk, on a phone and in the dark, and logs out" {
  configure
  console
  person log-in
}

@test "jo deploys to all of development with one click, and watches it to the end" {
  printf '2\n1\n' >"$BATS_TEST_TMPDIR/versions"
  configure "WEB_PLACES:" "  - {app: shop, environment: development, versions_command: [cat, $BATS_TEST_TMPDIR/versions]}"
  console
  person one-click 2
  equal "$(version dev1)$(version dev2)$(version dev3)" 222
}

@test "jo deploys to two chosen servers of production, sees one that fails and the others go back, and takes one back" {
  configure
  console
  person two-chosen
  equal "$(version web1)$(version web2)$(version web3)$(version web4)" 2121
  touch "$(path web2/sick)"
  person rolls-back
  equal "$(version web1)$(version web2)$(version web3)$(version web4)" 2121
  person takes-back
  equal "$(version dev1)$(version dev2)$(version dev3)" 111
  person history
}

@test "jo watches a host's steps and what they write, lets no other begin, and cancels" {
  touch "$(path dev1/hold)"
  configure
  console
  person steers
  equal "$(version dev1)$(version dev2)$(version dev3)" 111
}

@test "What hosts write is text, whatever stands in it" {
  local name
  for name in dev1 dev2 dev3; do
    stop "$name"
    sed -i "s|echo migrating to|echo '<script>window.pwned=1</script><img src=x onerror=window.pwned=1>'; echo migrating to|" "$(path "$name/cfg")"
    # The last line is what a person sees.
    sed -i "s|; while test|; echo '<script>window.pwned=1</script>'; while test|" "$(path "$name/cfg")"
    start_agent "$name"
  done
  configure
  console
  person hostile
}
