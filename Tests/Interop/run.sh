#!/usr/bin/env bash
# Tests against programs of others, from PyPI, in an environment of their own below .build.
# Closes with the counts: "N passed, N failed".
set -uo pipefail
cd "$(dirname "$0")/../.."
environment=.build/interop
requirements=Tests/Interop/requirements.txt

if ! cmp -s "$requirements" "$environment/requirements.txt"; then
    echo "Installing what Tests/Interop needs from PyPI"
    python3 -m venv --clear "$environment" \
        && "$environment/bin/pip" install --quiet --disable-pip-version-check --requirement "$requirements" \
        && cp "$requirements" "$environment/requirements.txt" \
        || { echo "Tests/Interop needs python3-venv and PyPI." >&2; echo "0 passed, 1 failed"; exit 1; }
fi
log=$(mktemp)
trap 'rm -f "$log"' EXIT
PYTHONDONTWRITEBYTECODE=1 "$environment/bin/python" -m unittest discover --verbose --start-directory Tests/Interop "$@" 2>&1 | tee "$log"
status=${PIPESTATUS[0]}
run=$(sed -nE 's/^Ran ([0-9]+) tests? in .*/\1/p' "$log" | tail -1)
failed=$(grep -cE '^(FAIL|ERROR): ' "$log")
if [ "$status" -ne 0 ] && [ "$failed" -eq 0 ]; then failed=1; fi
if [ "${run:-0}" -eq 0 ]; then failed=1 status=1; fi
echo "$((${run:-0} - (failed < ${run:-0} ? failed : ${run:-0}))) passed, $failed failed"
exit "$status"
