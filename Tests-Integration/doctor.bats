#!/usr/bin/env bats
# baton doctor: what lasts and is wrong is found, each by its own line, with what to do about it.

# shellcheck disable=SC2154 # stdout, stderr and output are set in common.bash
load common

export BROKER_FLAG=--tls

prepare() {
  export BATON_ENVIRONMENT=sick BATON_FQDN=sick.example
  serve agent
  monitor monitor
}

# doctor CODE [ARGUMENT…]: what it says is in $output.
doctor() { exits "$1" timeout 60 baton doctor "${@:2}"; }

# with CODE VARIABLE=VALUE… [-- ARGUMENT…]
with() {
  local code=$1 variables=()
  shift
  while (($#)) && [[ $1 != -- ]]; do
    variables+=("$1")
    shift
  done
  exits "$code" env "${variables[@]}" timeout 60 baton doctor "${@:2}"
}

# finds STATUS CHECK TEXT [REMEDY]: there is this line, and under it what to do.
finds() {
  local lines
  lines=$(grep -A 1 -E "^$1 +$2: " <<<"$output") || fail "no '$1 $2' in: $output"
  has "$lines" "$3" ${4:+"$4"}
  # Whatever is wrong, there is something to do about it.
  [[ $1 == ok ]] || has "$lines" "→ "
}

# all_well: nothing has failed, and only the clock, which nobody here can set right, may be warned of.
all_well() { equal "$(grep -E '^(warning|failed)' <<<"$output" | grep -v '^warning  clock:')" ""; }

@test "where all is well it says so, for one who asks, an agent and a monitor" {
  doctor 0
  all_well
  finds ok login "guest on virtual host '/'"
  finds ok broker "RabbitMQ $(ctl version)"
  finds ok "exchange baton_ping_in" direct
  finds ok alarm none
  finds ok "round trip" "sick.example answers a ping in"
  doctor 0 --role agent
  all_well
  finds ok "read baton_ping_in" "guest may"
  doctor 0 --role monitor
  all_well
  finds ok "queue baton-ping-monitor.v2" "bound to baton_ping_out"
}

@test "it leaves nothing behind" {
  local before
  before=$(list list_queues name messages | sort; list list_exchanges name type | sort; list list_bindings | sort)
  doctor 0
  doctor 0 --role agent
  doctor 0 --role monitor
  equal "$(list list_queues name messages | sort; list list_exchanges name type | sort; list list_bindings | sort)" "$before"
}

@test "one JSON document" {
  doctor 0 --json
  equal "$(jq -r '[.[] | select(.check == "login")] | .[0].status' <<<"$stdout")" ok
  with 1 BATON_RABBIT_PASS=wrong -- --json
  has "$(jq -r '.[] | select(.status == "failed") | .remedy' <<<"$stdout")" "change_password guest"
}

@test "a name that nobody knows, a port where nobody is, a port that says nothing" {
  with 1 BATON_RABBIT_HOST=no.such.host.invalid BATON_RABBIT_INSECURE=true
  finds failed name no.such.host.invalid RABBIT_HOST
  with 1 BATON_RABBIT_PORT=1
  finds failed tcp ":1: connection refused" "RabbitMQ runs there"
  start mute python3 -c 'import socket, time
s = socket.create_server(("127.0.0.1", 0)); print(s.getsockname()[1], flush=True)
c = s.accept()[0]; time.sleep(60)'
  wait_until 10 test -s "$(path mute.out)"
  with 1 BATON_RABBIT_PORT="$(<"$(path mute.out)")"
  finds failed tcp "no handshake" "plain or with TLS"
  stop mute
}

@test "one host of two is away: that one is named, the other is looked at" {
  with 1 "BATON_RABBIT_HOST=localhost:1, localhost:$BATON_RABBIT_PORT"
  finds failed tcp localhost:1
  finds ok tcp "localhost:$BATON_RABBIT_PORT"
  finds ok "round trip" sick.example
}

@test "a wrong password, a virtual host that is not there, one without rights" {
  with 1 BATON_RABBIT_PASS=hidden-word
  finds failed login ACCESS_REFUSED "change_password guest"
  has_not "$output" hidden-word
  with 1 BATON_RABBIT_VHOST=nowhere
  finds failed login "vhost nowhere not found" "add_vhost"
  ctl add_vhost closed
  with 1 BATON_RABBIT_VHOST=closed
  finds failed login "refused" "baton broker-setup"
}

@test "each right that is missing" {
  ctl add_user weak secret
  weak() { ctl set_permissions weak "$1" "$2" "$3"; }
  weak '^amq\.gen.*$' '^amq\.gen.*$' '^(amq\.gen.*|baton_ping_in)$'
  with 1 BATON_RABBIT_USER=weak BATON_RABBIT_PASS=secret -- --role agent
  finds ok "read baton_ping_in" "weak may"
  finds failed "write baton_ping_out" "access to exchange 'baton_ping_out'" "list_user_permissions weak"
  weak '^amq\.gen.*$' '^(amq\.gen.*|baton_ping_out)$' '^amq\.gen.*$'
  with 1 BATON_RABBIT_USER=weak BATON_RABBIT_PASS=secret -- --role agent
  finds failed "read baton_ping_in" "access to exchange 'baton_ping_in'"
  finds ok "write baton_ping_out" "weak may"
  weak '' '.*' '.*'
  with 1 BATON_RABBIT_USER=weak BATON_RABBIT_PASS=secret -- --role agent
  finds failed "read baton_ping_in" "access to queue"
  # With an agent's rights and no more all is well, and it may not ask.
  weak '^amq\.gen.*$' '^(amq\.gen.*|baton_ping_out)$' '^(amq\.gen.*|baton_ping_in)$'
  with 0 BATON_RABBIT_USER=weak BATON_RABBIT_PASS=secret -- --role agent
  all_well
  finds ok "round trip" "may only answer"
  weak '^baton-ping-monitor.*$' '^baton-ping-monitor.*$' '^baton-ping-monitor.*$'
  with 1 BATON_RABBIT_USER=weak BATON_RABBIT_PASS=secret -- --role monitor
  finds failed "queue baton-ping-monitor.v2" "access to exchange 'baton_ping_out'"
}

@test "an exchange that is not there, one of another type, a queue that was made otherwise" {
  ctl add_vhost other
  ctl set_permissions -p other guest '.*' '.*' '.*'
  with 1 BATON_RABBIT_VHOST=other
  finds failed "exchange baton_ping_in" "not there"
  # To look does not make it.
  equal "$(list list_exchanges -p other name | grep -c baton)" 0
  BROKER_URL=${BROKER_URL%/%2F}/other /usr/bin/python3 -c '
import os, pika
channel = pika.BlockingConnection(pika.URLParameters(os.environ["BROKER_URL"])).channel()
channel.exchange_declare("baton_ping_in", "fanout", durable=True)
channel.exchange_declare("baton_ping_out", "direct", durable=True)
channel.queue_declare("baton-ping-monitor.v2", durable=True)'
  with 1 BATON_RABBIT_VHOST=other
  finds failed "exchange baton_ping_in" "inequivalent arg 'type'" "has to be direct"
  with 1 BATON_RABBIT_VHOST=other -- --role monitor
  finds failed "queue baton-ping-monitor.v2" "inequivalent arg" "delete_queue baton-ping-monitor.v2"
}

@test "an alarm of memory, and one of the disk" {
  ctl set_vm_memory_high_watermark absolute 1024
  doctor 1
  finds failed alarm "memory" "rabbitmq-diagnostics alarms"
  ctl set_vm_memory_high_watermark 0.8
  ctl set_disk_free_limit 100000000000000
  doctor 1
  finds failed alarm "disk"
  ctl set_disk_free_limit 50000000
  wait_until 20 baton doctor
}

@test "nobody listens for this host, and one who listens and does not answer" {
  with 0 BATON_FQDN=other.example
  finds warning "round trip" "no baton-ping listens for other.example" "start it"
  kill -STOP "$(pid agent)"
  doctor 1
  finds failed "round trip" "did not answer within 2 s"
  kill -CONT "$(pid agent)"
}

@test "a configuration that cannot be read, a key that nobody knows, a password that all can read" {
  local file=$BATS_TEST_TMPDIR/baton-ping.cfg
  printf 'RABBIT_HEARTBEAT: never\n' >"$file"
  doctor 78 -c "$file"
  has "$stderr" "$file:1" RABBIT_HEARTBEAT
  printf 'RABBIT_HOTS: localhost\nRABBIT_PASS: guest\n' >"$file"
  chmod 644 "$file"
  doctor 0 -c "$file"
  finds warning configuration "nobody here knows the key RABBIT_HOTS"
  has "$output" "everybody on this machine can read the password"
  # The file's name says what it is for.
  finds ok "read baton_ping_in" "guest may"
}

teardown() {
  if mountpoint -q "$BATS_TEST_TMPDIR/disk"; then umount "$BATS_TEST_TMPDIR/disk"; fi
}

@test "the disk and the journal of baton-deploy" {
  ((EUID == 0)) || skip "mounting a small disk needs root's rights"
  local file=$BATS_TEST_TMPDIR/baton-deploy.cfg disk=$BATS_TEST_TMPDIR/disk
  mkdir "$disk"
  printf 'STATE_DIR: %s\n' "$disk" >"$file"
  mount -t tmpfs -o size=100k tmpfs "$disk"
  for exchange in baton_deploy_in baton_deploy_out; do peer declare "$exchange" durable; done
  doctor 0 -c "$file"
  finds warning disk "MiB left" "make room"
  head -c 200k /dev/zero >"$disk/full" 2>/dev/null || true
  doctor 1 -c "$file"
  finds failed disk "is full"
  rm "$disk/full"
  printf 'no database at all, and long enough to be taken for one: %4096s' x >"$disk/journal.sqlite"
  doctor 1 -c "$file"
  finds failed journal "file is not a database" "move the file away"
  mount -o remount,ro "$disk"
  doctor 1 -c "$file"
  finds failed disk "read-only"
}

@test "TLS: a good certificate with its days, another authority, another name, an expired one, a plain port" {
  local tls=(BATON_RABBIT_HOST=localhost "BATON_RABBIT_PORT=$BROKER_TLS_PORT" BATON_RABBIT_TLS=true "BATON_RABBIT_CA=$BROKER_CERTIFICATES/ca.pem")
  with 0 "${tls[@]}"
  has "$output" "the broker's certificate is good for"
  with 1 "${tls[@]}" "BATON_RABBIT_CA=$BROKER_CERTIFICATES/other-ca.pem"
  finds failed tls "its authority is not in" RABBIT_CA
  with 1 "${tls[@]}" "BATON_RABBIT_PORT=$BATON_RABBIT_PORT"
  has "$output" "failed"
  for certificate in wrong-name:"hostname mismatch" expired:"certificate has expired"; do
    start server openssl s_server -www -accept 127.0.0.1:0 -cert "$BROKER_CERTIFICATES/${certificate%%:*}.pem" \
      -key "$BROKER_CERTIFICATES/${certificate%%:*}-key.pem"
    wait_until 5 grep -q ACCEPT "$(path server.out)"
    with 1 "${tls[@]}" "BATON_RABBIT_PORT=$(sed -n 's/^ACCEPT .*://p' "$(path server.out)")"
    finds failed tls "${certificate#*:}"
    stop server
    rm "$(path server.out)"
  done
}
