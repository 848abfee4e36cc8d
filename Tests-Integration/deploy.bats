#!/usr/bin/env bats
# baton-deploy on real parts: RabbitMQ, nginx that serves artifacts, programs that are restarted and looked at.

load common

prepare() {
  local exchange
  ensure_packages nginx-light openssl curl python3
  mkdir -p "$(path artifacts)"
  openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=localhost -addext subjectAltName=DNS:localhost \
    -keyout "$(path key.pem)" -out "$(path cert.pem)" 2>/dev/null
  web_port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
  export web_port
  cat >"$(path nginx.conf)" <<CONF
daemon off; master_process off; pid $(path nginx-own.pid); error_log $(path nginx.log);
events {}
http {
  access_log off; client_body_temp_path $(path t1); proxy_temp_path $(path t2); fastcgi_temp_path $(path t3);
  uwsgi_temp_path $(path t4); scgi_temp_path $(path t5);
  server {
    listen 127.0.0.1:$web_port ssl; ssl_certificate $(path cert.pem); ssl_certificate_key $(path key.pem);
    root $(path artifacts);
    location /slow/ { alias $(path artifacts)/; limit_rate 200k; }
  }
}
CONF
  start nginx nginx -c "$(path nginx.conf)"
  wait_until 10 curl -sf --cacert "$(path cert.pem)" -o /dev/null "https://localhost:$web_port/../" ||
    wait_until 10 curl -s --cacert "$(path cert.pem)" -o /dev/null "https://localhost:$web_port/"
  artifact 1.0
  artifact 2.0
  # Listeners may come before the first agent.
  for exchange in baton_deploy_in baton_deploy_out; do peer declare "$exchange" durable; done
}

# artifact VERSION [BYTES]: of an application that says its version, with so many bytes that do not compress.
artifact() {
  local folder
  folder=$(path "files/$1")
  mkdir -p "$folder"
  printf '%s\n' "$1" >"$folder/version"
  head -c "${2:-1000}" /dev/urandom >"$folder/ballast"
  tar -C "$folder" -czf "$(path artifacts)/shop-$1.tar.gz" .
  (cd "$(path artifacts)" && sha256sum "shop-$1.tar.gz" >"shop-$1.tar.gz.sha256")
}

# agent NAME [FOLDER [LINE…]]: an agent with folders of its own that listens; more lines for its application.
agent() {
  mkdir -p "$(path "$1")"/{shop,state}
  cat >"$(path "$1.cfg")" <<CFG
STATE_DIR: $(path "$1")/state
ALLOW_UNSIGNED: true
ENVIRONMENT: test
FQDN: $1.example
APPS:
  shop:
    deploy_to: $(path "$1")/shop
    artifact:
      url: https://localhost:$web_port/${2-}shop-%{version}.tar.gz
      ca: $(path cert.pem)
    restart: [sh, -c, 'echo restart \$BATON_VERSION >>../../../restarts']
    health: [grep, -q, '%{version}', ../../current/version]
$(printf '    %s\n' "${@:3}")
CFG
  chmod 600 "$(path "$1.cfg")"
  begin "$1"
}

# begin NAME: starts an agent that is configured.
begin() {
  : >"$(log "$1")"
  start "$1" env "BATON_LOG_FILE=$(log "$1")" baton-deploy serve --config-file "$(path "$1.cfg")"
  wait_for "$1" Listening
}

# request HOST JSON: to one host; an empty host is all.
request() { peer publish baton_deploy_in "shop.test${1:+.$1.example}" '{"reply_to": "nobody"}' <<<"$2"; }

# deploy HOST VERSION ID
deploy() { request "$1" "{\"type\":\"deploy\",\"app\":\"shop\",\"version\":\"$2\",\"id\":\"$3\",\"by\":\"bats\"}"; }

# ends ID: a filter for the last words of an act.
ends() { printf '.body | fromjson | select(.id == "%s" and (.type == "success" or .type == "error"))' "$1"; }

# ended NAME ID: the one last word of an act on one host, from what "ears" hears.
ended() {
  wait_heard ears "$(ends "$2") | select(.fqdn == \"$1.example\")"
  heard ears "$(ends "$2") | select(.fqdn == \"$1.example\")" | head -n 1
}

teardown() {
  if [[ -s $(path web12/server.pid) ]]; then end_process "$(<"$(path web12/server.pid)")"; fi
  if mountpoint -q "$(path web9/shop/releases)"; then umount "$(path web9/shop/releases)"; fi
}

current() { readlink "$(path "$1/shop/current")"; }

@test "a deploy over https, a second one, and back again" {
  agent web1
  listen ears baton_deploy_out ""
  deploy web1 1.0 first
  has "$(ended web1 first)" '"type":"success"' '"version":"1.0"'
  equal "$(current web1)" releases/1.0
  deploy web1 2.0 second
  has "$(ended web1 second)" '"type":"success"' '"previous":"1.0"'
  request web1 '{"type":"rollback","app":"shop","id":"third"}'
  has "$(ended web1 third)" '"version":"1.0"'
  equal "$(<"$(path web1/restarts)")" $'restart 1.0\nrestart 2.0\nrestart 1.0'
  equal "$(cat "$(path web1/shop/current/version)")" 1.0
  # The same id again: the same word, and nothing is done.
  deploy web1 2.0 second
  wait_heard ears "$(ends second)" 2
  equal "$(heard ears "$(ends second)" | sort -u | wc -l)" 1
  equal "$(current web1)" releases/1.0
  stop web1
  stop ears
}

@test "what nginx does not have, and a checksum that is another, change nothing" {
  agent web2
  listen ears baton_deploy_out ""
  deploy web2 1.0 good
  has "$(ended web2 good)" '"type":"success"'
  deploy web2 9.9 absent
  has "$(ended web2 absent)" '"step":"fetch"' 'the server answered 404' '"current":"1.0"'
  artifact 3.0
  printf 'x' >>"$(path artifacts)/shop-3.0.tar.gz"
  deploy web2 3.0 forged
  has "$(ended web2 forged)" '"step":"verify"' 'SHA-256'
  equal "$(current web2)" releases/1.0
  stop web2
  stop ears
}

@test "a host's artifact is not fetched without the right authority, nor over plain http" {
  exits 78 env BATON_ENVIRONMENT=test timeout 20 baton-deploy serve --config-file <(printf '%s\n' 'APPS:' \
    '  shop: {deploy_to: /srv/x, artifact: {url: "http://localhost/%{version}"}}')
  has "$output" APPS.shop.artifact.url https://
  agent web3
  listen ears baton_deploy_out ""
  stop web3
  sed -i '/ca:/d' "$(path web3.cfg)"
  begin web3
  deploy web3 1.0 stranger
  has "$(ended web3 stranger)" '"type":"error"' '"step":"fetch"' certificate
  stop web3
  stop ears
}

@test "an agent that is killed in a download comes to one end, and the next deploy goes on where it was" {
  artifact 4.0 3000000
  agent web4 slow/
  listen ears baton_deploy_out ""
  deploy web4 4.0 cut
  wait_until 20 test -s "$(path web4/state/incoming/shop@4.0)"
  kill_now web4
  local there
  there=$(stat -c %s "$(path web4/state/incoming/shop@4.0)")
  ((there < 3000000))
  begin web4
  has "$(ended web4 cut)" '"type":"error"' '"error_class":"Interrupted"' 'nothing runs, as before'
  sed -i 's|/slow/|/|' "$(path web4.cfg)"
  kill -HUP "$(pid web4)"
  wait_for web4 "Configuration read again"
  wait_for web4 "Listening anew"
  wait_for web4 Listening 3
  deploy web4 4.0 again
  has "$(ended web4 again)" '"type":"success"'
  cmp "$(path files/4.0/ballast)" "$(path web4/shop/current/ballast)"
  equal "$(heard ears "$(ends cut)" | sort -u | wc -l)" 1
  stop web4
  stop ears
}

@test "ten hosts at once, each by itself" {
  local number
  listen ears baton_deploy_out ""
  for number in $(seq 10); do agent "host$number"; done
  deploy "" 1.0 all
  wait_heard ears "$(ends all)" 10
  equal "$(heard ears "$(ends all) | .type + \" \" + .fqdn" | sort -u | wc -l)" 10
  equal "$(heard ears "$(ends all) | .type" | sort -u)" '"success"'
  for number in $(seq 10); do
    equal "$(current "host$number")" releases/1.0
    stop "host$number"
  done
  stop ears
}

@test "a configuration that is not right is not taken by SIGHUP; one with another application is listened to" {
  agent web6
  printf '  blog: {}\n' >>"$(path web6.cfg)"
  kill -HUP "$(pid web6)"
  wait_for web6 "the old one stays"
  equal "$(request web6 '{"type":"current","app":"shop"}')" ""
  sed -i 's|blog: {}|blog: {command: ["true"]}|' "$(path web6.cfg)"
  kill -HUP "$(pid web6)"
  wait_for web6 "Configuration read again"
  wait_for web6 "blog.test"
  stop web6
}

@test "SIGTERM waits for a deploy; what is not said then is said after the next start" {
  agent web7 "" 'after: [[sleep, "1"]]'
  listen ears baton_deploy_out ""
  deploy web7 1.0 busy
  wait_heard ears '.body | fromjson | select(.id == "busy" and .step == "after")'
  stop web7
  has "$(ended web7 busy)" '"type":"success"'
  stop ears
}

@test "steps run as the user that the configuration says, and the release is his" {
  ((EUID == 0)) || skip "only root can be somebody else"
  chmod 755 "$BATS_FILE_TMPDIR" "$BATS_RUN_TMPDIR"
  agent web8 "" 'user: nobody' 'before: [[id, "-un"]]'
  chmod 755 "$(path web8)" "$(path web8/shop)"
  # The restart writes above the releases, where nobody may not.
  sed -i '/restart:/d' "$(path web8.cfg)"
  kill -HUP "$(pid web8)"
  wait_for web8 "Configuration read again"
  listen ears baton_deploy_out ""
  deploy web8 1.0 user
  has "$(ended web8 user)" '"type":"success"'
  has "$(heard ears '.body | fromjson | select(.state == "output") | .message')" nobody
  equal "$(stat -c %U "$(path web8/shop/releases/1.0/version)")" nobody
  equal "$(stat -c %U "$(path web8/shop/releases)")" root
  stop web8
  stop ears
}

@test "a disk that is full, or only to be read, refuses before the switch" {
  agent web9
  listen ears baton_deploy_out ""
  deploy web9 1.0 before
  has "$(ended web9 before)" '"type":"success"'
  # No bytes left in the folder of releases: a file system of its own, full.
  ((EUID == 0)) && mount -t tmpfs -o size=64k none "$(path web9/shop/releases)" 2>/dev/null || skip "no tmpfs can be mounted"
  mkdir "$(path web9/shop/releases/1.0)"
  artifact 5.0 200000
  deploy web9 5.0 full
  has "$(ended web9 full)" '"type":"error"' '"step":"unpack"' 'No space left'
  equal "$(current web9)" releases/1.0
  mount -o remount,ro "$(path web9/shop/releases)"
  deploy web9 2.0 read-only
  has "$(ended web9 read-only)" '"type":"error"' '"step":"unpack"' 'Read-only file system'
  equal "$(current web9)" releases/1.0
  stop web9
  stop ears
}

@test "an agent without the right to write there refuses before the switch, and all is as it was" {
  ((EUID == 0)) || skip "only root can make something that is not ours"
  agent web10
  listen ears baton_deploy_out ""
  deploy web10 1.0 before
  has "$(ended web10 before)" '"type":"success"'
  stop web10
  # The same agent as somebody else, who may have a journal, and look at the releases.
  chmod 755 "$BATS_FILE_TMPDIR" "$BATS_RUN_TMPDIR" "$(path web10)" "$(path web10/shop)"
  chmod 644 "$(path web10.cfg)" "$(path web10/shop/.deploy.lock)"
  chown -R nobody "$(path web10/state)" "$(path web10/shop/.deploy.lock)" "$(log web10)"
  : >"$(log web10)"
  start web10 setpriv --reuid=nobody --regid=nogroup --clear-groups env "BATON_LOG_FILE=$(log web10)" \
    baton-deploy serve --config-file "$(path web10.cfg)"
  wait_for web10 Listening
  deploy web10 2.0 forbidden
  has "$(ended web10 forbidden)" '"type":"error"' '"step":"unpack"' 'Permission denied' "'1.0' runs as before"
  equal "$(current web10)" releases/1.0
  stop web10
  stop ears
}

@test "in a deploy that takes longer than the broker waits for a heartbeat, the agent stays connected and answers" {
  agent web11 "" 'before: [[sleep, "4"]]'
  printf 'RABBIT_HEARTBEAT: 1\n' >>"$(path web11.cfg)"
  stop web11
  begin web11
  listen ears baton_deploy_out ""
  deploy web11 1.0 long
  wait_heard ears '.body | fromjson | select(.id == "long" and .step == "before" and .state == "begun")'
  request web11 '{"type":"current","app":"shop"}'
  wait_heard ears '.body | fromjson | select(.type == "running" and .fqdn == "web11.example" and .under_way.id == "long")'
  has "$(ended web11 long)" '"type":"success"'
  equal "$(grep -c Listening "$(log web11)")" 1
  stop web11
  stop ears
}

@test "a real server is restarted and asked for its health; a version that does not answer is taken back, and the old one serves again" {
  local port
  port=$(free_port)
  agent web12
  cat >"$(path web12/restart)" <<'SH'
pid=$(cat ../../../server.pid 2>/dev/null) && kill "$pid" && while kill -0 "$pid"; do sleep 0.02; done
setsid python3 -m http.server --bind 127.0.0.1 --directory "$BATON_RELEASE" "$1" >/dev/null 2>&1 &
echo $! >../../../server.pid
SH
  sed -i "s|restart: .*|restart: [sh, $(path web12/restart), '$port']|
    s|health: .*|health: {url: 'http://127.0.0.1:$port/version', interval: 50ms, timeout: 8s, successes: 2}|" "$(path web12.cfg)"
  kill -HUP "$(pid web12)"
  wait_for web12 "Configuration read again"
  listen ears baton_deploy_out ""
  deploy web12 1.0 served
  has "$(ended web12 served)" '"type":"success"'
  equal "$(curl -s "http://127.0.0.1:$port/version")" 1.0
  deploy web12 2.0 anew
  has "$(ended web12 anew)" '"type":"success"'
  equal "$(curl -s "http://127.0.0.1:$port/version")" 2.0
  # It starts, and does not have what is asked for.
  mkdir "$(path files/7.0)"
  tar -C "$(path files/7.0)" -czf "$(path artifacts)/shop-7.0.tar.gz" .
  (cd "$(path artifacts)" && sha256sum shop-7.0.tar.gz >shop-7.0.tar.gz.sha256)
  deploy web12 7.0 deaf
  has "$(ended web12 deaf)" '"type":"error"' '"step":"health"' "it answered 404; '2.0' is back"
  equal "$(curl -s "http://127.0.0.1:$port/version")" 2.0
  stop web12
  stop ears
}
