# shellcheck shell=bash
# The section `deploy` of Scripts/bench: baton-deploy against Capistrano, 50 hosts at once, an agent at rest.
# shellcheck disable=SC2154 # work, bin, rounds, milliseconds and pids are that script's

# make_artifacts: one of 1 MB, under the name of each of some versions, with checksums beside them.
make_artifacts() {
  local number
  mkdir -p "$work/files" "$work/artifacts"
  for number in {1..20}; do head -c 52000 /dev/urandom >"$work/files/$number"; done
  tar -C "$work/files" -czf "$work/artifacts/shop.tar.gz" .
  for number in $(seq 0 "$rounds"); do
    ln "$work/artifacts/shop.tar.gz" "$work/artifacts/shop-$number.tar.gz"
    (cd "$work/artifacts" && sha256sum "shop-$number.tar.gz" >"shop-$number.tar.gz.sha256")
  done
}

# start_deployer NAME: an agent of baton-deploy in production that expects the application `shop`.
start_deployer() {
  mkdir -p "$work/$1"
  cat >"$work/$1/cfg" <<CFG
STATE_DIR: $work/$1/state
LOG_FILE: $work/$1/log
ENVIRONMENT: production
FQDN: $1.example
ALLOW_UNSIGNED: true
APPS:
  shop:
    deploy_to: $work/$1/shop
    artifact: {url: "file://$work/artifacts/shop-%{version}.tar.gz"}
    shared: [log/]
CFG
  mkdir "$work/$1/shop"
  setsid "$bin/baton-deploy" serve -c "$work/$1/cfg" </dev/null >/dev/null 2>"$work/$1/errors" &
  pids+=($!)
  wait_until 20 grep -q Listening "$work/$1/log" || die 69 "the agent $1 does not listen: $(cat "$work/$1/errors")"
}

# baton_deploy VERSION HOST…: as an operator would.
baton_deploy() {
  local named=() host
  for host in "${@:2}"; do named+=(--host "$host.example"); done
  XDG_STATE_HOME=$work/operator "$bin/baton-deploy" deploy shop "$1" --to production --yes --wave 100% "${named[@]}" \
    </dev/null >"$work/answer" 2>&1 || die 69 "baton-deploy failed: $(cat "$work/answer")"
}

# start_ssh: a server on loopback that lets nobody in but the key of this run; its port is in $ssh_port.
start_ssh() {
  local name
  mkdir -p "$work/ssh"
  # It wants this folder when root runs it.
  if ((EUID == 0)); then mkdir -p /run/sshd; fi
  for name in host user; do ssh-keygen -q -t ed25519 -N '' -f "$work/ssh/$name"; done
  ssh_port=$(free_port)
  cat >"$work/ssh/config" <<CONFIG
ListenAddress 127.0.0.1
Port $ssh_port
HostKey $work/ssh/host
AuthorizedKeysFile $work/ssh/user.pub
PermitRootLogin prohibit-password
PasswordAuthentication no
StrictModes no
UsePAM no
PidFile none
CONFIG
  setsid /usr/sbin/sshd -D -f "$work/ssh/config" -E "$work/ssh/log" &
  pids+=($!)
  wait_until 10 grep -q 'listening on' "$work/ssh/log" || die 69 "sshd does not listen: $(cat "$work/ssh/log")"
}

# make_capistrano: what it is told. It fetches, verifies and unpacks the same artifact on the host, in one command.
make_capistrano() {
  mkdir -p "$work/cap/config/deploy"
  cat >"$work/cap/Capfile" <<'RUBY'
require "capistrano/setup"
require "capistrano/deploy"
require "capistrano/scm/plugin"

class Artifact < Capistrano::SCM::Plugin
  def define_tasks
    eval_rakefile File.expand_path("artifact.rake", __dir__)
  end

  def register_hooks
    after "deploy:new_release_path", "artifact:create_release"
  end
end
install_plugin Artifact
RUBY
  cat >"$work/cap/artifact.rake" <<RUBY
namespace :artifact do
  task :create_release do
    on release_roles(:all) do
      execute "mkdir -p #{release_path} && cd #{shared_path} && cp $work/artifacts/shop-0.tar.gz . && " \\
        "sha256sum --quiet -c $work/artifacts/shop-0.tar.gz.sha256 && tar -xzf shop-0.tar.gz -C #{release_path}"
    end
  end
end
RUBY
  cat >"$work/cap/config/deploy.rb" <<RUBY
set :application, "shop"
set :deploy_to, "$work/cap/shop"
set :current_revision, "0"
set :linked_dirs, %w[log]
set :format_options, log_file: "$work/cap/log"
RUBY
  cat >"$work/cap/config/deploy/production.rb" <<RUBY
server "127.0.0.1", user: "$(id -un)", roles: %w[app],
  ssh_options: { port: $ssh_port, keys: ["$work/ssh/user"], keys_only: true, verify_host_key: :never, config: false }
RUBY
}

cap_deploy() {
  (cd "$work/cap" && LC_ALL=C.UTF-8 cap production deploy </dev/null >"$work/answer" 2>&1) || die 69 "cap failed: $(cat "$work/answer")"
}

deploy() {
  local round number hosts=50 names=() capistrano
  capistrano=$(those_of deploy capistrano)
  make_artifacts
  heading "Deploy of 1 MB on one host, nothing restarted; then on $hosts hosts of this machine at once"
  start_deployer alone
  pause 2
  # Alone: the pages that several share would count for less.
  record deploy baton "PSS idle" MB "$(memory "${pids[-1]}")"
  # The first of each makes folders.
  baton_deploy 0 alone
  if [[ -n $capistrano ]]; then
    start_ssh
    make_capistrano
    cap_deploy
  fi
  for ((round = 1; round <= rounds; round++)); do
    timed baton_deploy "$round" alone
    record deploy baton "one host" ms "$milliseconds"
    [[ -n $capistrano ]] || continue
    timed cap_deploy
    record deploy capistrano "one host" ms "$milliseconds"
  done
  [[ -e $work/alone/shop/current/20 && (-z $capistrano || -e $work/cap/shop/current/20) ]] || die 69 "what was deployed is not there"
  for ((number = 1; number <= hosts; number++)); do
    names+=("shop$number")
    start_deployer "shop$number"
  done
  baton_deploy 0 "${names[@]}"
  for ((round = 1; round <= rounds; round++)); do
    timed baton_deploy "$round" "${names[@]}"
    record deploy baton "$hosts hosts" ms "$milliseconds"
  done
  end_agents
}
