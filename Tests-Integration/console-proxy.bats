#!/usr/bin/env bats
# The handbook's server block of nginx in front of the console: its headers, its cookie, its streams. No broker is needed.

# shellcheck disable=SC2154,SC2016 # stdout and stderr are set in common.bash; backquotes are the handbook's
load common

setup_file() {
  local variable
  for variable in "${!BATON_@}"; do unset "$variable"; done
  ensure_packages nginx-light openssl curl
  "$ROOT/Scripts/certificates" "$(path tls)" 3>&-
  FRONT=$(free_port)
  export FRONT
  cat >"$(path web.cfg)" <<CFG
RABBIT_PORT: $(free_port)
WEB_LISTEN: unix:$(path web.sock)
WEB_STATE: $(path state)
WEB_PASSWORDS: $(path passwords)
WEB_PROXY_USER_HEADER: X-Forwarded-User
WEB_PEOPLE: [{name: jo, role: admin}]
WEB_PLACES: [{app: shop, environment: production, hosts: [web1.example]}]
CFG
  baton-deploy web-password jo -c "$(path web.cfg)" <<<"correct horse"
  start console env "BATON_LOG_FILE=$(log console)" baton-deploy web -c "$(path web.cfg)"
  wait_until 20 test -S "$(path web.sock)" || fail "no console: $(tail -n 5 "$(log console)")"
  start_nginx
}

teardown_file() {
  local file
  for file in "$BATS_FILE_TMPDIR"/*.pid; do end_process "$(<"$file")"; done
}

# start_nginx: with the block as it stands in the handbook, but for the addresses and files, and a proxy that knows nobody.
start_nginx() {
  local kind temporary=
  for kind in client_body proxy fastcgi uwsgi scgi; do temporary+="${kind}_temp_path $(path "temp-$kind"); "; done
  {
    echo "daemon off; master_process off; pid $(path nginx.own); error_log $(path nginx.log); events {}"
    echo "http { access_log off; $temporary"
    sed -n '/^```nginx/,/^```$/ { /^```/d; p }' "$ROOT/docs/console.md" |
      sed "/\[::\]/d; /listen 80;/s/80/127.0.0.1:$(free_port)/; s/listen 443/listen 127.0.0.1:$FRONT/
        s|/etc/ssl/deploy.example.pem|$(path tls/server.pem)|; s|/etc/ssl/private/deploy.example.key|$(path tls/server-key.pem)|
        s|/run/baton-deploy-web/web.sock|$(path web.sock)|
        s|proxy_buffering off.*|&\n    proxy_set_header X-Forwarded-User \"\";|"
    echo "}"
  } >"$(path nginx.conf)"
  start nginx nginx -c "$(path nginx.conf)"
  wait_until 20 visit / -o /dev/null || fail "no nginx: $(tail -n 3 "$(path nginx.err)" "$(path nginx.log)")"
}

# visit PATH [ARGUMENT…]: as a browser does that is at the proxy.
visit() { curl -sS --max-time 30 --cacert "$(path tls/ca.pem)" "${@:2}" "https://localhost:$FRONT$1"; }
# status PATH [ARGUMENT…]: what it is answered.
status() { visit "$@" -o /dev/null -w '%{http_code}'; }
# log_in [ARGUMENT…]: what the answer's headers are.
log_in() { visit /login -o /dev/null -D - --data-urlencode name=jo --data-urlencode "password=correct horse" "$@"; }

@test "a person logs in through it, and the cookie is for TLS alone" {
  local headers
  headers=$(log_in -c "$BATS_TEST_TMPDIR/jar" -H "Origin: https://localhost:$FRONT" -H "Sec-Fetch-Site: same-origin")
  has "$headers" "__Host-baton_session=" "; Secure" "; HttpOnly" "; SameSite=Strict"
  equal "$(status /api/v1/places -b "$BATS_TEST_TMPDIR/jar")" 200
  equal "$(status /api/v1/places)" 401
  equal "$(jq -r 'select(.act == "log-in") | .client' "$(path state/audit.jsonl)" | head -n 1)" 127.0.0.1
}

@test "what another site sends is refused, and a name that a browser gives itself is not taken" {
  has "$(log_in -H "Origin: https://evil.example")" " 403"
  equal "$(status /api/v1/places -H 'X-Forwarded-User: jo')" 401
}

@test "events come at once, though the stream goes on" {
  start events visit /api/v1/events -N -u 'jo:correct horse'
  # The heartbeat of a stream comes far later than this.
  wait_until 10 test -s "$(path events.out)" || fail "nothing came: $(<"$(path events.err)")"
  kill_now events
}

@test "more than a megabyte is refused" {
  head -c 2000000 /dev/zero >"$BATS_TEST_TMPDIR/large"
  equal "$(status /login --data-binary "@$BATS_TEST_TMPDIR/large")" 413
}
