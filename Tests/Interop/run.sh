#!/usr/bin/env bash
# Tests against programs of others, from PyPI, in an environment of their own below .build.
set -uo pipefail
cd "$(dirname "$0")/../.."

Tests/environment.sh Interop || exit
exec Tests/unittest.sh .build/environments/Interop/bin/python Tests/Interop "$@"
