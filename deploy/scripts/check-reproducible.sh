#!/usr/bin/env bash
# Builds the current commit in two folders with different names, packs both, and compares the archives.
set -euo pipefail
cd "$(dirname "$0")/../.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for copy in one another/folder; do
    git clone --quiet . "$work/$copy"
    echo "Building in $work/$copy …"
    make --no-print-directory -C "$work/$copy" dist >/dev/null
done
if diff "$work/one/build/dist/SHA256SUMS" "$work/another/folder/build/dist/SHA256SUMS"; then
    echo "Reproducible: $(wc -l <"$work/one/build/dist/SHA256SUMS") archives are identical."
else
    echo "Not reproducible: the archives above differ." >&2
    exit 1
fi
