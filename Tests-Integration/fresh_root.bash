# shellcheck shell=bash
# A root folder as a fresh host has it: this distribution at its least, no Swift, apt, and our packages in /debs. It is made once for all
# files of tests, and each gets a copy.

# fresh_root: in $BATS_FILE_TMPDIR/root.
fresh_root() {
  local base=$BATS_RUN_TMPDIR/base
  if [[ ! -e $base/debs ]]; then
    ensure_packages debootstrap
    "${ROOT:?}/Scripts/package" deb --output "$BATS_RUN_TMPDIR/debs" 3>&- >"$BATS_RUN_TMPDIR/base.out" 2>&1 &&
      make_base "$base" 3>&- >>"$BATS_RUN_TMPDIR/base.out" 2>&1 || fail "$(tail "$BATS_RUN_TMPDIR/base.out")" || return
  fi
  cp -a "$base" "$(path root)"
}

# make_base FOLDER: with apt as it is here, as far as it reaches the mirrors of the distribution.
make_base() {
  local codename
  # shellcheck source=/dev/null
  codename=$(source /etc/os-release && echo "$VERSION_CODENAME")
  timeout 300 debootstrap --variant=minbase "$codename" "$1" &&
    rm -f "$1/etc/apt/sources.list" &&
    cp /etc/resolv.conf "$1/etc/" &&
    find /etc/apt/sources.list.d \( -name debian.sources -o -name ubuntu.sources \) -exec cp -t "$1/etc/apt/sources.list.d" {} + &&
    apt-config dump Acquire >"$1/etc/apt/apt.conf.d/50acquire" &&
    timeout 300 chroot "$1" apt-get update -q &&
    cp -r "$BATS_RUN_TMPDIR/debs" "$1/debs"
}

# enter COMMAND…: becomes that in the fresh root. /proc, where Swift's programs read their command line, is mounted for it alone: nothing
# is left mounted, however it ends.
enter() { exec unshare --root="$(path root)" --mount-proc "$@"; }

# inside COMMAND…: in the fresh root, but never for long.
inside() { DEBIAN_FRONTEND=noninteractive timeout 300 unshare --root="$(path root)" --mount-proc "$@"; }

# unit NAME KEY: a value of an installed unit.
unit() { sed -n "s/^$2=//p" "$(path root)/lib/systemd/system/$1.service"; }

# unit_folders NAME: what systemd makes before the unit starts.
unit_folders() {
  local user group kind name mode
  user=$(unit "$1" User)
  group=$(unit "$1" Group)
  for kind in StateDirectory:/var/lib RuntimeDirectory:/run; do
    name=$(unit "$1" "${kind%:*}")
    mode=$(unit "$1" "${kind%:*}Mode")
    [[ ! $name ]] || inside install -d -o "$user" -g "${group:-$user}" -m "${mode:-0755}" "${kind#*:}/$name"
  done
}

# unit_command NAME [VARIABLE=VALUE…]: becomes what the installed unit runs, as its user and with no more rights than it leaves.
unit_command() {
  local user group others capabilities groups=(--init-groups)
  user=$(unit "$1" User)
  group=$(unit "$1" Group)
  others=$(unit "$1" SupplementaryGroups)
  [[ ! $others ]] || groups=(--groups "$others")
  capabilities=$(unit "$1" CapabilityBoundingSet | tr '[:upper:]' '[:lower:]' | sed 's/cap_/+/g; s/ /,/g')
  # shellcheck disable=SC2046 # words of a command line
  enter env "${@:2}" \
    setpriv --reuid "$user" --regid "${group:-$user}" "${groups[@]}" --no-new-privs --bounding-set "-all${capabilities:+,$capabilities}" \
    $(unit "$1" ExecStart)
}
