#!/bin/sh
# Fetches RiskEngine's block list where it changed, and has a program load it.
#
#   update-blocklist.sh nginx   /etc/nginx/riskengine-blocklist.conf   /etc/riskengine/proxy.key 'nginx -t -q && nginx -s reload'
#   update-blocklist.sh haproxy /etc/haproxy/riskengine-blocklist.lst /etc/riskengine/proxy.key 'haproxy -c -q -f /etc/haproxy/haproxy.cfg && systemctl reload haproxy'
#
# For cron or a systemd timer, every minute. RISKENGINE names the server (http://127.0.0.1:8080); the key needs the scope decisions:read.
# A list that cannot be fetched, or that the program does not take, changes nothing: the old one stays.
set -eu

format=$1 file=$2 key=$3 load=$4
new=$file.new tag=$file.etag
trap 'rm -f "$new" "$tag.new" "$new.key"' EXIT

[ -e "$file" ] || rm -f "$tag"
[ -e "$tag" ] || : > "$tag"
# Not on a command line, where everybody on the machine reads it.
umask 077
printf 'header = "Authorization: Bearer %s"\n' "$(cat "$key")" > "$new.key"
status=$(curl -sS --max-time 30 --compressed -o "$new" -w '%{http_code}' -K "$new.key" \
  --etag-compare "$tag" --etag-save "$tag.new" "${RISKENGINE:-http://127.0.0.1:8080}/api/v1/blocklist?format=$format")
case $status in
  200) ;;
  304) exit 0 ;;
  *) echo "The block list could not be fetched: HTTP $status." >&2; exit 1 ;;
esac

chmod 644 "$new"
[ ! -e "$file" ] || cp -p "$file" "$file.old"
mv "$new" "$file"
if ! sh -c "$load"; then
  echo "The new block list was not taken; the old one stays." >&2
  [ ! -e "$file.old" ] || mv "$file.old" "$file"
  exit 1
fi
[ ! -e "$tag.new" ] || mv "$tag.new" "$tag"
rm -f "$file.old"
