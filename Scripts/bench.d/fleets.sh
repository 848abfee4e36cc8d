# shellcheck shell=bash
# Agents that are there together. To be sourced by Scripts/bench.
# shellcheck disable=SC2154,SC2034 # work and start_with are set elsewhere; what is set here is read elsewhere

# The processes of the agents that are there; each is a session of its own.
pids=()
# What agents of a kind need beside them.
servers=()
# The kinds that have been prepared.
declare -A prepared=()

# prepare KIND: what has to be there before its first agent.
prepare() {
  [[ -z ${prepared[$1]-} ]] || return 0
  prepared[$1]=yes
  if declare -F "prepare_$1" >/dev/null; then "prepare_$1"; fi
}

# start_one KIND: one agent; its process is in $agent, and how long it took to be ready in $milliseconds.
start_one() {
  prepare "$1"
  describe "$1" 0
  local told
  told=$("$ROOT/Scripts/bench.d/until-ready.py" 60 "$work/log.$1.0" "$ready" "${start_with[@]}") || return
  read -r agent milliseconds <<<"$told"
  pids+=("$agent")
}

# start_agents KIND FROM TO: the agents with these numbers, a few at a time; returns when all are ready, or fails.
start_agents() {
  local number next step=25
  prepare "$1"
  for ((next = $2; next < $3; next += step)); do
    for ((number = next; number < next + step && number < $3; number++)); do
      describe "$1" "$number"
      setsid "${start_with[@]}" </dev/null >"$work/log.$1.$number" 2>&1 &
      pids+=($!)
      # The shell would say of each that has to be killed that it was.
      disown
    done
    wait_until 90 are_ready "$1" "$number" || return
  done
}

# are_ready KIND COUNT: whether so many of its agents have said that they are.
are_ready() { (($(grep -lE "$ready" "$work/log.$1".* | wc -l) >= $2)); }

# end_agents: all that there are.
end_agents() {
  end_all "${pids[@]}"
  pids=()
  rm -f "$work"/log.*
}

# end_servers: what agents needed.
end_servers() {
  end_all "${servers[@]}"
  servers=()
  prepared=()
}

# asked KIND COUNT: asks so many, and leaves what until-exit.py tells in $took: start to exit, start to last answer, answers, processor
# time, memory. Fails if fewer answered, or if the command did not come to its end; then $took is empty.
asked() {
  describe_ask "$1" "$2"
  read -r -a took <<<"$(with_options "$answer" "${ask_with[@]}" 2>"$work/errors" || true)"
  ((${took[2]-0} == lines))
}

# with_options PATTERN [--terminal] COMMAND…
with_options() {
  local options=()
  if [[ $2 == --terminal ]]; then
    options=(--terminal)
    set -- "$1" "${@:3}"
  fi
  "$ROOT/Scripts/bench.d/until-exit.py" "${options[@]}" 60 "$@"
}
