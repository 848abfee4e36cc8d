# shellcheck shell=bash
# The section `console` of Scripts/bench: what the web console takes with 1,000 hosts, and how soon a click has reached the first of them.
# shellcheck disable=SC2154 # work, bin, rounds and python are that script's

console() {
  local round hosts=1000 streams=100 requests=2000 url page web
  heading "The web console: $hosts hosts, $streams open event streams, $requests requests"
  for ((round = 0; round < rounds; round++)); do
    rm -rf "$work"/{web,first,fleet.err}
    /usr/bin/python3 "$ROOT/Tests-Integration/deploy_fleet.py" shop development "$hosts" "$work/first" 2>"$work/fleet.err" &
    servers+=("$!")
    wait_until 20 grep -q listening "$work/fleet.err" || die 69 "the fleet does not listen: $(tail -n 3 "$work/fleet.err")"
    page=127.0.0.1:$(free_port) url=http://$page
    printf '%s\n' "WEB_LISTEN: $page" "WEB_STATE: $work/web" "WEB_PASSWORDS: $work/passwords" "WEB_PEOPLE: [{name: jo, role: admin}]" \
      >"$work/web.cfg"
    "$bin/baton-deploy" web-password jo -c "$work/web.cfg" <<<"correct horse"
    BATON_LOG_FILE=$work/web.log setsid "$bin/baton-deploy" web -c "$work/web.cfg" </dev/null &
    web=$!
    servers+=("$web")
    wait_until 20 curl -fs "$url/healthz" -o /dev/null || die 69 "the console does not start: $(tail -n 3 "$work/web.log")"
    curl -fs -c "$work/cookies" -d name=jo -d 'password=correct horse' "$url/login" -o /dev/null
    wait_until 20 shows "$url/" "on $hosts"
    ((round > 0)) || weigh "$url"
    record console baton "requests of the fleet's page" requests/s "$(rate "$requests" curl -fs -b "$work/cookies" -o /dev/null "$url/?[1-$requests]")"
    record console baton "PSS" MB "$(memory "$web")"
    /usr/bin/python3 "$ROOT/Scripts/bench.d/streams.py" "$url" "$work/cookies" /events/apps/shop/development "$streams" >"$work/streams" &
    servers+=("$!")
    wait_until 60 grep -q open "$work/streams" || die 69 "the streams do not open"
    record console baton "PSS, $streams streams" MB "$(memory "$web")"
    click "$url"
    record console baton "PSS, after a rollout" MB "$(memory "$web")"
    end_servers
  done
}

# weigh URL: what a browser has to load.
weigh() {
  local path
  for path in / /apps/shop/development; do
    record console baton "weight of $path" KB "$(per "$(curl -fs -b "$work/cookies" "$1$path" | wc -c)" 1024)"
  done
  record console baton "weight of style and script" KB "$(per "$(curl -fs -b "$work/cookies" "$1/" | grep -o '/static/[^"]*' | xargs -I{} curl -fs "$1{}" | wc -c)" 1024)"
}
shows() { curl -fs -b "$work/cookies" "$1" >"$work/shown" && grep -q "$2" "$work/shown"; }

# click URL: deploys to all hosts, as a browser's form does; from the click to the first host that is told, and to the last that has done it.
click() {
  local body=$work/form clicked location
  curl -fs -b "$work/cookies" "$1/apps/shop/development" >"$work/page"
  {
    printf 'csrf=%s&act=deploy&version=2&wave=100%%25' "$(sed -n 's/.*name="csrf" value="\([0-9a-f]*\)".*/\1/p' "$work/page" | head -n 1)"
    grep -o 'name="host" form="wish" value="[^"]*"' "$work/page" | sed 's/.*value="\(.*\)"/\1/' | while read -r host; do printf '&host=%s' "$host"; done
  } >"$body"
  clicked=$EPOCHREALTIME
  location=$(curl -s -b "$work/cookies" --data "@$body" -o /dev/null -w '%{redirect_url}' "$1/apps/shop/development/rollouts")
  wait_until 60 shows "$location" "Ended:" || die 69 "the rollout does not end: $location"
  record console baton "click to the first host" ms "$(awk -v a="$clicked" -v b="$(<"$work/first")" 'BEGIN { printf "%.1f", (b - a) * 1000 }')"
  record console baton "click to the last host done" ms "$(awk -v a="$clicked" -v b="$EPOCHREALTIME" 'BEGIN { printf "%.1f", (b - a) * 1000 }')"
}
