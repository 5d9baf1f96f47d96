#!/bin/sh
# Fetches into .local what the tests hold the blueprint and the requests to authentik against: authentik's own description of its API (2 MB)
# and Prism, which checks requests against it (75 MB). Needs npm and a network; without, tests on them are skipped.
# Does nothing where they are already there.
set -eu
api='@goauthentik/api@2026.8.3'
prism='@stoplight/prism-cli@5.16.0'
local=$(cd "$(dirname "$0")/.." && pwd)/.local
mkdir -p "$local"

if [ ! -s "$local/authentik/schema.yml" ]; then
  work=$(mktemp -d "$local/fetch.XXXXXX")
  trap 'rm -rf "$work"' EXIT INT TERM
  cd "$work"
  npm pack --silent "$api" > archive
  tar -xzf "$(cat archive)" package/schema.yml
  mkdir -p "$local/authentik"
  mv package/schema.yml "$local/authentik/schema.yml"
fi

if [ ! -e "$local/prism/node_modules/.bin/prism" ]; then
  mkdir -p "$local/prism"
  npm install --silent --no-audit --no-fund --prefix "$local/prism" "$prism" > /dev/null
fi
