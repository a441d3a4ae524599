#!/usr/bin/env python3
"""Starts an endpoint: its folder, its name in Package.swift, its tests, and its row in the tests of the contract.

    deploy/scripts/new.py rename-workspace
"""

from __future__ import annotations

import re
import sys

from generator.descriptions import ROOT

FUNCTION = '''\
import Endpoint
import Models

/// Says what the endpoint does, and whom it refuses.
@main struct {type}: Function {{
    static let route = Route.post(
        "{path}", tag: "Workspaces", summary: "{summary}")
    static let access = Access.member(.editor)

    struct Input: FunctionInput {{
        let name: String

        init(from fields: inout Fields) {{
            name = fields.required("name", .name(1...100))
        }}
    }}

    static func handle(_ input: Input, by member: Member, in call: Call) throws -> Empty {{
        Empty(message: "Hello, \\(input.name)")
    }}
}}
'''
TESTS = '''\
import Testing

@Suite struct {type}Tests {{
    let installation: Installation
    let token: String
    let workspace: String

    init() throws {{
        installation = try Installation()
        token = try installation.register()
        workspace = try installation.makeWorkspace(token)
    }}

    @Test func answers() throws {{
        let answer = try call(["name": "Ada"], token: token)
        #expect(answer.status == 200)
    }}

    @Test func refusesABadName() throws {{
        let answer = try call(["name": ""], token: token)
        #expect(answer.status == 422 && answer.code == "VALIDATION_ERROR")
    }}

    @Test func refusesStrangers() throws {{
        #expect(try call(["name": "Ada"], token: nil).status == 401)
        let stranger = try installation.register("stranger@example.com")
        #expect(try call(["name": "Ada"], token: stranger).status == 404)
    }}

    private func call(_ body: [String: Any], token: String?) throws -> Answer {{
        try installation.call("{name}", token: token, path: ["workspaceId": workspace], body: body)
    }}
}}
'''
CONTRACT = ROOT / "Tests" / "Contract" / "test_contract.py"
PACKAGE = ROOT / "Package.swift"
README = ROOT / "README.md"
SNAPSHOTS = ROOT / "Tests" / "FunctionTests" / "SnapshotStory.swift"
CALLS = '''        try recorder.call(
            "{name}", "It succeeds", as: "ada", ["workspaceId": workspace], body: #"{{"name": "Ada"}}"#)
        try recorder.call(
            "{name}", "Nobody is logged in", ["workspaceId": workspace], body: #"{{"name": "Ada"}}"#)
'''


def inserted(text: str, start: str, end: str, line: str) -> str:
    """The text with a line before the first `end` that follows `start`."""
    at = text.index(end, text.index(start)) + 1
    return text[:at] + line + text[at:]


def main(arguments: list[str]) -> int:
    if len(arguments) != 1 or not re.fullmatch("[a-z]+(-[a-z]+)+", arguments[0]):
        print("Name the operation with a verb and a noun in kebab-case: make new NAME=rename-workspace", file=sys.stderr)
        return 64
    name = arguments[0]
    verb, *nouns = name.split("-")
    kind = "".join(word.capitalize() for word in [verb, *nouns])
    source = ROOT / "Functions" / kind / f"{kind}.swift"
    tests = ROOT / "Tests" / "FunctionTests" / f"{kind}Tests.swift"
    if source.exists():
        print(f"{source.relative_to(ROOT)} already exists", file=sys.stderr)
        return 1
    values = {
        "name": name, "type": kind, "path": "/workspaces/{workspaceId}/" + (verb if nouns == ["workspace"] else name),
        "summary": f"{verb.capitalize()} a {' '.join(nouns)}"}
    source.parent.mkdir()
    source.write_text(FUNCTION.format(**values))
    tests.write_text(TESTS.format(**values))
    PACKAGE.write_text(inserted(PACKAGE.read_text(), "let functions = [", "\n]", f'    "{name}",\n'))
    row = f'    "{name}": (200, lambda w: {{"name": "Ada"}}),\n'
    CONTRACT.write_text(inserted(CONTRACT.read_text(), "SUCCESS = {", "\n}", row))
    SNAPSHOTS.write_text(inserted(
        SNAPSHOTS.read_text(), "func additions(to workspace", "\n    }", CALLS.format(**values)))
    README.write_text(inserted(
        README.read_text(), "| method and path", "\n| no route", f"| POST `{values['path']}` | `{name}` |\n"))
    for path, what in (
            (source, "decide here: path, access, input, answer"), (tests, "a good call, a bad one, two strangers"),
            (CONTRACT, "a call that succeeds"), (SNAPSHOTS, "a call that succeeds, and one that is refused"),
            (PACKAGE, "its name"), (README, "its path")):
        print(f"{path.relative_to(ROOT)}: {what}")
    print(f"Then run: make build && build/functions/{name} --help")
    print("To record its snapshot, run: RECORD_SNAPSHOTS=1 deploy/scripts/test.sh --filter SnapshotTests")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
