# shellcheck shell=bash
# The section `throughput` of Scripts/bench: publishing and consuming, against C, pika and kombu.
# shellcheck disable=SC2154 # bin, plain, port, rounds, quick and python are that script's

throughput() {
  local round mode peer peers count=100000
  if $quick; then count=30000; fi
  heading "Throughput: messages of 200 bytes"
  mapfile -t peers < <($quick || those_of throughput pika kombu)
  for ((round = 0; round < rounds; round++)); do
    through c confirmed "$plain/throughput-c" "$port" "$count" confirmed
    through baton confirmed "$bin/throughput-swift" "$port" "$count"
    through baton decoded "$bin/throughput-swift" "$port" "$count" decoded
    ! $quick || continue
    through c-64 confirmed "$plain/throughput-c" "$port" "$count" confirmed 64
    through c plain "$plain/throughput-c" "$port" "$count" plain
    for peer in "${peers[@]}"; do
      # Fewer, so that they do not take much longer than the others.
      for mode in plain confirmed; do
        through "$peer" "$mode" "$python" "$ROOT/Benchmarks/Peers/throughput-$peer.py" "$port" 20000 "$mode"
      done
    done
  done
}

# through PEER plain|confirmed|decoded COMMAND…: runs it, and writes down its two rates and the processor time of a message.
through() {
  local peer=$1 mode=$2 told published publish_spent consumed consume_spent
  told=$(timeout 120 "${@:3}") || die 69 "throughput: $peer failed: ${*:3}"
  read -r published publish_spent consumed consume_spent <<<"$told"
  case $mode in
    plain)
      record throughput "$peer" "publish" messages/s "$published"
      record throughput "$peer" "consume" messages/s "$consumed"
      ;;
    confirmed)
      record throughput "$peer" "publish, confirms" messages/s "$published"
      record throughput "$peer" "CPU a message published" µs "$publish_spent"
      record throughput "$peer" "consume, acks" messages/s "$consumed"
      record throughput "$peer" "CPU a message consumed" µs "$consume_spent"
      ;;
    decoded)
      record throughput baton-decoded "consume, acks" messages/s "$consumed"
      record throughput baton-decoded "CPU a message consumed" µs "$consume_spent"
      ;;
  esac
}
