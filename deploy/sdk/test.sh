#!/usr/bin/env bash
# Runs the tests of both SDKs against the built runner and functions. The last line has the counts:
# "sdk: N passed, N failed, N skipped".
#
# First it installs the Python package into an environment of its own and checks the types with mypy, which needs PyPI.
# With OFFLINE=1 it tests the sources directly.
set -uo pipefail
cd "$(dirname "$0")"
root=$(cd ../.. && pwd)
export RUNNER="${RUNNER:-$root/build/bin/runner}" FUNCTIONS_DIR="${FUNCTIONS_DIR:-$root/build/functions}"
unset AINEXLAYER_API_KEY AINEXLAYER_BASE_URL

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0 failed=0 skipped=0
fail() {
    echo "$1" >&2
    failed=$((failed + 1))
}
# The number in the last line of a suite that matches: number PATTERN
number() { grep -oE "$1" "$work/log" | tail -1 | grep -oE '[0-9]+' || echo 0; }

python=python3
export PYTHONPATH="$PWD/python/src" PYTHONDONTWRITEBYTECODE=1
if [ "${OFFLINE:-}" != 1 ]; then
    cp -r python "$work/package"
    if python3 -m venv "$work/venv" && "$work/venv/bin/pip" install -q "$work/package" mypy; then
        python="$work/venv/bin/python"
        unset PYTHONPATH
        if (cd python && "$python" -m mypy --strict --cache-dir "$work/mypy" src tests); then
            passed=$((passed + 1))
        else
            fail "mypy found errors in the Python SDK"
        fi
    else
        fail "pip cannot install the Python SDK"
    fi
fi

(cd python && "$python" -W ignore::ResourceWarning -m unittest discover -s tests -t . -v) >"$work/log" 2>&1 ||
    grep -vE '\.\.\. ok$' "$work/log" >&2
grep -hoE "^test_[^ ]+ .*skipped '.*'" "$work/log" | sed -E 's/ .*skipped /: skipped /'
run=$(number '^Ran [0-9]+ test')
broken=$(($(number 'failures=[0-9]+') + $(number 'errors=[0-9]+')))
missed=$(number 'skipped=[0-9]+')
[ "$run" -gt 0 ] || fail "No test of the Python SDK ran."
passed=$((passed + run - broken - missed)) failed=$((failed + broken)) skipped=$((skipped + missed))

if command -v node >/dev/null; then
    (cd javascript && node --test test/*.test.js) >"$work/log" 2>&1 || cat "$work/log" >&2
    good=$(number '^(#|ℹ) pass [0-9]+')
    [ "$good" -gt 0 ] || fail "No test of the JavaScript SDK ran."
    grep -hE '(﹣ .*#|# SKIP) [a-z]' "$work/log" | sed -E 's/^ *(ok [0-9]+ - |﹣ )//; s/ (\([0-9.]+ms\) )?#( SKIP)?/: skipped/'
    broken=$(($(number '^(#|ℹ) fail [0-9]+') + $(number '^(#|ℹ) cancelled [0-9]+')))
    passed=$((passed + good)) failed=$((failed + broken)) skipped=$((skipped + $(number '^(#|ℹ) skipped [0-9]+')))
else
    echo "The JavaScript SDK was not tested, because node is missing: apt-get install nodejs" >&2
    skipped=$((skipped + 1))
fi

echo "sdk: $passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
