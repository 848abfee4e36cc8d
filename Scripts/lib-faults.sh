# shellcheck shell=bash
# shellcheck disable=SC2154 # the variables of whoever sources this
# The faults of Scripts/faults: break_NAME begins one, mend_NAME ends it. Without a mend_NAME it is over at once.
# To be sourced after lib-fleet.sh; wants $round and $brief as well.

# What happens to one broker, and what to a cluster of three.
# shellcheck disable=SC2034 # for whoever sources this
SINGLE_FAULTS=(kill stop-app connections half-open memory disk monitor-away agent-kill agent-stop
  queue-deleted input-deleted output-deleted rights password vhost net-cut net-slow net-black-hole net-half-open)
# shellcheck disable=SC2034
CLUSTER_FAULTS=(node connections agent-kill agent-stop monitor-away)

# pause LEAST MOST: so many tenths of a second, by the seed. A load run takes its time; nothing is awaited here.
pause() { read -rt "$(tenths $(($1 + RANDOM % ($2 - $1 + 1))))" <> <(:) || true; }
tenths() { printf '%s.%s' $(($1 / 10)) $(($1 % 10)); }

# last FAULT: waits for as long as it lasts. In the first round an alarm has its minute, and the monitor is away for ten.
last() {
  local least=15 most=40
  case $1 in
    # Longer than two heartbeats.
    half-open | net-half-open | net-black-hole) least=50 most=60 ;;
    net-slow) least=50 most=100 ;;
    memory | disk) $brief || ((round > 1)) || least=600 most=600 ;;
    monitor-away) $brief || ((round > 1)) || least=6000 most=6000 ;;
  esac
  pause $least $most
}

close_all() { ctl close_all_connections "closed by the fault run"; }
delete_exchange() { evaluate "rabbit_exchange:delete(rabbit_misc:r(<<\"load\">>, exchange, <<\"$1\">>), false, <<\"test\">>)."; }

break_kill() { broker kill; }
mend_kill() { broker restart; }
break_stop-app() { ctl stop_app; }
mend_stop-app() { ctl start_app; }
break_connections() { close_all; }
break_half-open() { kill -STOP "$(broker_pid)"; }
mend_half-open() { kill -CONT "$(broker_pid)"; }
break_memory() { ctl set_vm_memory_high_watermark 0.00001; }
mend_memory() { ctl set_vm_memory_high_watermark 0.4; }
break_disk() { ctl set_disk_free_limit 100000000000000; }
mend_disk() { ctl set_disk_free_limit 50MB; }
break_monitor-away() { stop monitor; }
mend_monitor-away() { start_monitor; }
break_agent-kill() {
  victim=$(random_agent)
  note killed "\"name\":\"$victim\""
  kill -KILL "${pids[$victim]}"
}
mend_agent-kill() { start_agent "$victim"; }
break_agent-stop() {
  victim=$(random_agent)
  stop "$victim"
}
mend_agent-stop() { start_agent "$victim"; }
break_queue-deleted() {
  local queue
  queue=$(rows list_bindings -p load destination_name routing_key | awk -v key="load.$(random_agent)" '$2 == key { print $1 }')
  evaluate "{ok, Q} = rabbit_amqqueue:lookup(rabbit_misc:r(<<\"load\">>, queue, <<\"$queue\">>)),
    rabbit_amqqueue:delete(Q, false, false, <<\"test\">>)."
}
break_input-deleted() { delete_exchange baton_ping_in; }
break_output-deleted() { delete_exchange baton_ping_out; }
break_rights() {
  ctl clear_permissions -p load load
  close_all
}
mend_rights() { grant; }
break_password() {
  ctl change_password load "another-$secret"
  close_all
}
mend_password() { ctl change_password load "$secret"; }
break_vhost() { ctl delete_vhost load; }
mend_vhost() {
  ctl add_vhost load
  grant
}
# Not the first node: what the script asks of the cluster it asks of that one.
break_node() {
  victim=${brokers[RANDOM % 2 + 1]}
  "$ROOT/Scripts/broker" kill --dir "$victim"
}
mend_node() { "$ROOT/Scripts/broker" restart --dir "$victim"; }

# network FAULT…: what the proxy does to everybody behind it.
network() { printf '%s\n' "$*" >&"$network"; }
# At any byte, again and again: of a handshake, a declaration, a publish, a delivery, an acknowledgement.
break_net-cut() {
  local direction
  for _ in {1..20}; do
    if ((RANDOM % 2)); then direction=to-broker; else direction=to-client; fi
    network cut $((RANDOM % 5000)) "$direction"
    pause 1 3
  done
}
mend_net-cut() { network none; }
break_net-slow() { network throttle 1024; }
mend_net-slow() { network none; }
break_net-black-hole() { network black-hole; }
mend_net-black-hole() { network none; }
break_net-half-open() { network half-open; }
mend_net-half-open() { network none; }

# monitor_keeps_up: nothing but what is under way waits in its queue.
monitor_keeps_up() { rows list_queues -p load name messages | awk '/^baton-ping-monitor/ && $2 > 200 { exit 1 }'; }

# happen FAULT
happen() {
  local name=$1
  if [[ $name == vhost ]]; then
    # What waits in the monitor's queue goes with its virtual host, confirmed long ago, and would count as lost.
    wait_until 120 monitor_keeps_up || say "the monitor does not keep up"
  fi
  case $name in
    output-deleted) name="output exchange deleted" ;;
    vhost) name="virtual host deleted" ;;
  esac
  note fault "\"name\":\"$name\""
  "break_$1"
  if declare -F "mend_$1" >/dev/null; then
    last "$1"
    "mend_$1"
  fi
  note healed "\"name\":\"$name\""
  wait_until 30 everybody_answers || say "after $1 not everybody is back"
  pause 10 30
}
