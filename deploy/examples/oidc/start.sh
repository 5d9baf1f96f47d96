#!/usr/bin/env bash
# Builds and starts RiskEngine, makes the two keys, tells it a month of ordinary logins, and starts the provider and the relying party. Ctrl-C ends them all.
set -euo pipefail

cd -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")"
run=$(cd ../../.. && pwd)/run.sh
riskengine=http://127.0.0.1:8080
say() { printf 'start.sh: %s\n' "$*" >&2; }

[ -d node_modules ] || { say "the packages are not there: npm ci"; exit 1; }
umask 077
mkdir -p state
node places.js state/places.mmdb

started=()
# shellcheck disable=SC2317
stop() {
  trap - EXIT
  [ ${#started[@]} -eq 0 ] || kill "${started[@]}" 2> /dev/null || true
  wait
}
trap stop EXIT
trap 'exit 130' INT TERM

# Built in the foreground, however long it takes; what is served is served from what is built.
"$run" check-config --config riskengine.yaml > /dev/null
"$run" serve --config riskengine.yaml > state/riskengine.log &
started+=($!)
echo $! > state/riskengine.pid
is_ready() { curl -fsS --noproxy '*' --max-time 2 "$riskengine/health/ready" > /dev/null 2>&1; }
say 'waiting for RiskEngine (its log: state/riskengine.log) …'
for _ in $(seq 60); do
  kill -0 "${started[0]}" 2> /dev/null || { say 'RiskEngine ended; state/riskengine.log says why.'; exit 1; }
  ! is_ready || break
  sleep 1
done
is_ready || { say 'RiskEngine is not ready after a minute; state/riskengine.log says why.'; exit 1; }

# Each key is good for one thing, shown once, and kept in a file that only its owner reads.
key() {
  [ -s "state/$1.key" ] || "$run" keys create "example-$1" --scope "$2" --config riskengine.yaml --json | sed -n 's/.*"key": *"\([^"]*\)".*/\1/p' > "state/$1.key"
  [ -s "state/$1.key" ] || { say "the key to $1 could not be made."; exit 1; }
}
key evaluate evaluate
key events events:write

export RISKENGINE=$riskengine EVALUATE_KEY_FILE=state/evaluate.key EVENTS_KEY_FILE=state/events.key
export ISSUER=http://127.0.0.1:3000 PORT=3001 CLIENT=http://127.0.0.1:4000 TRUSTED_PROXIES=127.0.0.1 TRAVEL=1
[ -e state/seeded ] || { node seed.js && touch state/seeded; }
for part in provider travel client; do
  node "$part.js" &
  started+=($!)
done

say "open $CLIENT, and sign in as jane with violet-harbour-71. Ctrl-C ends it."
# RiskEngine may be stopped beside it, to see what happens then.
wait -n "${started[@]:1}"
