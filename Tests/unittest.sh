#!/usr/bin/env bash
# Runs a folder of Python tests: Tests/unittest.sh PYTHON FOLDER [ARGUMENT…]
# A test that takes over TEST_TIMEOUT seconds (600) fails. Closes with the counts: "N passed, N failed".
set -uo pipefail
cd "$(dirname "$0")/.."
python=$1 folder=$2
shift 2
log=$(mktemp)
trap 'rm -f "$log"' EXIT

export PYTHONDONTWRITEBYTECODE=1 PYTHONPATH="$PWD/Tests/TestSupport/Python"
"$python" -m watched discover --verbose --start-directory "$folder" "$@" 2>&1 | tee "$log" | grep --line-buffered -v ' \.\.\. ok$'
status=${PIPESTATUS[0]}
run=$(sed -nE 's/^Ran ([0-9]+) tests? in .*/\1/p' "$log" | tail -1)
# A test with failing parts is one test that failed.
failed=$(sed -nE 's/^(FAIL|ERROR): ([^ ]+) .*/\2/p' "$log" | sort -u | wc -l)
if [ "${run:-0}" -eq 0 ]; then echo "No test was run." >&2; status=1; fi
if [ "$status" -ne 0 ] && [ "$failed" -eq 0 ]; then failed=1; fi
echo "$((${run:-0} > failed ? run - failed : 0)) passed, $failed failed"
exit "$status"
