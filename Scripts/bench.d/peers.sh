# shellcheck shell=bash
# The programs that baton is measured beside: installed if they can be had. To be sourced by Scripts/bench.
# shellcheck disable=SC2154 # python and salt are that script's

# Why a peer is not there.
declare -A missing=()

# has PEER: whether it is there.
has() { [[ -z ${missing[$1]-} ]]; }

# those_of PEER…: prints those that are there; what is not is said once for the section.
those_of() {
  local peer
  for peer in "${@:2}"; do
    if has "$peer"; then printf '%s\n' "$peer"; else note "$1" "$peer" "not installed: ${missing[$peer]}"; fi
  done
}

# from_apt PEER PACKAGE…
from_apt() {
  local why
  # In a shell of its own: what cannot be installed ends it.
  why=$( (ensure_packages "${@:2}") 2>&1) || missing[$1]=$(tail -n 1 <<<"$why")
}

# from_pypi FOLDER REQUIREMENTS PEER…: an environment of Python's own, kept between runs.
from_pypi() {
  local folder=$1 requirements=$2 peer log
  cmp -s "$requirements" "$folder/requirements.txt" && return
  say "Installing $(basename "$folder") from PyPI …"
  log=$(mktemp)
  rm -rf "$folder"
  if ! { /usr/bin/python3 -m venv "$folder" &&
    timeout 600 "$folder/bin/pip" install -q --disable-pip-version-check -r "$requirements"; } </dev/null >"$log" 2>&1; then
    for peer in "${@:3}"; do missing[$peer]=$(grep -m 1 -E '^ERROR' "$log" || tail -n 1 "$log"); done
  else
    cp "$requirements" "$folder/requirements.txt"
  fi
  rm -f "$log"
}

# install_peers: all that can be had.
install_peers() {
  from_apt gem ruby ruby-bunny
  from_apt mcollective mcollective mcollective-client
  from_apt serf serf
  from_apt capistrano capistrano openssh-server openssh-client
  ensure_packages python3-venv
  from_pypi "${python%/bin/python}" "$ROOT/Benchmarks/Peers/requirements.txt" pika kombu celery
  from_pypi "${salt%/bin}" "$ROOT/Benchmarks/Peers/requirements-salt.txt" salt
}
