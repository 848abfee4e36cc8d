# shellcheck shell=bash
# On what, and with what, it was measured. To be sourced by Scripts/bench.
# shellcheck disable=SC2154 # work, rounds, python, salt and quick are that script's

# facts ARGUMENT…: writes them down; the arguments are those of the command.
facts() {
  local IFS=' '
  fact date "$(date -u +%Y-%m-%d)"
  fact command "Scripts/bench${*:+ $*}"
  fact rounds "$rounds"
  fact load "$(cut -d ' ' -f 1-3 /proc/loadavg) before"
  fact cores "$(nproc)"
  fact processor "$(sed -n 's/^model name[[:space:]]*: //p' /proc/cpuinfo | head -n 1)"
  fact memory "$(awk '/^MemTotal:/ { printf "%.1f GB", $2 / 1024 / 1024 }' /proc/meminfo)"
  fact kernel "$(uname -sr)"
  fact system "$(. /etc/os-release && printf '%s' "$PRETTY_NAME")"
  fact commit "$(git -C "$ROOT" rev-parse --short HEAD 2>/dev/null || true)"
  fact Swift "$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([^ ]*\).*/\1/p')"
  fact RabbitMQ "$(of_package rabbitmq-server)"
  fact librabbitmq "$(of_package librabbitmq4)"
  ! $quick || return 0
  local name
  for name in pika kombu celery; do if has "$name"; then fact "$name" "$(of_pypi "${python%/bin/python}" "$name")"; fi; done
  if has salt; then fact salt "$(of_pypi "${salt%/bin}" salt)"; fi
  if has gem; then fact bunny "$(of_package ruby-bunny)"; fi
  for name in mcollective serf; do if has "$name"; then fact "$name" "$(of_package "$name")"; fi; done
}

fact() { printf '%s\t%s\n' "$@" >>"$work/facts"; }
of_package() { dpkg-query -W -f '${Version}' "$1" 2>/dev/null; }
of_pypi() { sed -n "s/^$2==//p" "$1/requirements.txt"; }
