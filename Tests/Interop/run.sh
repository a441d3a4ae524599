#!/usr/bin/env bash
# Tests against programs of others, from PyPI, in an environment of their own below .build.
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
exec Tests/unittest.sh "$environment/bin/python" Tests/Interop "$@"
