#!/usr/bin/env bats
# batonize, from the command to the first answer at the monitor that it made, on a real RabbitMQ.
# shellcheck disable=SC2154 # stdout, stderr and output are set by exits

load common

prepare() {
  # Outside the repository: baton-core is found from the executable.
  export work=$BATS_FILE_TMPDIR/work
  mkdir "$work"
  export GIT_CONFIG_GLOBAL=$work/gitconfig
  printf '[user]\n\tname = Ada Author\n\temail = ada@example.org\n[init]\n\tdefaultBranch = main\n' >"$GIT_CONFIG_GLOBAL"
}

# build NAME: compiles the package and its tests. What it shares with the repository's own packages is not compiled again.
build() {
  (cd "$work/baton-$1" && timeout 500 swift build --build-tests --scratch-path "$(scratch debug)" 2>&1)
}

# works NAME MODULE: made, built, tested without a broker, run on one; the answer is at the monitor.
works() {
  local name=$1 module=$2 package=baton-$1 began=${EPOCHREALTIME/./}
  exits 0 batonize package "$name" -b --path "$work"
  has "$stdout" "Made $work/$package" "cd $work/$package" "swift test" "swift run $package ask dummy development --count 3"
  equal "$(git -C "$work/$package" status --porcelain | grep -cv '^A  ')" 0
  has "$(<"$work/$package/LICENSE")" "Copyright (c) $(date +%Y) Ada Author"

  exits 0 build "$name"
  has_not "$stdout" warning:
  exits 0 swift format lint --strict --recursive "$work/$package/Package.swift" "$work/$package/Sources" "$work/$package/Tests"
  # Without a broker: where one is told of it is not looked at, and here none is told of.
  exits 0 env -u BATON_RABBIT_HOST -u BATON_RABBIT_PORT bash -c \
    "cd '$work/$package' && timeout 120 swift test --skip-build --disable-xctest --scratch-path '$(scratch debug)' 2>&1"
  has "$stdout" "Test run with 4 tests in 2 suites passed"

  local bin
  bin=$(scratch debug)/debug
  start "$package-monitor" env "BATON_LOG_FILE=$(log "$package-monitor")" "$bin/$package-monitor"
  wait_for "$package-monitor" Listening
  start "$package" env "BATON_LOG_FILE=$(log "$package")" BATON_FQDN=web1.example BATON_ENVIRONMENT=production "$bin/$package"
  wait_for "$package" Listening
  exits 0 timeout 30 "$bin/$package" ask dummy production --count 3 --expect 1 --json
  equal "$(jq -r '.answers[] | "\(.fqdn) \(.reply.text)"' <<<"$stdout")" "web1.example hello hello hello"
  wait_for "$package-monitor" "Heard type=greeting from=web1.example"
  printf '# batonize to the first answer at the monitor: %s ms\n' $(((${EPOCHREALTIME/./} - began) / 1000)) >&3

  exits 1 timeout 30 "$bin/$package" ask dummy production --count 99 --expect 1
  has "$stdout" "BadCount: count is 99, and has to be 1 to 10"
  exits 64 timeout 30 "$bin/$package" ask dummy production --count many
  has "$stderr" "'many' of '--count'" "a whole number"
  exits 64 timeout 30 "$bin/$package" ask dumy production
  has "$stderr" "Did you mean 'dummy'?"
  exits 0 "$bin/$package" schema
  equal "$(jq -r '."$defs"."dummy.request".properties.count.type' <<<"$stdout")" integer
  exits 0 baton config show -c "$work/$package/config/$package.cfg"
  has_not "$stderr" "nobody here knows"
  stop "$package"
  stop "$package-monitor"
  equal "$(cd "$work/$package" && git status --porcelain | grep -cv '^A  ')" 0
  [[ -d $work/$package/Sources/$module ]]
}

@test "an extension called hello answers, and its monitor hears it" { works hello BatonHello; }

@test "an extension with dashes and digits in its name does, too" { works my-app-2 BatonMyApp2; }

@test "without executables it is a library with tests, and 'gem' means the same" {
  exits 0 batonize gem library-only --path "$work"
  has "$stderr" "'gem' means 'package'"
  [[ ! -e $work/baton-library-only/systemd ]]
  exits 0 build library-only
}

@test "what is there already stays as it is" {
  mkdir "$work/baton-mine"
  echo mine >"$work/baton-mine/README.md"
  exits 73 batonize package mine -b --path "$work"
  has "$stderr" "$work/baton-mine is there already" "nothing is ever overwritten"
  equal "$(ls "$work/baton-mine")" README.md
  equal "$(<"$work/baton-mine/README.md")" mine
}

@test "a bad name is refused, and makes nothing" {
  local name before
  before=$(ls -A "$work")
  # shellcheck disable=SC2016 # these are names, not commands
  for name in '' . .. ../x a/b -rf --upload-pack=x '$(id)' ';id' $'a\nb' Hello my_app 2x a- "$(printf 'x%.0s' {1..300})" \
    hеllo $'a\e[31m' baton-x ping; do
    exits 64 batonize package --path "$work" -- "$name"
    [[ -n $stderr && $stderr != *$'\n'* && $stderr != *$'\e'* ]] || fail "for '$name': $stderr"
  done
  equal "$(ls -A "$work")" "$before"
}

@test "a folder that is not there, or that takes nothing, is told of with what to do" {
  exits 73 batonize package x --path "$work/nowhere"
  has "$stderr" "there is no folder $work/nowhere" "mkdir -p"
  exits 73 batonize package x --path /proc
  has "$stderr" /proc --path
  exits 64 batonize package x --path "$work" --core "$work"
  has "$stderr" "no baton-core in '$work'" --core
}

@test "baton-core may come from a repository, which is cloned beside the package" {
  mkdir "$work/clones"
  git clone -q --bare "$ROOT" "$work/upstream.git"
  exits 0 batonize package cloned --path "$work/clones" --core "file://$work/upstream.git"
  has "$(<"$work/clones/baton-cloned/Package.swift")" 'path: "../upstream/Packages/baton-core"'
  exits 0 bash -c "cd '$work/clones/baton-cloned' && timeout 60 swift package describe"
  has "$stdout" BatonCloned
}

@test "the units that it makes are such as systemd takes" {
  ensure_packages systemd
  exits 0 batonize package unit -b --path "$work"
  sed -i "s|/usr/bin/baton-unit[a-z-]*|/bin/true|" "$work"/baton-unit/systemd/*.service
  systemd_takes "$work"/baton-unit/systemd/*.service
}

@test "one beside the others in a repository is staged, built and tested with them, and nothing is overwritten" {
  local repository=$work/repository
  git clone -q "$ROOT" "$repository"
  exits 0 timeout 500 "$repository/Scripts/new-extension" disk-space
  equal "$(git -C "$repository" status --porcelain | grep -cv '^A  Packages/baton-disk-space/')" 0
  # shellcheck disable=SC2016 # PACKAGES is the other shell's
  has "$(bash -c 'source "$0/Scripts/lib.sh"; printf "%s " "${PACKAGES[@]}"' "$repository")" "baton-core " "baton-disk-space "
  exits 0 env -u BATON_RABBIT_HOST -u BATON_RABBIT_PORT bash -c "cd '$repository/Packages/baton-disk-space' &&
    timeout 500 swift test --disable-xctest --scratch-path '$repository/.build/debug' 2>&1"
  has "$stdout" "Test run with 4 tests in 2 suites passed"
  exits 73 timeout 100 "$repository/Scripts/new-extension" disk-space
}
