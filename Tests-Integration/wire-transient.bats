#!/usr/bin/env bats
# While peers of the gem remain: exchanges and queues as the gem declares them, and whatever a peer declared first is taken as found.

load common

exchanges() { list list_exchanges name type durable auto_delete | grep ^baton | sort | tr '\t' ' '; }

# clear: no exchange and no monitor's queue.
clear() { exits 0 peer delete baton_ping_in baton_ping_out baton-ping-monitor baton-ping-monitor.v2; }

@test "RABBIT_DURABLE: false declares them as the gem does" {
  host web1.example production shop BATON_RABBIT_DURABLE=false
  monitor transient BATON_RABBIT_DURABLE=false
  equal "$(exchanges)" "baton_ping_in direct false false
baton_ping_out direct false false"
  equal "$(list list_queues name durable auto_delete exclusive arguments | grep ^baton | tr '\t' ' ')" \
    "baton-ping-monitor false false false []"
  BATON_RABBIT_DURABLE=false exits 0 ask production --expect 1
  wait_for transient '"pong"'
  # A Ruby peer that comes now declares what it always did, and no 406 stops it.
  exits 0 peer declare baton_ping_in transient
  stop web1.example
  stop transient
  clear
}

@test "with RABBIT_DURABLE: false the question declares them like that as well" {
  BATON_RABBIT_DURABLE=false exits 2 ask production
  equal "$(exchanges)" "baton_ping_in direct false false
baton_ping_out direct false false"
  clear
}

@test "exchanges that a foreign peer declared first are taken as found" {
  exits 0 peer declare baton_ping_in transient
  exits 0 peer declare baton_ping_out transient
  host web2.example production shop
  monitor found
  exits 0 ask production --expect 1
  wait_for found '"pong"'
  equal "$(exchanges)" "baton_ping_in direct false false
baton_ping_out direct false false"
  stop web2.example
  stop found
  clear
}

@test "of the two one is there already: the other is declared" {
  exits 0 peer declare baton_ping_out transient
  host web3.example production shop
  exits 0 ask production --expect 1
  equal "$(exchanges)" "baton_ping_in direct true false
baton_ping_out direct false false"
  stop web3.example
  clear
}

@test "an agent that may not declare says so, and comes when somebody else has" {
  ctl add_user agent agent
  ctl set_permissions agent '^amq\.gen.*' '^(amq\.gen.*|baton_ping_out)$' '^(amq\.gen.*|baton_ping_in)$'
  start agent env BATON_RABBIT_USER=agent BATON_RABBIT_PASS=agent BATON_ENVIRONMENT=rights "BATON_LOG_FILE=$(log agent)" baton-ping
  wait_for agent "baton_ping_in"
  has "$(<"$(log agent)")" "No connection"
  exits 0 peer declare baton_ping_in durable
  exits 0 peer declare baton_ping_out durable
  wait_for agent Listening
  exits 0 ask rights --expect 1
  stop agent
  clear
}

@test "a monitor's queue of another kind is told of, with the command that deletes it" {
  exits 0 amqp-declare-queue -u "$BROKER_URL" -q baton-ping-monitor.v2 -d
  start other env "BATON_LOG_FILE=$(log other)" baton-ping-monitor
  wait_for other "delete_queue baton-ping-monitor.v2"
  exits 0 peer delete baton-ping-monitor.v2
  wait_for other Listening
  stop other
  clear
}
