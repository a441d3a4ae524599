#!/usr/bin/env bash
# Runs the same cases for every way in. Arguments go to unittest: Tests/Conformance/run.sh -k Apache
# AWS's emulator of Lambda and its tools come from PyPI: with OFFLINE=1, what needs them is left out.
set -uo pipefail
cd "$(dirname "$0")/../.."
export PYTHONPATH="$PWD/Tests/Conformance" SAM_CLI_TELEMETRY=0

# Elsewhere a server that is not installed is left out; CI must have them all.
if [ -n "${CI:-}" ]; then
    for program in nginx fcgiwrap spawn-fcgi apache2 lighttpd; do
        PATH=$PATH:/usr/sbin command -v "$program" >/dev/null && continue
        echo "Tests/Conformance needs $program; deploy/scripts/dependencies.sh tests installs it." >&2
        echo "0 passed, 1 failed"
        exit 1
    done
fi

python=python3
if [ "${OFFLINE:-}" != 1 ]; then
    Tests/environment.sh Conformance || exit
    python=$PWD/.build/environments/Conformance/bin/python
    emulators=$("$python" -c 'import pathlib, samcli; print(pathlib.Path(samcli.__file__).parent / "local" / "rapid")')
    export LAMBDA_EMULATOR="$emulators/aws-lambda-rie-$(uname -m | sed s/aarch64/arm64/)" SAM="${python%/*}/sam"
fi
exec Tests/unittest.sh "$python" Tests/Conformance "$@"
