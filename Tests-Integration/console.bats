#!/usr/bin/env bats
# The web console without a browser: its API, the second person, its own death, and what must not get in.

# shellcheck disable=SC2154 # config, port, token and csrf are set in what is loaded
load common
load rollout
load console

@test "A program deploys, follows the events to the end, and finds it in the history, as JSON and as CSV" {
  configure
  console
  local id events
  id=$(order '{"app":"shop","environment":"production","act":"deploy","version":"2","hosts":["web1.example","web3.example"]}' | jq -r .rollout.id)
  events=$(api "/rollouts/$id/events" -N)
  has "$events" "event: rollout" "event: over" '"outcome":"done"'
  equal "$(version web1) $(version web2) $(version web3)" "2 1 2"
  equal "$(api "/rollouts?app=shop&by=token:bot" | jq -c '[.[] | [.id, .outcome, .hosts.done]]')" "[[\"$id\",\"done\",2]]"
  equal "$(api "/rollouts?app=other")" "[]"
  log_in vi
  has "$(as vi /history.csv)" "id,app,environment" "$id,shop,production,deploy,2,token:bot@"
  equal "$(as vi /history.json | jq -r '.[0].id')" "$id"
  # Nobody knows a place that nobody has.
  equal "$(status api /places/shop/nowhere)" 404
}

@test "Where a second person is wanted nothing begins before one has said yes, and it is not whoever asked" {
  configure "WEB_SECOND_PERSON: production"
  console
  log_in jo
  local id
  id=$(as jo /apps/shop/production/rollouts -o /dev/null -w '%{redirect_url}' -d "csrf=$csrf" -d act=deploy -d version=2 \
    -d host=web1.example -d confirmation=production)
  id=${id##*/}
  equal "$(outcome "$id")" proposed
  equal "$(status as jo "/rollouts/$id/approve" -d "csrf=$csrf" -d confirmation=production)" 403
  log_in kim
  equal "$(status as kim "/rollouts/$id/approve" -d "csrf=$csrf" -d confirmation=prod)" 422
  equal "$(version web1)" 1
  equal "$(status as kim "/rollouts/$id/approve" -d "csrf=$csrf" -d confirmation=production)" 303
  wait_outcome "$id" "done"
  equal "$(version web1)" 2
  has "$(as kim "/rollouts/$id")" "approved by kim@"
}

@test "A console that is killed in the middle goes on when it is back, and no host does anything twice" {
  configure
  console
  local id name
  for name in dev1 dev2 dev3; do
    touch "$(path "$name/hold")"
    : >"$(path "$name/ran")"
  done
  id=$(order '{"app":"shop","environment":"development","act":"deploy","version":"2","wave":"1"}' | jq -r .rollout.id)
  wait_until 20 has_step "$id" dev1.example before
  kill_now console
  rm "$BATS_FILE_TMPDIR"/dev?/hold
  # Whoever was told goes on; nobody else begins.
  wait_until 20 runs_version dev1 2
  equal "$(version dev2)" 1
  console
  wait_outcome "$id" "done"
  for name in dev1 dev2 dev3; do equal "$name $(version "$name") $(wc -l <"$(path "$name/ran")")" "$name 2 1"; done
}
has_step() { [[ $(api "/rollouts/$1" | jq -r --arg host "$2" '.hosts[] | select(.fqdn == $host).step') == "$3" ]]; }
runs_version() { [[ $(version "$1") == "$2" ]]; }

@test "A broker that goes away and comes back: the console says so, and a rollout goes on" {
  configure
  console
  log_in jo
  local id
  touch "$(path dev1/hold)"
  id=$(order '{"app":"shop","environment":"development","act":"deploy","version":"2","wave":"1"}' | jq -r .rollout.id)
  wait_until 20 has_step "$id" dev1.example before
  ctl stop_app
  wait_until 20 says_trouble
  equal "$(status order '{"app":"shop","environment":"production","act":"restart"}')" 503
  rm "$(path dev1/hold)"
  ctl start_app
  wait_outcome "$id" "done"
}
says_trouble() { has "$(as jo /)" "No connection to the broker"; }

@test "Nobody without a role, a token or a password sees anything, and a viewer changes nothing" {
  configure
  console
  local path
  for path in / /apps/shop/production /history /history.csv /events/fleet /api/v1/places /api/v1/events; do
    equal "$path $(status curl -s "$URL$path")" "$path 401"
  done
  equal "$(status curl -s -H 'Accept: text/html' "$URL/history")" 303
  equal "$(status curl -s -u vi:wrong "$URL/")" 401
  equal "$(status curl -s -u 'vi:correct horse' "$URL/")" 200
  equal "$(status curl -s -H 'Authorization: Bearer bat_0' "$URL/api/v1/places")" 401
  log_in vi
  equal "$(status as vi /apps/shop/development/rollouts -d "csrf=$csrf" -d act=restart -d host=dev1.example)" 403
  equal "$(status curl -s -u 'vi:correct horse' -H 'Content-Type: application/json' \
    -d '{"app":"shop","environment":"development","act":"restart"}' "$URL/api/v1/rollouts")" 403
  # The program's token is good for the shop alone.
  equal "$(status order '{"app":"till","environment":"development","act":"restart"}')" 403
  equal "$(api /rollouts)" "[]"
  equal "$(jq -s '[.[] | select(.permitted == false)] | length > 3' "$BATS_TEST_TMPDIR/web/audit.jsonl")" true
}

@test "Whoever is added to the people of the configuration comes in after a reload, and rollouts go on" {
  configure
  console
  baton-deploy web-password lu -c "$config" <<<"correct horse"
  equal "$(status curl -s -u 'lu:correct horse' "$URL/")" 403
  sed -i '/name: vi/a\  - {name: lu, role: viewer}' "$config"
  kill -HUP "$(pid console)"
  wait_until 20 comes_in lu
  sed -i 's/role: viewer/role: emperor/' "$config"
  kill -HUP "$(pid console)"
  wait_until 20 log_has console "Configuration not taken"
  comes_in lu
}
comes_in() { [[ $(status curl -s -u "$1:correct horse" "$URL/") == 200 ]]; }

@test "What another site sends is refused, with a cookie and all" {
  configure
  console
  log_in jo
  local fields=(-d act=restart -d host=dev1.example)
  equal "$(status as jo /apps/shop/development/rollouts "${fields[@]}")" 403
  equal "$(status as jo /apps/shop/development/rollouts "${fields[@]}" -d "csrf=${csrf/[0-9]/f}0")" 403
  equal "$(status as jo /apps/shop/development/rollouts "${fields[@]}" -d "csrf=$csrf" -H 'Origin: http://evil.example')" 403
  equal "$(status as jo /apps/shop/development/rollouts "${fields[@]}" -d "csrf=$csrf" -H 'Sec-Fetch-Site: cross-site')" 403
  # A form can send text that reads like JSON.
  equal "$(status as jo /api/v1/rollouts -H 'Content-Type: text/plain' -d '{"app":"shop","environment":"development","act":"restart"}')" 403
  equal "$(status as jo /rollouts/x/cancel -d act=cancel)" 403
  equal "$(api /rollouts)" "[]"
  equal "$(status as jo /apps/shop/development/rollouts "${fields[@]}" -d "csrf=$csrf")" 303
}

@test "Names, versions and numbers that cannot be one are refused in words, and nothing is done" {
  configure
  console
  local body
  # What a shell would run is sent as it is.
  # shellcheck disable=SC2016
  for body in '' '[]' '{"app":"shop"}' '{"app":"shop","app":"till","environment":"development","act":"restart"}' \
    '{"app":"../x","environment":"development","act":"restart"}' '{"app":"shop","environment":"a/b","act":"restart"}' \
    '{"app":"shop","environment":"development","act":"deploy"}' '{"app":"shop","environment":"development","act":"explode"}' \
    '{"app":"shop","environment":"development","act":"deploy","version":"$(id)"}' \
    '{"app":"shop","environment":"development","act":"deploy","version":"<script>"}' \
    '{"app":"shop","environment":"development","act":"deploy","version":"1","wave":"101%"}' \
    '{"app":"shop","environment":"development","act":"deploy","version":"1","canary":-1}' \
    '{"app":"shop","environment":"development","act":"restart","hosts":[]}' \
    '{"app":"shop","environment":"development","act":"restart","hosts":["-rf"]}' \
    "{\"app\":\"shop\",\"x\":$(printf '[%.0s' {1..40})}"; do
    equal "$body: $(status order "$body")" "$body: 422"
  done
  has "$(order '{"app":"shop","environment":"development","act":"deploy","version":"a b"}' | jq -r .detail)" "is not a version" "Nothing was done"
  equal "$(status order '{"app":"shop","environment":"development","act":"restart","hosts":["gone.example"]}')" 409
  equal "$(status order '{"app":"shop","environment":"nowhere","act":"restart"}')" 409
  equal "$(api /rollouts)" "[]"
}

@test "Ten megabytes, a client that sends a byte a second, and a thousand streams: the console lives on" {
  configure
  console
  log_in jo
  head -c 10M /dev/zero | tr '\0' x >"$BATS_TEST_TMPDIR/much"
  equal "$(status order "@$BATS_TEST_TMPDIR/much")" 413
  timeout 120 "$TESTS/crowd.py" "$URL" "$token" 1000 >"$BATS_TEST_TMPDIR/crowd" || fail "$(<"$BATS_TEST_TMPDIR/crowd")"
  # Some were let in, the others were told to come again, and pages were there all the while.
  jq -e '.open >= 200 and .refused >= 500 and .pages == .asked and .asked > 10' "$BATS_TEST_TMPDIR/crowd"
  wait_until 20 can_stream
  kill -0 "$(pid console)"
}
can_stream() { has "$(timeout 5 curl -sN -H "Authorization: Bearer $token" "$URL/api/v1/events" | head -c 1000)" "event: place"; }

@test "What the API says of itself is so: schemathesis sends it what it says that it takes, and what it does not" {
  configure
  console
  ensure_packages python3-venv
  local venv
  venv=$(scratch schemathesis)
  # The PyPI package is not Debian's; a version of it that is known to work, in a folder of its own.
  [[ -x $venv/bin/schemathesis ]] || python3 -m venv "$venv"
  [[ -x $venv/bin/schemathesis ]] || timeout 300 "$venv/bin/pip" install -q 'schemathesis==4.32.5' >&2 ||
    skip "schemathesis cannot be had from PyPI"
  # It leaves a folder where it is.
  cd "$BATS_TEST_TMPDIR" || return
  # Streams have no end to wait for; and a name that fits may still be nobody's.
  run -0 timeout 300 "$venv/bin/schemathesis" run "$URL/api/v1/openapi.json" --exclude-path-regex events \
    --header "Authorization: Bearer $token" --checks all --exclude-checks positive_data_acceptance --max-examples 20 --seed 1 \
    --phases coverage,fuzzing --request-timeout 20
  has "$output" "6 passed"
  kill -0 "$(pid console)"
}
