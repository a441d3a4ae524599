#!/usr/bin/env bash
# Runs every test and closes with the counts: "N passed, N failed".
set -uo pipefail
cd "$(dirname "$0")/.."

log=$(mktemp)
trap 'rm -f "$log"' EXIT
failed=0
deploy/check.sh || failed=1
export FUNCTIONS_DIR="$PWD/build/functions" RUNNER="$PWD/build/bin/runner"
# No `swift test --parallel`: Swift Testing runs its tests side by side in one process already.
swift test --disable-xctest "$@" 2>&1 | tee "$log" | grep --line-buffered -vE '^◇|^✔ Test |^\[[0-9]+/[0-9]+\]'
[ "${PIPESTATUS[0]}" -eq 0 ] || failed=1

passed=$(grep -E '^✔ Test .* passed after' "$log" | grep -vc '^✔ Test run with')
broken=$(grep -E '^✘ Test .* failed after' "$log" | grep -vc '^✘ Test run with')
if [ "$passed" -eq 0 ]; then echo "No test was run." >&2; failed=1; fi
# The SDKs' tests are not Swift's, so a filter of those leaves them out.
if [ $# -eq 0 ]; then
    deploy/sdk/test.sh | tee "$log" || failed=1
    passed=$((passed + $(sed -nE 's/^sdk: ([0-9]+) passed.*/\1/p' "$log")))
    broken=$((broken + $(sed -nE 's/^sdk: .* ([0-9]+) failed.*/\1/p' "$log")))
fi
[ "$failed" -eq 0 ] || [ "$broken" -gt 0 ] || broken=1
echo "$passed passed, $broken failed"
exit "$failed"
