# shellcheck shell=bash
# What the scripts share. To be sourced; sets -euo pipefail and ROOT, the repository's folder.

set -euo pipefail
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# Whatever is in Packages and has a manifest, baton-core first: an extension made by Scripts/new-extension is built and tested with them.
PACKAGES=(baton-core)
for manifest in "$ROOT"/Packages/*/Package.swift; do
  package=$(basename "$(dirname "$manifest")")
  [[ $package == baton-core ]] || PACKAGES+=("$package")
done
unset manifest package

say() { printf '%s\n' "$*" >&2; }

# die CODE MESSAGE…
die() {
  local code=$1
  shift
  say "$(basename "$0"): $*"
  exit "$code"
}

# heading TEXT…: on standard output, set off from what comes before.
heading() { printf '\n\033[1m== %s\033[0m\n' "$*"; }

# usage: prints the comment at the head of the calling script, and ends if the arguments ask for it.
help_if_asked() {
  local word
  for word in "$@"; do
    if [[ $word == -h || $word == --help ]]; then
      sed -n '2,/^$/s/^# \{0,1\}//p' "$0"
      exit 0
    fi
  done
}

# ensure_packages NAME…: installs with apt what is missing; without the rights to, says what to type, and ends.
ensure_packages() {
  local missing=() name
  for name in "$@"; do
    [[ $(dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null) == installed ]] || missing+=("$name")
  done
  ((${#missing[@]})) || return 0
  command -v apt-get >/dev/null || die 69 "these packages are missing, and there is no apt to install them: ${missing[*]}"
  local as_root=()
  if ((EUID != 0)); then
    sudo -n true 2>/dev/null || die 69 "packages are missing; please run:  sudo apt-get install -y ${missing[*]}"
    as_root=(sudo -n)
  fi
  say "Installing ${missing[*]} …"
  local log
  log=$(mktemp)
  # RUNLEVEL=1: the packages' services are installed, not started; ours is a private one.
  if ! { "${as_root[@]}" apt-get update -q &&
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 \
      apt-get install -yq --no-install-recommends "${missing[@]}"; } </dev/null >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    rm -f "$log"
    die 69 "could not install ${missing[*]}"
  fi
  rm -f "$log"
}

# What building needs, beside Swift.
ensure_build_packages() {
  command -v swift >/dev/null ||
    die 69 "swift is not on the PATH; install Swift 6.2 or newer from https://www.swift.org/install/linux/"
  local version
  version=$(swift --version 2>/dev/null | grep -oE 'Swift version [0-9]+\.[0-9]+' | grep -oE '[0-9.]+$')
  [[ $(printf '%s\n6.2\n' "$version" | sort -V | head -n 1) == 6.2 ]] ||
    die 69 "this is Swift $version, and baton needs 6.2 or newer"
  ensure_packages pkg-config librabbitmq-dev libyaml-dev libsqlite3-dev libcurl4-openssl-dev libarchive-dev libmicrohttpd-dev libssl-dev libargon2-dev
}

# One folder of build products for all packages: what they share is compiled once for each flavour.
scratch() { printf '%s\n' "$ROOT/.build/$1"; }

# build_release: the executables as they are shipped; tells their folder. Without a build id, which is made of the debugging information
# too, they do not tell the folder that they were built in.
build_release() {
  local package
  for package in "${PACKAGES[@]}"; do
    (cd "$ROOT/Packages/$package" && swift build -c release --static-swift-stdlib -Xlinker --build-id=none --scratch-path "$(scratch release)") >&2 || return
  done
  printf '%s\n' "$(scratch release)/release"
}

# wait_until SECONDS COMMAND…: asks again and again until the command succeeds; fails after the time.
wait_until() {
  local end=$((${EPOCHREALTIME/./} + $1 * 1000000))
  shift
  until "$@" >/dev/null 2>&1; do
    ((${EPOCHREALTIME/./} < end)) || return 1
    # A pause between two looks, without a process of its own.
    read -rt 0.05 <> <(:) || true
  done
}

# end_process PID…: asks to stop, then insists.
end_process() {
  local pid
  for pid in "$@"; do
    kill "$pid" 2>/dev/null || continue
    wait_until 12 is_gone "$pid" || kill -KILL "$pid" 2>/dev/null || true
  done
}

# A process that has ended but that its parent has not looked at yet is gone, too.
is_gone() {
  local state
  state=$(ps -o stat= -p "$1" 2>/dev/null) || return 0
  [[ -z $state || $state == Z* ]]
}

# free_port: a loopback port that nobody has just now, below those that the system gives to clients: while the broker is down, one that
# tries to reach it could be given the broker's own port, and keep it.
# shellcheck disable=SC2317 # this exec only opens a file, and what follows it is reached
free_port() {
  local port
  while true; do
    port=$((RANDOM % 12000 + 20000))
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || break
  done
  printf '%s\n' "$port"
}
