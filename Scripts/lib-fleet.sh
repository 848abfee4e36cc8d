# shellcheck shell=bash
# shellcheck disable=SC2154 # the variables of whoever sources this
# A fleet of real processes on a broker of its own, for Scripts/faults: who is started and ended, and what is written down of them.
# To be sourced after lib.sh; wants $work, $run, $bin, $agents and the array $brokers (folders of Scripts/broker; the first is the one
# that is asked).

declare -A pids=()
secret="S3cret-$(head -c 12 /dev/urandom | od -An -tx1 | tr -d ' \n')"

broker() { timeout 120 "$ROOT/Scripts/broker" "$1" --dir "${brokers[0]}" "${@:2}"; }
broker_pid() { cat "${brokers[0]}/pid"; }
port_of() { sed -n 's/^RABBITMQ_NODE_PORT=//p' "$1/settings"; }
ctl() { broker ctl -- -q "$@" >/dev/null; }
rows() { broker ctl -- -q --no-table-headers "$@"; }
evaluate() { ctl eval "$1"; }
grant() { ctl set_permissions -p load load '.*' '.*' '.*'; }

# start_brokers COUNT: one, or as many nodes of a cluster, and on them what the fleet needs.
start_brokers() {
  local number
  broker start >/dev/null
  for ((number = 2; number <= $1; number++)); do
    brokers+=("$work/broker$number")
    timeout 180 "$ROOT/Scripts/broker" start --dir "$work/broker$number" --join "${brokers[0]}" >/dev/null
  done
  printf '%s\n' "$secret" >"$run/secrets"
  ctl add_user load "$secret"
  ctl add_vhost load
  grant
}

stop_brokers() {
  local i
  # A broker that stands still does not stop.
  kill -CONT "$(broker_pid 2>/dev/null)" 2>/dev/null || true
  for ((i = ${#brokers[@]} - 1; i >= 0; i--)); do
    if [[ -e ${brokers[i]}/settings ]]; then "$ROOT/Scripts/broker" stop --dir "${brokers[i]}"; fi
  done
}

# configure FILE QUEUE-TYPE ADDRESS…
configure() {
  local IFS=,
  local addresses="${*:3}"
  (
    umask 077
    cat >"$1" <<CONFIG
RABBIT_HOST: "$addresses"
RABBIT_VHOST: load
RABBIT_USER: load
RABBIT_PASS: $secret
RABBIT_HEARTBEAT: 2
QUEUE_TYPE: $2
CONFIG
  )
}

# start NAME COMMAND…: what it writes of itself goes to NAME.output.
start() {
  # The shell gives what runs in the background no input, unless one is named.
  "${@:2}" <&0 >>"$run/$1.output" 2>&1 &
  pids[$1]=$!
  # Else the shell would tell of each that is killed.
  disown $!
}

# start_network: a proxy that everybody with $work/config-network goes through; what is written to descriptor $network it does.
start_network() {
  mkfifo "$work/network"
  exec {network}<>"$work/network"
  start proxy "$bin/load-proxy" "$(port_of "${brokers[0]}")" <"$work/network"
  wait_until 5 grep -q . "$run/proxy.output" || die 69 "the proxy does not start"
}

# config_of NUMBER: every second process is behind the network, where there is one.
config_of() {
  if [[ -n ${network-} ]] && (($1 % 2 == 0)); then echo "$work/config-network"; else echo "$work/config"; fi
}

start_agent() {
  BATON_FQDN=$1 BATON_ENVIRONMENT=load BATON_LOG_FORMAT=json BATON_LOG_LEVEL=debug BATON_LOG_FILE=$run/$1.agent.log \
    start "$1" "$bin/baton-ping" -c "$(config_of "${1#host}")" </dev/null
}

start_monitor() {
  BATON_LOG_FORMAT=json BATON_LOG_FILE=$run/monitor.monitor.log \
    start monitor "$bin/baton-ping-monitor" -c "$(config_of 0)" </dev/null
}

start_driver() { start driver "$bin/load-driver" -c "$(config_of 0)" "$run/driver.ledger" load "$rate" "$@" </dev/null; }

stop() {
  end_process "${pids[$1]}"
  unset "pids[$1]"
}

random_agent() { printf 'host%s' $((RANDOM % agents + 1)); }

# everybody_answers: one question to all.
everybody_answers() { timeout 20 "$bin/baton-ping" ask load --expect "$agents" --wait 1s -c "$work/config"; }

queues_are_empty() { ! rows list_queues -p load messages | grep -qv '^0$'; }

# note EVENT [MEMBERS]: a line in the script's ledger. The first number of /proc/uptime is the clock that the driver takes, too.
note() {
  local up rest
  read -r up rest </proc/uptime
  printf '{"event":"%s","at":%s,"wall":%s%s}\n' "$1" "$up" "$EPOCHREALTIME" "${2:+,$2}" >>"$run/script.ledger"
}

# measure: descriptors, threads and memory of each process that runs for long.
measure() {
  local name pid memory
  for name in "${!pids[@]}"; do
    [[ $name != driver && $name != proxy ]] || continue
    pid=${pids[$name]}
    memory=$(awk '/^VmRSS:/ { print $2 }' "/proc/$pid/status")
    note process "$(printf '"name":"%s","pid":%s,"descriptors":%s,"threads":%s,"memory":%s' "$name" "$pid" \
      "$(find "/proc/$pid/fd" -mindepth 1 | wc -l)" "$(find "/proc/$pid/task" -mindepth 1 -maxdepth 1 | wc -l)" "$memory")"
  done
}

# reveal: everything where others could read a password; the checker looks for it there.
reveal() {
  local name
  for name in "${!pids[@]}"; do
    tr '\0' '\n' <"/proc/${pids[$name]}/cmdline" >>"$run/argv"
    tr '\0' '\n' <"/proc/${pids[$name]}/environ" >>"$run/environ"
  done
  rows list_connections name user client_properties >>"$run/connections"
}
