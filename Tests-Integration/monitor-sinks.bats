#!/usr/bin/env bats
# What each kind of sink makes of its service's rules, with the real executable: TLS behind nginx, Slack's one message a second,
# PagerDuty's keys, what comes and goes, and a deploy that explains the trouble it makes.

# shellcheck disable=SC2154 # stdout, stderr, state and config are set in what is loaded
load common
load monitor

prepare() {
  start_receiver
  start_alertmanager
  ensure_packages nginx-light python3-pika curl
  "$ROOT/Scripts/certificates" "$(path tls)" 3>&-
  start_nginx
}

# start_nginx: TLS in front of the receiver and of Alertmanager; 503 while the file maintenance is there.
start_nginx() {
  local kind temporary=''
  FRONT=$(free_port)
  export FRONT
  for kind in client_body proxy fastcgi uwsgi scgi; do temporary+="${kind}_temp_path $(path "temp-$kind"); "; done
  cat >"$(path nginx.conf)" <<CONF
daemon off; master_process off; pid $(path nginx.own); error_log $(path nginx.log);
events {}
http {
  access_log $(path nginx-access.log); $temporary
  server {
    listen 127.0.0.1:$FRONT ssl; ssl_certificate $(path tls/server.pem); ssl_certificate_key $(path tls/server-key.pem);
    add_header Retry-After 1 always;
    if (-f $(path maintenance)) { return 503; }
    location / { proxy_pass http://127.0.0.1:$RECEIVER/; }
    location /alertmanager/ { proxy_pass http://127.0.0.1:$ALERTMANAGER_PORT/; }
  }
}
CONF
  start nginx nginx -c "$(path nginx.conf)"
  wait_until 20 listens "$FRONT" || fail "no nginx: $(tail -n 3 "$(path nginx.err)" "$(path nginx.log)")"
}

answered() { grep -c "\" $1 " "$(path nginx-access.log)"; }
# posted_at: when the receiver was posted to, in milliseconds.
posted_at() { jq -r '(.at * 1000 | floor)' "$(path received)"; }

@test "behind nginx with TLS: 502 while the service is away, 503 in maintenance, and each notice is told once" {
  configure "SINKS:" \
    "  - {kind: webhook, url: 'https://localhost:$FRONT/hook', ca_file: $(path tls/ca.pem), retry: 1s}" \
    "  - {kind: alertmanager, url: 'https://localhost:$FRONT/alertmanager', ca_file: $(path tls/ca.pem), retry: 1s}"
  exits 0 mon check
  bridge m
  say_error web1.example Plain
  wait_until 20 received_times '.body | select(.detail == "Plain")' 1
  stop receiver
  stop alertmanager
  say_error web2.example Away
  wait_for m "it answered 502" 2
  metric_is 'baton_sink_queue{sink="webhook"}' 1
  start_receiver
  start_alertmanager
  wait_until 30 received_times '.body | select(.detail == "Away")' 1
  wait_until 30 is_firing web2.example warning
  touch "$(path maintenance)"
  say_error web3.example Maintained
  wait_for m "it answered 503" 2
  rm "$(path maintenance)"
  wait_until 30 received_times '.body | select(.detail == "Maintained")' 1
  wait_until 30 is_firing web3.example warning
  wait_until 20 metric_is 'baton_sink_queue{sink="webhook"}' 0
  equal "$(received '.body.detail' | sort | uniq -d)" ""
}

@test "a certificate of an authority that is not trusted: the sink takes nothing, and check says why" {
  configure "SINKS: [{kind: webhook, url: 'https://localhost:$FRONT/hook', ca_file: $(path tls/other-ca.pem), retry: 1s}]"
  exits 1 mon check
  has "$stdout" "sink webhook: " certificate
  bridge m
  say_error web1.example Distrusted
  wait_for m "A sink takes nothing"
  metric_is 'baton_sink_queue{sink="webhook"}' 1
  equal "$(received .body)" ""
}

@test "Slack: one message a second, many alerts in one, and left alone for as long as it wants" {
  configure "SINKS: [{kind: slack, url: 'http://127.0.0.1:$RECEIVER/slack'}]" \
    "RULES: [{name: Broken, type: error, severity: critical}]"
  bridge m
  printf 'slow\n' >"$(path mode)"
  say_error first.example E
  wait_until 20 grep -q '"mode": "slow"' "$(path received)"
  # More than go into one message wait when it takes something again: they need not wait for each other, but for the second.
  timeout 60 "$TESTS/fleet.py" errors staging 250 1000
  wait_until 30 metric_is 'baton_sink_queue{sink="slack"}' 251
  printf 'ok\n' >"$(path mode)"
  wait_until 30 metric_is 'baton_sink_told_total{sink="slack"}' 251
  # No host is left out or said twice; 20 lines are the most of a message, and of the rest it says how many they are.
  received '.body.text' | jq -r . >"$BATS_TEST_TMPDIR/texts"
  equal "$(grep -o '[a-z0-9]*\.example:' "$BATS_TEST_TMPDIR/texts" | sort | uniq -d)" ""
  local named more
  named=$(grep -c '^FIRING critical: Broken staging/' "$BATS_TEST_TMPDIR/texts")
  more=$(sed -n 's/^and \([0-9]*\) more$/\1/p' "$BATS_TEST_TMPDIR/texts" | paste -sd+ | sed 's/^$/0/')
  equal "$((named + more))" 251
  (($(received .at | wc -l) <= 6)) || fail "not grouped: $(cat "$BATS_TEST_TMPDIR/texts")"
  equal "$(posted_at | awk 'NR > 1 && $1 - last < 1000 { print $1 - last } { last = $1 }')" ""
}

@test "PagerDuty: one key from the first word to the last" {
  configure "SINKS: [{kind: pagerduty, key: R1, url: 'http://127.0.0.1:$RECEIVER/enqueue'}]"
  bridge m
  fleet sim production 1
  wait_until 20 hosts_are up 1
  silence sim 1
  wait_until 20 received_times .body 2
  silence sim 0
  wait_until 20 received_times .body 3
  equal "$(received '.body | [.event_action, .payload.severity, .payload.source, .dedup_key, .routing_key] | join(" ")' | tr -d '"')" \
    "trigger warning sim00000.example HostSilent/production/sim00000.example// R1
trigger critical sim00000.example HostSilent/production/sim00000.example// R1
resolve critical sim00000.example HostSilent/production/sim00000.example// R1"
}

@test "a host that comes and goes is one long trouble, until it has been calm" {
  configure "SINKS: [{kind: webhook, url: 'http://127.0.0.1:$RECEIVER/'}]" "FLAPPING: {changes: 4, within: 10m, calm: 4s}"
  sed -i 's/^SILENT_WARNING.*/SILENT_WARNING: 2s/; s/^SILENT_CRITICAL.*/SILENT_CRITICAL: 60s/' "$config"
  bridge m
  fleet sim production 1
  wait_until 20 hosts_are up 1
  local _
  for _ in 1 2 3; do
    silence sim 1
    wait_until 20 hosts_are silent 1
    silence sim 0
    wait_until 20 hosts_are up 1
  done
  # Gone and back three times: the first was told with its end, the second is told, and goes on over the third.
  exits 1 mon alerts
  has "$stdout" flapping sim00000.example
  equal "$(received .body.kind | tr '\n' ' ')" '"firing" "resolved" "firing" '
  wait_until 20 received_times .body 4
  equal "$(received .body.kind | tail -n 1)" '"resolved"'
  exits 0 mon alerts
}

@test "a deploy at work keeps the trouble of its own host and app to itself, and what is left of it is told with the deploy" {
  ensure_packages openssl
  local folder=$BATS_TEST_TMPDIR/shop exchange
  mkdir -p "$folder"/{files,shop,state}
  printf '1.0\n' >"$folder/files/version"
  tar -C "$folder/files" -czf "$folder/shop-1.0.tar.gz" .
  (cd "$folder" && sha256sum shop-1.0.tar.gz >shop-1.0.tar.gz.sha256)
  for exchange in baton_deploy_in baton_deploy_out; do peer declare "$exchange" durable; done
  (
    umask 077
    cat >"$folder/agent.cfg" <<CFG
STATE_DIR: $folder/state
ALLOW_UNSIGNED: true
ENVIRONMENT: staging
FQDN: web1.example
APPS:
  shop:
    deploy_to: $folder/shop
    artifact: {url: 'file://$folder/shop-%{version}.tar.gz'}
    before: [[sh, -c, 'until [ -e $folder/go ]; do sleep 0.1; done']]
CFG
  )
  configure "SINKS: [{kind: webhook, url: 'http://127.0.0.1:$RECEIVER/'}]" "RULES: [{name: Broken, type: error}]"
  bridge m
  start agent env "BATON_LOG_FILE=$(log agent)" baton-deploy serve --config-file "$folder/agent.cfg"
  wait_for agent Listening
  peer publish baton_deploy_in shop.staging.web1.example '{"reply_to": "nobody"}' \
    <<<'{"type":"deploy","app":"shop","version":"1.0","id":"d1","by":"bats"}'
  wait_until 20 page_has d1 || fail "no deploy on the page: $(tail -n 3 "$(log agent)")"
  say_message error baton_ping_out '{environment: "staging", fqdn: "web1.example", app: "shop", error_class: "Own", error_message: "m"}'
  say_message error baton_ping_out '{environment: "staging", fqdn: "web1.example", app: "blog", error_class: "Other", error_message: "m"}'
  wait_until 20 received_times '.body | select(.detail == "Other")' 1
  equal "$(mon alerts --json | jq -r '.[] | select(.detail == "Own") | .silence + ", " + .deploy')" "deploy d1, d1"
  equal "$(received '.body | select(.detail == "Own")')" ""
  touch "$folder/go"
  wait_until 20 received_times '.body | select(.detail == "Own")' 1 || fail "$(tail -n 3 "$(log agent)")"
  equal "$(received '.body | select(.detail == "Own") | .deploy')" '"d1"'
}
