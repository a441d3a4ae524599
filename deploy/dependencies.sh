#!/usr/bin/env bash
# Installs the Debian packages that the build needs, or names the command that does.
set -eu

if ! command -v swift >/dev/null; then
    echo "Swift 6.3 is missing: https://www.swift.org/install/linux/" >&2
    exit 1
fi

missing=()
[ -e /usr/include/sqlite3.h ] || missing+=(libsqlite3-dev)
[ -e /usr/include/crypt.h ] || missing+=(libcrypt-dev)
command -v curl >/dev/null || missing+=(curl)
command -v python3 >/dev/null || missing+=(python3)
[ ${#missing[@]} -eq 0 ] && exit 0

if [ "$(id -u)" -eq 0 ]; then
    echo "Installing ${missing[*]} …"
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${missing[@]}" >/dev/null
else
    echo "Some Debian packages are missing. Install them with:" >&2
    echo "    sudo apt-get install ${missing[*]}" >&2
    exit 1
fi
