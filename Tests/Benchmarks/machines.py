"""PostgreSQL beside SQLite: requests of one function, and several runners on one server.

Everything runs on this machine, the server too, so two runners share what two machines would each have. Every figure of
PostgreSQL stands next to one of SQLite from the same minute.
"""

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

from bench import FUNCTIONS, ROOT, Installation, cold, show
from runner import RUNNER, Load, free_port, server

sys.path.insert(0, str(ROOT / "Tests" / "TestSupport" / "Python"))
from postgres import PgBouncer, PostgresServer, programs  # noqa: E402

MACHINES, CONNECTIONS = (1, 2, 4), 8
WRITERS, WRITES, CHATS = 16, 200, 25
"""Processes that write at once, and how many writes and chats each does."""


def processor_time(work, *arguments):
    """Seconds of the children that `work` starts and waits for."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    work(*arguments)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def new_process(installation, count=60):
    """Milliseconds of a listing in a new process: the least processor time, and the median until it ends."""
    line, listing = installation.envelope().encode(), str(FUNCTIONS / "list-workspaces")
    walls, times = [], []
    for _ in range(count):
        times.append(processor_time(lambda: walls.append(cold(listing, installation.environment, line))))
    return min(times) * 1000, statistics.median(walls)


def warm(installation, pipe, folder, count=5000):
    """Microseconds of a listing in a warm process: the median, and its processor time."""
    line = folder / "line"
    line.write_text(installation.envelope())
    listing = FUNCTIONS / "list-workspaces"

    def median(requests):
        said = subprocess.run([pipe, listing, line, str(requests)], env=installation.environment, stdout=subprocess.PIPE,
                              text=True, check=True).stdout
        return float(said)

    wall = median(count)
    # Twice as many requests: what a process costs, and the program that measures, is in both.
    few, many = processor_time(median, count), processor_time(median, 2 * count)
    return wall, (many - few) / count * 1e6


def bench_listing(installations, folder):
    pipe = folder / "pipe"
    subprocess.run(["cc", "-O2", "-D_GNU_SOURCE", "-o", pipe, ROOT / "Tests/Benchmarks/pipe.c"], check=True)
    figures = {name: (*new_process(each), *warm(each, pipe, folder)) for name, each in installations.items()}
    targets = {"PostgreSQL, SCRAM": (2.2, None, 200, 60), "PgBouncer on a socket": (1.5, 5, None, None)}
    for name, (time_, wall, median, used) in figures.items():
        most = targets.get(name, (None,) * 4)

        def judged(what, value, target, unit):
            show(f"{name}: {what}", f"{value:.1f} {unit}", f"{target} {unit}" if target else "told, not judged",
                 not target or value <= target)
        judged("cold, processor time", time_, most[0], "ms")
        judged("cold, until it ends", wall, most[1], "ms")
        judged("warm", median, most[2], "µs")
        judged("warm, processor time", used, most[3], "µs")


def bench_runners(installations, folder):
    for name, installation in installations.items():
        for count in MACHINES if name.startswith("Post") else MACHINES[:1]:
            with ExitStack() as stack:
                ports = [free_port() for _ in range(count)]
                for number, port in enumerate(ports):
                    environment = {**os.environ, **installation.environment}
                    if name.startswith("Post"):
                        environment["DATA_DIR"] = str(folder / f"machine-{number}")
                    command = [RUNNER, "serve", "--port", str(port), "--quiet", "--functions", FUNCTIONS]
                    stack.enter_context(server(command, environment, port, installation.token))
                with ThreadPoolExecutor(count) as pool:
                    loads = list(pool.map(lambda port: Load(port, installation.token, CONNECTIONS, 4), ports))
            rate, judged = sum(load.rate for load in loads), count == MACHINES[-1]
            show(f"{name}: listings, {count} runner{'s' * (count > 1)}", f"{rate:,.0f}/s",
                 "4,000/s together" if judged else "told, not judged", not judged or rate >= 4000)


def writes(installation, function, count=WRITES, **fields):
    """Writes a second of processes that write at once, and how many failed."""
    text = (installation.envelope(**fields) * count).encode()

    def one(_):
        answers = subprocess.run([FUNCTIONS / function], input=text, env=installation.environment,
                                 stdout=subprocess.PIPE, check=True).stdout.splitlines()
        return sum(json.loads(answer)["statusCode"] >= 400 for answer in answers)

    started = time.perf_counter()
    with ThreadPoolExecutor(WRITERS) as pool:
        failed = sum(pool.map(one, range(WRITERS)))
    return WRITERS * count / (time.perf_counter() - started), failed


def bench_writes(installations):
    rates = {}
    for name in ("SQLite", "PostgreSQL, SCRAM"):
        installation = installations[name]
        workspace = installation.call("create-workspace", body={"name": "Hot"})["id"]
        place, question = {"workspaceId": workspace}, {"message": "Who lights the lamp?"}
        conversation = installation.call("send-message", pathParameters=place, body=question)["conversationId"]
        rates[name] = (
            writes(installation, "create-workspace", body={"name": "Another"}),
            writes(installation, "update-workspace", pathParameters=place, body={"name": "Hot"}),
            writes(installation, "send-message", CHATS, pathParameters=place,
                   body={**question, "conversationId": conversation}))
    (ours, failed), (hot, hot_failed), (chats, chats_failed) = rates["PostgreSQL, SCRAM"]
    theirs = rates["SQLite"][0][0]
    show(f"{WRITERS} processes write rows of their own", f"{ours:,.0f}/s, {ours / theirs:.1f} × SQLite's {theirs:,.0f}/s",
         "3 ×, no error", ours >= 3 * theirs and not failed)
    show(f"{WRITERS} processes write one row", f"{hot:,.0f}/s (SQLite {rates['SQLite'][1][0]:,.0f}/s), {hot_failed} errors",
         "no error", not hot_failed)
    show(f"{WRITERS} processes chat in one conversation",
         f"{chats:,.0f}/s (SQLite {rates['SQLite'][2][0]:,.0f}/s), {chats_failed} errors", "no error", not chats_failed)


def main():
    if not programs():
        return print("        PostgreSQL is not installed: apt-get install postgresql pgbouncer")
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        served = stack.enter_context(PostgresServer(folder / "server", fsync=True))
        pooler = stack.enter_context(PgBouncer(served, pool=16))
        addresses = {
            "SQLite": None, "PostgreSQL, SCRAM": served.url(), "PostgreSQL on a socket": served.url(socket=True),
            "PgBouncer on a socket": served.url(socket=True, port=pooler.port, prepared="no")}
        installations, first = {}, None
        for number, (each, address) in enumerate(addresses.items()):
            variables = {"DATABASE_URL": address} if address else {}
            if address and first:  # the same rows through another address
                made = Installation.__new__(Installation)
                made.functions, made.token = FUNCTIONS, first.token
                made.environment = {**first.environment, "DATA_DIR": str(folder / f"data-{number}"), **variables}
            else:
                made = Installation(folder / f"data-{number}", variables)
                made.run("create-workspace", "".join(
                    made.envelope(body={"name": f"Workspace {row}"}) for row in range(25)))
            first = first or (made if address else None)
            installations[each] = made
        bench_listing(installations, folder)
        bench_runners({each: installations[each] for each in ("SQLite", "PostgreSQL, SCRAM")}, folder)
        bench_writes(installations)


if __name__ == "__main__":
    main()
