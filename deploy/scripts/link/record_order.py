#!/usr/bin/env python3
"""Records which code a cold start runs and which variables it touches, so that the linker can place them side by side
(`order.txt`).

The first access to a page costs a fault. A cold start touches a hundred pages if they are spread over the whole
executable, and half of that if they are adjacent. The linker ignores names that a build does not have, so an old record
is less useful but never wrong. Needs valgrind and nm, and takes a minute:

    deploy/scripts/link/record_order.py && make build
"""

import bisect
import json
import re
import subprocess
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
FUNCTIONS = ROOT / "build" / "functions"
ORDER = Path(__file__).resolve().parent / "order.txt"


def call(name, folder, envelope, tool=(), trace="/dev/null"):
    """The answer's data. Valgrind's `tool` writes its trace to `trace`."""
    command = ["valgrind", *tool, *[f"--log-file={trace}"], FUNCTIONS / name] if tool else [FUNCTIONS / name]
    answer = subprocess.run(command, input=json.dumps(envelope).encode() + b"\n", env={"DATA_DIR": str(folder)},
                            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True).stdout
    return json.loads(json.loads(answer)["body"])["data"]


def code(name, folder, envelope, trace):
    """The names of the functions that run, in the order of their first call."""
    call(name, folder, envelope, ["--tool=callgrind", "--demangle=no", f"--callgrind-out-file={trace}"])
    for symbol in re.findall(r"^c?fn=\(\d+\) (?!0x)(\S+)", trace.read_text(), re.MULTILINE):
        yield re.sub(r"'\d+$", "", symbol)


def variables(name, folder, envelope, trace):
    """The names of the variables that are touched, in the order of their first use."""
    table = subprocess.run(["nm", "--numeric-sort", "--print-size", FUNCTIONS / name],
                           stdout=subprocess.PIPE, text=True, check=True).stdout
    symbols = [(int(start, 16), int(size, 16), symbol)
               for start, size, symbol in re.findall(r"^(\w+) (\w+) [bdrBDR] (\S+)$", table, re.MULTILINE)]
    starts = [start for start, _, _ in symbols]
    call(name, folder, envelope, ["--tool=lackey", "--trace-mem=yes", "--basic-counts=no"], trace)
    with trace.open() as lines:
        for line in lines:
            access = re.match(r" [SLM] (\w+),", line)
            if not access:
                continue
            address = int(access[1], 16)
            start, size, symbol = symbols[max(0, bisect.bisect(starts, address) - 1)]
            if start <= address < start + size:
                yield symbol


def main():
    subprocess.run(["make", "build", "STRIP=-Xlinker --strip-debug"], cwd=ROOT, check=True)
    with tempfile.TemporaryDirectory() as name:
        folder, trace = Path(name) / "data", Path(name) / "trace"
        token = call("register", folder, {
            "body": {"email": "order@example.com", "password": "correct horse", "name": "Order"}})["token"]
        headers = {"authorization": f"Bearer {token}"}
        workspace = call("create-workspace", folder, {"headers": headers, "body": {"name": "Order"}})["id"]
        inside = {"headers": headers, "pathParameters": {"workspaceId": workspace}}
        # Without a hit, a search would not run what most searches wait for.
        text = "\n\n".join(f"## Part {number}\n\nThe notice period of part {number} is two months, and a party that "
                           "orders goods may withdraw from the order within it." for number in range(6))
        form = ('--XX\r\nContent-Disposition: form-data; name="file"; filename="order.md"\r\n\r\n'
                f"{text}\r\n--XX--\r\n")
        call("upload-document", folder, {**inside, "body": form, "headers": {
            **headers, "content-type": "multipart/form-data; boundary=XX"}})
        seen = {}
        for function, envelope in [
            ("list-workspaces", {"headers": headers}),
            ("create-workspace", {"headers": headers, "body": {"name": "Another"}}),
            ("search-documents", {**inside, "body": {"query": "notice periods of an order"}}),
        ]:
            seen.update(dict.fromkeys(code(function, folder, envelope, trace)))
            seen.update(dict.fromkeys(variables(function, folder, envelope, trace)))
    ORDER.write_text("".join(f"{symbol}\n" for symbol in seen))
    print(f"{ORDER.relative_to(ROOT)}: {len(seen)} names")


main()
