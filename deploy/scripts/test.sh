#!/usr/bin/env bash
# Runs every test. The last line has the counts: "N passed, N failed".
# With arguments, it runs only the Swift tests that they choose: deploy/scripts/test.sh --filter Chat
# With OFFLINE=1, it skips what needs PyPI.
set -uo pipefail
cd "$(dirname "$0")/../.."
export FUNCTIONS_DIR="$PWD/build/functions" RUNNER="$PWD/build/bin/runner"

log=$(mktemp)
trap 'rm -f "$log"' EXIT
passed=0 failed=0
# Runs one suite and adds its counts.
suite() {
    "$@" | tee "$log"
    local status=${PIPESTATUS[0]} counts
    counts=$(grep -E '[0-9]+ passed, [0-9]+ failed' "$log" | tail -1)
    local good bad
    good=$(grep -oE '[0-9]+ passed' <<<"$counts" | grep -oE '[0-9]+') bad=$(grep -oE '[0-9]+ failed' <<<"$counts" | grep -oE '[0-9]+')
    if [ "$status" -ne 0 ] && [ "${bad:-0}" -eq 0 ]; then bad=1; fi
    passed=$((passed + ${good:-0})) failed=$((failed + ${bad:-0}))
}

# Suites again on PostgreSQL, and through PgBouncer with two connections. CI must have both programs. `make torture` runs
# the others, which take long there. Later versions of PostgreSQL get the contract only.
again_on_postgres() {
    local postgres=(python3 Tests/TestSupport/Python/postgres.py)
    "${postgres[@]}" --is-installed || { [ -z "${CI:-}" ] || failed=$((failed + 1)); return; }
    suite env TEST_DATABASE=postgres Tests/swift.sh --filter FunctionTests
    suite "${postgres[@]}" Tests/unittest.sh python3 Tests/Contract
    suite "${postgres[@]}" Tests/Conformance/run.sh -k test_conformance
    suite "${postgres[@]}" --pooler Tests/unittest.sh python3 Tests/Contract
    suite "${postgres[@]}" --pooler Tests/Conformance/run.sh -k RunnerTests -k PipeTests
    if [ "${OFFLINE:-}" = 1 ]; then
        echo "SKIPPED, and so not tested here: PostgreSQL 16 and 18, which come from PyPI"
    else
        suite Tests/PostgresVersions/run.sh
    fi
}

suite deploy/scripts/check.sh
suite Tests/swift.sh "$@"
if [ $# -eq 0 ]; then
    suite Tests/unittest.sh python3 Tests/Checks
    suite Tests/unittest.sh python3 Tests/Contract
    suite Tests/unittest.sh python3 Tests/Faults
    suite Tests/unittest.sh python3 Tests/Torture
    suite Tests/Encryption/run.sh
    suite Tests/unittest.sh python3 Tests/Gateways
    suite Tests/Conformance/run.sh
    suite deploy/sdk/test.sh
    suite Tests/Browser/test_docs.py
    suite Tests/unittest.sh python3 Tests/Browser
    suite Tests/Browser/test_inspector.py
    [ "${OFFLINE:-}" = 1 ] || suite Tests/Objects/run.sh
    [ "${OFFLINE:-}" = 1 ] || suite Tests/Interop/run.sh
    again_on_postgres
fi
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
