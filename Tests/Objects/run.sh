#!/usr/bin/env bash
# Tests of uploaded files in a store of objects: moto, from PyPI, in an environment of its own below .build.
set -uo pipefail
cd "$(dirname "$0")/../.."

Tests/environment.sh Objects || exit
exec Tests/unittest.sh .build/environments/Objects/bin/python Tests/Objects "$@"
