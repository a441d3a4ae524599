#!/usr/bin/env bash
# Makes an environment of Python packages from PyPI below .build, unless it is there: Tests/environment.sh SUITE
# What is in it is said by Tests/SUITE/requirements.txt.
set -euo pipefail
cd "$(dirname "$0")/.."
requirements=Tests/$1/requirements.txt environment=.build/environments/$1

cmp -s "$requirements" "$environment/requirements.txt" && exit
echo "Installing what Tests/$1 needs from PyPI"
python3 -m venv --clear "$environment" \
    && "$environment/bin/pip" install --quiet --disable-pip-version-check --requirement "$requirements" \
    && cp "$requirements" "$environment/requirements.txt" \
    || { echo "Tests/$1 needs python3-venv and PyPI." >&2; echo "0 passed, 1 failed"; exit 1; }
