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
# Reads PDF. Everything else works without it, so that it is missing holds nobody up.
optional=()
command -v pdftotext >/dev/null || optional=(poppler-utils)
[ ${#missing[@]} -eq 0 ] && [ ${#optional[@]} -eq 0 ] && exit 0

install() {
    echo "Installing $* …"
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$@" >/dev/null
}
if [ "$(id -u)" -eq 0 ]; then
    [ ${#missing[@]} -eq 0 ] || install "${missing[@]}"
    [ ${#optional[@]} -eq 0 ] || install "${optional[@]}" || echo "Without ${optional[*]}, PDF cannot be read." >&2
elif [ ${#missing[@]} -gt 0 ]; then
    echo "Some Debian packages are missing. Install them with:" >&2
    echo "    sudo apt-get install ${missing[*]} ${optional[*]}" >&2
    exit 1
else
    echo "PDF cannot be read until you install one more package: sudo apt-get install ${optional[*]}" >&2
fi
