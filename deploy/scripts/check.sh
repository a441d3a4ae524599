#!/usr/bin/env bash
# Prints what the sources must not contain, and exits with 1 if there is any.
set -u
cd "$(dirname "$0")/../.."
status=0
refuse() {
    [ -z "$2" ] && return
    printf '%s:\n%s\n\n' "$1" "$2" >&2
    status=1
}

# Statements stand at the beginning of a line or of a string. The real fence is that `SQL` and the connection are internal
# to Storage; this also finds text that another module would hand to it. Postgres begins and ends transactions itself.
sql='(^|")[[:space:]]*(SELECT|INSERT|REPLACE|UPDATE|DELETE|WITH|CREATE|ALTER|DROP|PRAGMA|BEGIN|ATTACH|VACUUM)([[:space:]]|$)'
refuse "SQL belongs in Shared/Storage" \
    "$(grep -rnE "$sql" Functions Runner Shared --include='*.swift' | grep -vE '^Shared/(Storage/|Postgres/Transaction.swift)')"
refuse "Input must not be able to end a process" \
    "$(grep -rnE 'try!|\bas!|fatalError\(' Functions Runner Shared --include='*.swift')"
refuse "Functions import neither Foundation nor FoundationEssentials" \
    "$(grep -rnE '^import Foundation' Functions Runner Shared --include='*.swift')"
refuse "The package depends on no other" "$(grep -n '\.package(' Package.swift)"
refuse "Parse protocol text by bytes or scalars, never by Character (Shared/Wire/ByteSearch.swift)" \
    "$(deploy/scripts/check-text.sh)"
refuse "Modules import only what Shared/README.md allows" "$(deploy/scripts/check_modules.py 2>&1)"
refuse "Files have at most 300 lines, are generated, or give the reason in the first line" "$(deploy/scripts/check_lengths.py 2>&1)"
refuse "A TODO, FIXME or XXX" "$(grep -rnE '\b(TODO|FIXME|XXX)\b' Functions Runner Shared Tests --include='*.swift')"
refuse "Run \`make format\`" \
    "$(swift format lint --strict --recursive --parallel Package.swift Functions Shared Runner Tests 2>&1 | head -40)"
exit $status
