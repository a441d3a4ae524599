#!/usr/bin/env bash
# Tests of functions and storage in a build that runs the body of every write twice and keeps the second run, to find bodies
# that change more than the database. It is a build of its own, below .build. TEST_DATABASE chooses the database, as for
# Tests/swift.sh.
set -uo pipefail
cd "$(dirname "$0")/../.."
build=.build/repeated-writes

swift build --build-tests --scratch-path "$build" -Xswiftc -DREPEAT_WRITES || { echo "0 passed, 1 failed"; exit 1; }
mkdir -p "$build/functions"
for folder in Functions/*; do
    name=$(basename "$folder" | sed -E 's/([a-z])([A-Z])/\1-\2/g' | tr '[:upper:]' '[:lower:]')
    ln -f "$build/debug/$name" "$build/functions/$name"
done
export FUNCTIONS_DIR="$PWD/$build/functions" RUNNER="$PWD/$build/debug/runner" REPEAT_WRITES=1
exec Tests/swift.sh --scratch-path "$build" --filter 'FunctionTests|StorageTests' "$@"
