#!/usr/bin/env bash
# Builds librdkafka, the native half of Confluent.Kafka, and leaves it in .local/librdkafka; a minute or two, once.
#
# The package with the built library is not to be had everywhere, its source is: Confluent ships it in the npm package of its JavaScript client.
# Version and hash belong to the version of Confluent.Kafka in Directory.Packages.props; change both together (docs/decisions/0033).
# Needs npm, make, a C and a C++ compiler, and the headers of zlib and OpenSSL (Debian: build-essential zlib1g-dev libssl-dev).
set -euo pipefail

package=@confluentinc/kafka-javascript@1.10.1
version=2.15.1
sha512=29578f5019f6d44a8254ff667f1cc4b8cdd26091c7105ed7fa2882d9ee374108034b211a92c2279821a8a13df0e6af9c340764482acaef58f42027eaa12a992f

root=$(cd -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/../../.." && pwd)
target=$root/.local/librdkafka
library=$target/librdkafka.so.1
log=$target/build.log

say() { printf 'librdkafka: %s\n' "$*" >&2; }
fail() {
  say "$*"
  exit 1
}

[ -f "$library" ] && [ "$(cat -- "$target/version" 2> /dev/null)" = "$version" ] && exit 0

for tool in npm make gcc g++ tar sha512sum; do
  command -v "$tool" > /dev/null || fail "$tool is not there. Install npm, make and a compiler (Debian: npm build-essential zlib1g-dev libssl-dev), or name a librdkafka.so.1 of $version with kafka.library."
done

mkdir -p -- "$target"
work=$(mktemp -d -- "$target/build.XXXXXX")
trap 'rm -rf -- "$work"' EXIT

cd -- "$work"
timeout 120 npm pack --silent --fetch-retries=1 --fetch-timeout=30000 "$package" > "$log" 2>&1 < /dev/null || fail "$package could not be fetched ($log says why). Without a network put a librdkafka.so.1 of $version into $target, or name one with kafka.library."
archive=$(find . -maxdepth 1 -name '*.tgz' | head -n 1)
printf '%s  %s\n' "$sha512" "$archive" | sha512sum --check --status || fail "$package is not the package that this script knows: its SHA-512 is another. Nothing was built."
tar -xzf "$archive" package/deps/librdkafka
cd package/deps/librdkafka

say "building $version …"
# No Kerberos, no OIDC by libcurl, no zstd: what they need is not on every machine. TLS, SCRAM, PLAIN, gzip, snappy and lz4 are in.
./configure --disable-gssapi --disable-curl --disable-zstd >> "$log" 2>&1 < /dev/null || fail "the build could not be prepared ($log says why)."
grep -q '^#define WITH_SASL_SCRAM 1$' config.h || fail "the headers of OpenSSL are not there, and without them there is neither TLS nor SCRAM. Install them (Debian: libssl-dev). Nothing was built."
make -j "$(nproc)" -C src librdkafka.so.1 >> "$log" 2>&1 < /dev/null || fail "the build failed ($log says why)."
strip --strip-unneeded -- src/librdkafka.so.1 || true
cp -- LICENSES.txt "$target/LICENSES.txt"
mv -- src/librdkafka.so.1 "$library.next"
mv -- "$library.next" "$library"
printf '%s\n' "$version" > "$target/version"
say "ready: ${library#"$root"/}"
