#!/usr/bin/env bash
# Begins an endpoint: its folder, its name in Package.swift and its test, ready to be filled.
set -euo pipefail
cd "$(dirname "$0")/../.."

name=${1:-}
if ! [[ "$name" =~ ^[a-z]+(-[a-z]+)+$ ]]; then
    echo "Give the operation's name as a verb and a noun in kebab-case: make new NAME=rename-workspace" >&2
    exit 64
fi
type=$(sed -E 's/(^|-)([a-z])/\U\2/g' <<<"$name")
source=Functions/$type/$type.swift
test=Tests/FunctionTests/${type}Tests.swift
[ -e "$source" ] && { echo "$source is there already" >&2; exit 1; }

mkdir -p "Functions/$type"
cat >"$source" <<SWIFT
import Endpoint
import FunctionRuntime
import Models

/// Says what the endpoint does, and whom it turns away.
@main struct $type: Function {
    static let route = Route.post(
        "/workspaces/{workspaceId}/$name", tag: "Workspaces", summary: "Say it in a line")
    static let access = Access.member(.editor)

    struct Input: FunctionInput {
        let name: String

        init(from fields: inout Fields) {
            name = fields.required("name", .name(1...100))
        }
    }

    static func handle(_ input: Input, by member: Member, in context: Context) throws -> Acknowledged {
        Acknowledged("Hello, \\(input.name)")
    }
}
SWIFT
cat >"$test" <<SWIFT
import Testing

@Suite struct ${type}Tests {
    @Test func answers() throws {
        let installation = try Installation()
        let token = try installation.register()
        let workspace = try installation.makeWorkspace(token)
        let answer = try installation.call(
            "$name", token: token, path: ["workspaceId": workspace], body: ["name": "Ada"])
        #expect(answer.status == 200)
    }
}
SWIFT
sed -i "0,/^]/s/^]/    \"$name\",\n]/" Package.swift
echo "Made $source, $test, and its name in Package.swift."
echo "Next: fill them in, then: make build && build/functions/$name --help"
echo "make test then asks for a row in Tests/Contract/test_contract.py and for the method in the SDKs (deploy/sdk/README.md)."
