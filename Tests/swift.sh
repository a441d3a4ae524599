#!/usr/bin/env bash
# Runs the tests that are written in Swift, against the built executables. Arguments go to
# `swift test`. Closes with the counts: "N passed, N failed".
set -uo pipefail
cd "$(dirname "$0")/.."
# Tests/Encryption tests TLS.
unset NEXLAYER_TLS
log=$(mktemp)
trap 'rm -f "$log"' EXIT

# No `swift test --parallel`: Swift Testing runs its tests side by side in one process already.
swift test --disable-xctest ${REPEAT_WRITES:+-Xswiftc -DREPEAT_WRITES} "$@" 2>&1 | tee "$log" | grep --line-buffered -vE '^◇|^✔ Test |^\[[0-9]+/[0-9]+\]'
status=${PIPESTATUS[0]}
passed=$(grep -E '^✔ Test .* passed after' "$log" | grep -vc '^✔ Test run with')
failed=$(grep -E '^✘ Test .* failed after' "$log" | grep -vc '^✘ Test run with')
if [ "$passed" -eq 0 ]; then echo "No test was run." >&2; status=1; fi
if [ "$status" -ne 0 ] && [ "$failed" -eq 0 ]; then failed=1; fi
echo "$passed passed, $failed failed"
exit "$status"
