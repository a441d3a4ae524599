#!/usr/bin/env bash
# Builds the client of PostgreSQL with OpenSSL, static as it ships, and tests its connections.
# Closes with the counts: "N passed, N failed". CI must have what this needs.
set -uo pipefail
cd "$(dirname "$0")/../.."
missing=()
[ -e /usr/include/openssl/ssl.h ] || missing+=(libssl-dev)
command -v openssl >/dev/null || missing+=(openssl)
if [ ${#missing[@]} -gt 0 ]; then
    echo "✘ SKIPPED: TLS is not tested, because something is not installed: apt-get install ${missing[*]}" >&2
    echo "0 passed, $([ -z "${CI:-}" ] && echo 0 || echo 1) failed"
    [ -z "${CI:-}" ]
    exit
fi
CONNECT=$(NEXLAYER_TLS=openssl make --no-print-directory connect | tail -1)
export CONNECT
if [ ! -x "$CONNECT" ]; then
    echo "The client cannot be built with OpenSSL: NEXLAYER_TLS=openssl make connect" >&2
    echo "0 passed, 1 failed"
    exit 1
fi
exec Tests/unittest.sh python3 Tests/Encryption "$@"
