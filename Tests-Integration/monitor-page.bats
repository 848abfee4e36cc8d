#!/usr/bin/env bats
# The status page as people see it: in headless Chromium, on a desk and on a phone.

# shellcheck disable=SC2154 # config is set in what is loaded
load common
load monitor

prepare() { ensure_packages chromium chromium-driver python3-selenium python3-pika jq curl; }

# look NAME WIDTH [SCHEME]: what the browser sees is in $BATS_TEST_TMPDIR/NAME.json, the picture beside it.
look() {
  timeout 90 "$TESTS/browser.py" "http://$PAGE/" "$2" "$BATS_TEST_TMPDIR/$1.png" "${@:3}" >"$BATS_TEST_TMPDIR/$1.json" 3>&-
}
# seen NAME FILTER
seen() { jq -rc "$2" "$BATS_TEST_TMPDIR/$1.json"; }
# sees NAME FILTER: whether the filter finds it true.
sees() { jq -e "$2" "$BATS_TEST_TMPDIR/$1.json" >/dev/null || fail "not so: $2 in $(<"$BATS_TEST_TMPDIR/$1.json")"; }
has_round_trips() { (($(metric baton_ping_round_trip_seconds_count) >= 30)); }

@test "the page in a browser: hosts, open alerts and the picture of round trips, on a desk and on a phone, and nothing from elsewhere" {
  printf 'ghost.example production\n' >"$BATS_TEST_TMPDIR/hosts"
  configure "HOSTS_FILE: $BATS_TEST_TMPDIR/hosts" "SINKS: [log, {kind: webhook, url: 'http://127.0.0.1:1/', retry: 1s}]"
  bridge m
  fleet sim production 12
  say_error '<script>alert(1)</script>' 'X<b>'
  wait_until 20 has_round_trips
  silence sim 2
  wait_until 20 hosts_are gone 2
  wait_until 20 hosts_are missing 1
  mon silence host=sim00001.example --for 1h --why cables --by jo
  wait_until 20 page_has cables
  local view width
  for view in desk phone dark; do
    width=375
    [[ $view != desk ]] || width=1280
    look "$view" "$width" "$([[ $view != dark ]] || echo dark)"
    equal "$(seen "$view" .console)" '[]'
    equal "$(seen "$view" '.requests | unique')" "[\"http://$PAGE/\"]"
    sees "$view" '.title | test("^baton: [0-9]+ alerts$")'
    sees "$view" '[.tiles[] | select(. == "11 up" or . == "2 gone" or . == "1 missing")] | length == 3'
    sees "$view" '.alerts | map(select(test("critical.*HostSilent.*sim00000.example"))) | length == 1'
    sees "$view" '.alerts | map(select(test("sim00001.example.*silenced by"))) | length == 1'
    sees "$view" '.alerts | map(select(test("HostMissing.*ghost.example"))) | length == 1'
    sees "$view" '.alerts | map(select(contains("<script>alert(1)</script>"))) | length == 1'
    # The worst comes first.
    sees "$view" '[.hosts[] | select(test("ghost|sim00000|sim00001"))] == .hosts[:3] and (.hosts | length) == 14'
    sees "$view" '.sinks | map(select(test("webhook.*connect"))) | length == 1'
    sees "$view" '.picture | length > 0 and all(.visible) and (map(.kind) | unique) == ["longest", "median"]'
    # Readable: nothing sticks out of the window, and no letter is too small.
    sees "$view" '.overflow <= 0 and .wide == [] and .smallest >= 10.5'
  done
}
