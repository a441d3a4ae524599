#!/usr/bin/env bash
# A tour with real input: register, create a workspace, upload a text, search it, and ask about it. Uses the gateway at
# BASE_URL if that is set. Otherwise it starts one with a temporary data folder.
set -euo pipefail
cd "$(dirname "$0")/../.."

if [ -t 1 ] && [ -z "${NO_COLOR:-}" ]; then bold=$'\e[1m' dim=$'\e[2m' plain=$'\e[0m'; else bold= dim= plain=; fi
say() { printf '\n%s%s%s\n' "$bold" "$1" "$plain"; }
show() { printf '%s$ %s%s\n' "$dim" "$1" "$plain"; }
# Prints one value of the JSON on standard input: field data.token
field() { python3 -c 'import json,sys
value = json.load(sys.stdin)
for key in sys.argv[1].split("."): value = value[int(key) if key.isdigit() else key]
print(value)' "$1"; }

work=$(mktemp -d)
runner=
trap '[ -z "$runner" ] || { kill "$runner" 2>/dev/null; wait "$runner" 2>/dev/null || true; }; rm -rf "$work"' EXIT

if [ -z "${BASE_URL:-}" ]; then
    say "Starting a gateway with an empty data folder"
    DATA_DIR="$work/data" build/bin/runner serve --port 0 --port-file "$work/port" --quiet 2>"$work/log" &
    runner=$!
    for _ in $(seq 100); do [ -s "$work/port" ] && break; sleep 0.1; done
    [ -s "$work/port" ] || { cat "$work/log" >&2; exit 1; }
    BASE_URL="http://127.0.0.1:$(cat "$work/port")"
fi
api="$BASE_URL/api/v1"
json=(-H 'Content-Type: application/json')
call() { curl -sS --fail-with-body "$@" || { echo "The call failed; is the gateway at $BASE_URL up?" >&2; exit 1; }; }
show "curl $api/health"
call "$api/health"
echo

say "Registering"
email="demo-$(date +%s)-$$@example.com"
show "curl $api/auth/register -d '{\"email\": \"$email\", …}'"
token=$(call "$api/auth/register" "${json[@]}" \
    -d "{\"email\": \"$email\", \"password\": \"correct horse battery\", \"name\": \"Demo\"}" | field data.token)
auth=(-H "Authorization: Bearer $token")
echo "A token, valid for an hour."

say "Creating a workspace"
show "curl $api/workspaces -d '{\"name\": \"Licences\"}'"
workspace=$(call "$api/workspaces" "${auth[@]}" "${json[@]}" -d '{"name": "Licences"}' | field data.id)
echo "$workspace"

say "Uploading the GNU General Public License, version 3"
text=/usr/share/common-licenses/GPL-3
[ -r "$text" ] || text=LICENSE
show "curl $api/workspaces/$workspace/documents -F file=@$text"
call "$api/workspaces/$workspace/documents" "${auth[@]}" -F "file=@$text;type=text/plain" |
    python3 -c '
import json, sys
document = json.load(sys.stdin)["data"]
print("{name}: {size} bytes, {wordCount} words in {chunkCount} passages, {status}".format(**document))'

say 'Searching for "source code" warranty'
call "$api/workspaces/$workspace/search" "${auth[@]}" "${json[@]}" \
    -d '{"query": "\"source code\" warranty", "limit": 3}' | python3 -c '
import html, json, re, sys
for hit in json.load(sys.stdin)["data"]["results"]:
    text = html.unescape(re.sub(r"\s+", " ", hit["highlight"]))
    print("  {:.2f}  {}\n        …{}…".format(hit["score"], hit["position"].get("heading"), text[:160]))'

ask() {
    say "Asking: $1"
    call "$api/workspaces/$workspace/chat" "${auth[@]}" "${json[@]}" \
        -d "{\"message\": \"$1\", \"mode\": \"query\"}" | python3 -c '
import json, sys, textwrap
message = json.load(sys.stdin)["data"]["message"]
for line in message["content"].splitlines(): print(textwrap.fill(line, 96, initial_indent="  ", subsequent_indent="  "))
for source in message["sources"]:
    print("  [{}] {}, {}".format(source["number"], source["documentName"], source["position"].get("heading")))'
}
ask "What must I do when I convey modified source versions?"
ask "What is the capital of France?"
echo
