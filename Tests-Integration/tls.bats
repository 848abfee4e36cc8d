#!/usr/bin/env bats
# TLS as an operator meets it: what works, and what a refusal says.

# shellcheck disable=SC2154 # stderr, output and took are set by common.bash
load common

export BROKER_FLAG=--tls

prepare() {
  export PLAIN_PORT=$BATON_RABBIT_PORT
  export BATON_RABBIT_HOST=localhost BATON_RABBIT_PORT=$BROKER_TLS_PORT BATON_RABBIT_TLS=true
  export BATON_RABBIT_CA=$BROKER_CERTIFICATES/ca.pem
}

# tls_server CERTIFICATE OPTION…: a TLS server that is no broker; its port is in $port.
tls_server() {
  local files=$BROKER_CERTIFICATES
  start server openssl s_server -www -accept 127.0.0.1:0 -cert "$files/$1.pem" -key "$files/$1-key.pem" "${@:2}"
  wait_until 5 grep -q ACCEPT "$(path server.out)" || fail "s_server does not listen: $(<"$(path server.err)")"
  port=$(sed -n 's/^ACCEPT .*://p' "$(path server.out)")
}

teardown() {
  [[ ! -e $BATS_FILE_TMPDIR/server.pid ]] || stop server
  rm -f "$BATS_FILE_TMPDIR"/server.{out,err}
}

# refused WORDS VARIABLE=VALUE…: asking ends in time with 69 and says so, and the password is not in it.
refused() {
  milliseconds exits 69 env BATON_RABBIT_PASS=hidden-word "${@:2}" timeout 20 baton-ping ask tls
  ((took < 12000)) || fail "it took $took ms"
  has "$stderr" "$1"
  has_not "$output" hidden-word
}

@test "a question and its answer go through TLS" {
  serve web BATON_FQDN=web.example BATON_ENVIRONMENT=tls
  exits 0 ask tls --host web.example
  ctl list_connections ssl | grep -q true || fail "no connection with TLS"
  stop web
}

@test "a client certificate of the broker's authority is taken, another refused" {
  local files=$BROKER_CERTIFICATES
  # Nobody listens under that key: the broker has let us in.
  exits 2 env "BATON_RABBIT_CERT=$files/client.pem" "BATON_RABBIT_KEY=$files/client-key.pem" timeout 20 baton-ping ask none
  refused "client certificate, or another one" "BATON_RABBIT_CERT=$files/other-client.pem" "BATON_RABBIT_KEY=$files/other-client-key.pem"
}

@test "a broker of another authority is refused" {
  refused "its authority is not in $BROKER_CERTIFICATES/other-ca.pem" "BATON_RABBIT_CA=$BROKER_CERTIFICATES/other-ca.pem"
}

@test "an authority that cannot be read is named" {
  refused /nowhere/ca.pem BATON_RABBIT_CA=/nowhere/ca.pem
}

@test "a name that the certificate does not bear is refused" {
  refused "IP address mismatch" BATON_RABBIT_HOST=127.0.0.1
  tls_server wrong-name
  refused "hostname mismatch" "BATON_RABBIT_PORT=$port"
}

@test "an expired certificate is refused" {
  tls_server expired
  refused "certificate has expired" "BATON_RABBIT_PORT=$port"
}

@test "a server that knows no TLS newer than 1.1 is refused" {
  tls_server server -tls1_1 -cipher DEFAULT@SECLEVEL=0
  refused "TLS 1.2 or newer" "BATON_RABBIT_PORT=$port"
}

@test "a plaintext port is refused" {
  refused "is it a TLS port" "BATON_RABBIT_PORT=$PLAIN_PORT"
}

@test "a server that never answers in the handshake of TLS costs its time, and no more" {
  tls_server server
  kill -STOP "$(pid server)"
  refused "no answer in time" "BATON_RABBIT_PORT=$port"
  kill -CONT "$(pid server)"
}
