# shellcheck shell=bash
# How agents of each kind are started and asked. To be sourced by Scripts/bench.
# shellcheck disable=SC2154 # work, bin, port, pids, python and salt are that script's
# shellcheck disable=SC2034 # what is set here is read where it was asked for

# describe KIND NUMBER: sets `start_with`, the command of an agent of that kind, and `ready`, the pattern of the line that it writes when it
# is subscribed. The agents of a kind are in an environment of its name.
describe() { "describe_$1" "$2"; }

# describe_ask KIND COUNT: sets `ask_with`, the command that asks so many, and `answer`, the pattern of a line of an answer; `lines` is how
# many of these there will be.
describe_ask() {
  lines=$2
  "describe_ask_$1" "$2"
}

describe_c() {
  start_with=("$plain/agent-c" "$port" "c$1.example" c)
  ready=Listening
}
describe_ask_c() {
  ask_with=("$plain/asker-c" "$port" c ask "$1")
  answer=. lines=1
}

describe_c-no-ack() {
  start_with=("$plain/agent-c" "$port" "c$1.example" c-no-ack no-ack)
  ready=Listening
}

describe_baton() {
  start_with=(env BATON_ENVIRONMENT=baton "BATON_FQDN=baton$1.example" "$bin/baton-ping")
  ready=Listening
}
describe_ask_baton() {
  ask_with=("$bin/baton-ping" ask baton --expect "$1" --wait 20s --json-lines)
  answer='"outcome":"reply"'
}

describe_gem() {
  start_with=(ruby "$ROOT/Tests-Integration/gem_peer.rb" host "gem$1.example" gem)
  ready=listening
}

describe_pika() {
  start_with=("$python" "$ROOT/Benchmarks/Peers/agent-pika.py" "$port" "pika$1.example" pika)
  ready=Listening
}

describe_celery() {
  start_with=("${python%/*}/celery" -A celery_app worker --pool solo -n "celery$1@example" --without-gossip --without-mingle --loglevel info)
  ready=' ready\.'
}
describe_ask_celery() {
  ask_with=(--terminal "${python%/*}/celery" --no-color -A celery_app inspect ping)
  answer='->.*OK'
}

describe_mcollective() {
  mkdir -p "$work/mcollective"
  sed "s/^identity = .*/identity = mcollective$1.example/" "$work/mcollective.cfg" >"$work/mcollective/$1.cfg"
  start_with=(mcollectived --no-daemonize --config "$work/mcollective/$1.cfg")
  # It subscribes in the same breath.
  ready='Connected to stomp'
}
describe_ask_mcollective() {
  ask_with=(--terminal mco ping -c "$work/mcollective.cfg")
  answer='time='
}
prepare_mcollective() {
  cat >"$work/mcollective.cfg" <<CFG
identity = client
main_collective = mcollective
collectives = mcollective
libdir = $work/mcollective
logger_type = console
loglevel = info
securityprovider = psk
plugin.psk = bench
connector = rabbitmq
plugin.rabbitmq.vhost = /
plugin.rabbitmq.pool.size = 1
plugin.rabbitmq.pool.1.host = 127.0.0.1
plugin.rabbitmq.pool.1.port = $BROKER_STOMP_PORT
plugin.rabbitmq.pool.1.user = guest
plugin.rabbitmq.pool.1.password = guest
factsource = yaml
plugin.yaml = $work/facts.yaml
registerinterval = 0
CFG
  printf -- '--- {}\n' >"$work/facts.yaml"
}

# Each on a loopback address of its own, and all on the same two ports; the first is whom the others join.
serf_address() { printf '127.77.%s.%s' $(($1 / 250)) $(($1 % 250 + 1)); }
describe_serf() {
  start_with=(serf agent -node="serf$1" -bind="$(serf_address "$1"):$serf_port" -rpc-addr="$(serf_address "$1"):$serf_rpc")
  # Not -join, which ends an agent that is started before the first one listens.
  (($1 == 0)) || start_with+=(-retry-join="$(serf_address 0):$serf_port" -retry-interval=500ms)
  ready='Serf agent running'
}
describe_ask_serf() {
  ask_with=(serf query -rpc-addr="$(serf_address 0):$serf_rpc" ping)
  # Nothing is run on the hosts: that they have heard is all there is to say.
  answer='Ack from'
}
prepare_serf() {
  serf_port=$(free_port)
  serf_rpc=$((serf_port + 1))
}

describe_salt() {
  mkdir -p "$work/salt/$1"
  printf '%s\n' "root_dir: $work/salt/$1" "id: salt$1" "master: 127.0.0.1" "publish_port: $salt_port" "master_port: $((salt_port + 1))" \
    "user: $(id -un)" "log_level: info" >"$work/salt/$1/minion"
  start_with=("$salt/salt-minion" -c "$work/salt/$1")
  ready='ready to receive requests'
}
describe_ask_salt() {
  ask_with=(--terminal "$salt/salt" --no-color -c "$work/salt" '*' test.ping)
  answer='True'
}
prepare_salt() {
  salt_port=$(free_port)
  mkdir -p "$work/salt"
  printf '%s\n' "root_dir: $work/salt/root" "interface: 127.0.0.1" "publish_port: $salt_port" "ret_port: $((salt_port + 1))" \
    "user: $(id -un)" "auto_accept: true" >"$work/salt/master"
  setsid "$salt/salt-master" -c "$work/salt" </dev/null >"$work/salt/log" 2>&1 &
  servers+=($!)
  wait_until 60 salt_listens
}
# shellcheck disable=SC2317 # this exec only opens a file
salt_listens() { (exec 3<>"/dev/tcp/127.0.0.1/$((salt_port + 1))") 2>/dev/null; }
