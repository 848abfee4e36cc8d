#!/usr/bin/env bats
# Signed deploys with the real executables: a key is made, an agent trusts it with some things, and what is not signed is not done.

# What the functions of common.bash set:
# shellcheck disable=SC2154

load common

prepare() {
  local version
  mkdir -p "$(path artifacts)" "$(path source)" "$(path web1/app)"
  for version in 1 2; do
    printf '%s\n' "$version" >"$(path source/version)"
    tar -C "$(path source)" -czf "$(path "artifacts/shop-$version.tar.gz")" version
    (cd "$(path artifacts)" && sha256sum "shop-$version.tar.gz" >"shop-$version.tar.gz.sha256")
  done
  baton keygen jo "$(path jo.key)" >"$(path jo.trust)"
  baton keygen eve "$(path eve.key)" >"$(path eve.trust)"
  cat >"$(path web1/cfg)" <<CFG
STATE_DIR: $(path web1/state)
APPS:
  shop:
    deploy_to: $(path web1/app)
    artifact: {url: "file://$(path artifacts)/shop-%{version}.tar.gz"}
    restart: ["true"]
$(sed 's/may: .*/may: [deploy, cancel]/' "$(path jo.trust)")
CFG
  start web1 env "BATON_LOG_FILE=$(log web1)" BATON_FQDN=web1.example BATON_ENVIRONMENT=production \
    baton-deploy serve -c "$(path web1/cfg)"
  wait_for web1 Listening
  export XDG_STATE_HOME=$BATS_FILE_TMPDIR/operator
}

# operate ARGUMENT…: as an operator would, but never for long.
operate() { timeout 60 baton-deploy "$@" --to production --host web1.example </dev/null; }
version() { cat "$(path web1/app/current/version)"; }

@test "A signed deploy is done, and the audit says by whose key; an unsigned one is not" {
  exits 1 operate deploy shop 1 --yes
  has "$stdout" NotPermitted "is not signed"
  [[ ! -e $(path web1/app/current) ]]
  exits 0 operate deploy shop 1 --yes --sign-key "$(path jo.key)"
  equal "$(version)" 1
  exits 0 env "BATON_SIGN_KEY=$(path jo.key)" timeout 60 baton-deploy deploy shop 2 --yes --to production --host web1.example
  equal "$(version)" 2
  exits 0 operate history shop --limit 1
  has "$stdout" "(key jo)"
  equal "$(jq -c '[.command, .version, .key, .permitted]' "$(path web1/state/audit.jsonl)" | tail -n 3 | tr '\n' ' ')" \
    '["deploy","1",null,false] ["deploy","1","jo",true] ["deploy","2","jo",true] '
  equal "$(stat -c %a "$(path web1/state/audit.jsonl)")" 600
}

@test "A key that the host does not know, or that is not for this, changes nothing; reading is free" {
  exits 1 operate restart shop --yes --sign-key "$(path eve.key)"
  has "$stdout" "nobody here knows the key 'eve'"
  exits 1 operate restart shop --yes --sign-key "$(path jo.key)"
  has "$stdout" "the key 'jo' is not trusted here with 'restart' of 'shop' in 'production'"
  exits 1 operate lock shop --reason x --sign-key "$(path jo.key)"
  exits 0 operate status shop
}

@test "A key is its owner's alone, and is not written over another" {
  equal "$(stat -c %a "$(path jo.key)")" 600
  exits 1 baton keygen jo "$(path jo.key)"
  has "$stderr" "File exists"
  cp "$(path jo.key)" "$(path open.key)"
  chmod 644 "$(path open.key)"
  exits 78 operate deploy shop 1 --yes --sign-key "$(path open.key)"
  has "$stderr" "others can read the key" "chmod 600"
}
