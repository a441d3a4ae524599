"""PostgreSQL and PgBouncer as processes of a test, in a temporary folder and below an unprivileged account."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.parse
from pathlib import Path
from typing import Any

ACCOUNT = "postgres"
"""The account that the servers run as if this program is root's: they refuse root's. Debian's package creates it."""
USER, NAME = "ainexlayer", "ainexlayer"
SECRET = "elephants never forget"


def programs() -> Path | None:
    """The folder of PostgreSQL's programs: PG_BIN, or the newest that Debian installed."""
    if "PG_BIN" in os.environ:
        return Path(os.environ["PG_BIN"])
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[-3]))
    return found[-1].parent if found else None


needs_postgres = unittest.skipUnless(programs(), "PostgreSQL is not installed: apt-get install postgresql")
needs_pgbouncer = unittest.skipUnless(
    shutil.which("pgbouncer", path="/usr/sbin:/usr/bin"), "PgBouncer is not installed: apt-get install pgbouncer")


def as_account(*command: Any) -> list[str]:
    prefix = ["setpriv", f"--reuid={ACCOUNT}", f"--regid={ACCOUNT}", "--init-groups"] if os.geteuid() == 0 else []
    return [*prefix, *map(str, command)]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def own(folder: Path) -> Path:
    """A folder that the servers' account may write to, and reach."""
    folder.mkdir(parents=True, exist_ok=True)
    if os.geteuid() == 0:
        shutil.chown(folder, ACCOUNT, ACCOUNT)
        for parent in folder.parents:
            if parent.stat().st_uid == 0 and not parent.stat().st_mode & 0o001:
                parent.chmod(parent.stat().st_mode | 0o011)
    return folder


class PostgresServer:
    """A cluster with one role, which may create databases and logs in with SCRAM-SHA-256, on a free port of 127.0.0.1 and
    on a Unix socket, where no password is asked for."""

    def __init__(self, folder: Path, *, fsync: bool = False, connections: int = 400, **settings: str) -> None:
        found = programs()
        if not found:
            raise unittest.SkipTest("PostgreSQL is not installed")
        self.programs, self.folder, self.port = found, own(folder), free_port()
        self.settings = {"fsync": "on" if fsync else "off", "max_connections": str(connections), **settings}
        self.data = self.folder / "cluster"
        self.run("initdb", "--no-sync", "--username=admin", "--auth-local=trust", "--auth-host=scram-sha-256",
                 "--encoding=UTF8", "--locale=C.UTF-8", "--pgdata", self.data)
        self.start()
        self.rows(f"CREATE ROLE {USER} LOGIN CREATEDB PASSWORD '{SECRET}'", database="postgres")
        self.create(NAME)

    def run(self, program: str, *arguments: Any) -> str:
        done = subprocess.run(as_account(self.programs / program, *arguments), cwd=self.folder, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if done.returncode:
            raise RuntimeError(f"{program}: {done.stdout[-2000:]}")
        return done.stdout

    def start(self) -> None:
        options = {**self.settings, "port": str(self.port), "listen_addresses": "127.0.0.1",
                   "unix_socket_directories": str(self.folder)}
        self.run("pg_ctl", "start", "--wait", "--silent", "--pgdata", self.data, "--log", self.folder / "postgres.log",
                 "--options", " ".join(f"-c {name}='{value}'" for name, value in options.items()))

    def stop(self, mode: str = "fast") -> None:
        self.run("pg_ctl", "stop", "--wait", "--silent", "--mode", mode, "--pgdata", self.data)

    def crash(self) -> None:
        """Ends all its processes at once, as a crash would, and starts it again, which recovers from its log."""
        self.stop("immediate")
        self.start()

    def close(self) -> None:
        if (self.data / "postmaster.pid").exists():
            self.stop("immediate")

    def __enter__(self) -> PostgresServer:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def url(self, database: str = NAME, *, socket: bool = False, port: int | None = None, **options: str) -> str:
        """An address for DATABASE_URL. Through the socket, it needs no password."""
        query = "&".join(f"{name}={value}" for name, value in options.items())
        if socket:
            return f"postgres://{USER}@/{database}?host={self.folder}&port={port or self.port}" + (query and f"&{query}")
        password = SECRET.replace(" ", "%20")
        return f"postgres://{USER}:{password}@127.0.0.1:{port or self.port}/{database}" + (query and f"?{query}")

    def create(self, database: str) -> None:
        self.rows(f'CREATE DATABASE "{database}" OWNER {USER} TEMPLATE template0', database="postgres")

    def rows(self, sql: str, *, database: str = NAME) -> list[tuple[Any, ...]]:
        """The rows of a statement, with values as JSON has them: a bytea is its text `\\\\x…`."""
        if sql.lstrip().upper().startswith(("SELECT", "WITH")):
            sql = f"SELECT row_to_json(q) FROM ({sql}) q"
        said = self.run("psql", "--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--host", self.folder, "--port",
                        self.port, "--username=admin", "--set=ON_ERROR_STOP=1", "--dbname", database, "--command", sql)
        def values(pairs: list[tuple[str, Any]]) -> tuple[Any, ...]:  # of columns that may have the same name
            return tuple(value for _, value in pairs)

        return [json.loads(line, object_pairs_hook=values) for line in said.splitlines() if line.startswith("{")]


def variables(data: Path | str) -> dict[str, str]:
    """What the functions of a data folder need beside DATA_DIR: with TEST_DATABASE_URL, a database of their own on that
    server, which is made at the first call; otherwise nothing, and they use SQLite."""
    address = os.environ.get("TEST_DATABASE_URL")
    if not address:
        return {}
    parts = urllib.parse.urlsplit(address)
    name = "test_" + hashlib.sha256(str(data).encode()).hexdigest()[:16]
    if name not in created:
        done = subprocess.run(
            ["psql", "--no-psqlrc", "--quiet", "--dbname", urllib.parse.urlunsplit(parts._replace(query="")), "--command",
             f"CREATE DATABASE {name} TEMPLATE template0"], capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(done.stderr)
        created.add(name)
    return {"DATABASE_URL": urllib.parse.urlunsplit(parts._replace(path=f"/{name}"))}


created: set[str] = set()
"""The databases that `variables` has made."""


class PgBouncer:
    """PgBouncer in transaction mode in front of a server, on a free port of 127.0.0.1 and on a Unix socket."""

    def __init__(self, server: PostgresServer, *, pool: int = 2, **settings: object) -> None:
        self.server, self.port, self.folder = server, free_port(), server.folder
        configuration = self.folder / "pgbouncer.ini"
        added = "".join(f"{name} = {value}\n" for name, value in {"auth_type": "trust", **settings}.items())
        configuration.write_text(f"""\
[databases]
* = host={server.folder} port={server.port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {self.port}
unix_socket_dir = {self.folder}
auth_file = {self.folder}/userlist.txt
pool_mode = transaction
default_pool_size = {pool}
max_client_conn = 1000
log_connections = 0
log_disconnections = 0
{added}""")
        (self.folder / "userlist.txt").write_text(f'"{USER}" "{SECRET}"\n')
        with (self.folder / "pgbouncer.log").open("ab") as log:
            self.process = subprocess.Popen(
                as_account(shutil.which("pgbouncer", path="/usr/sbin:/usr/bin"), configuration), cwd=self.folder,
                stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        deadline = time.monotonic() + 20
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return
            except OSError:
                if self.process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError((self.folder / "pgbouncer.log").read_text()[-2000:]) from None
                time.sleep(0.02)

    def url(self, database: str = NAME, **options: str) -> str:
        """An address for DATABASE_URL. Debian 12's PgBouncer cannot keep prepared statements."""
        return self.server.url(database, port=self.port, **{"prepared": "no", **options})

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def __enter__(self) -> PgBouncer:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def main() -> int:
    """Runs a command with TEST_DATABASE_URL: postgres.py [--pooler] COMMAND [ARGUMENT…]

    `postgres.py --is-installed` only looks for the programs, and says what is missing.
    """
    arguments = sys.argv[1:]
    if arguments == ["--is-installed"]:
        missing = [] if programs() else ["postgresql"]
        missing += [] if shutil.which("pgbouncer", path="/usr/sbin:/usr/bin") else ["pgbouncer"]
        if missing:
            print(f"SKIPPED, and so not tested here: PostgreSQL; apt-get install {' '.join(missing)}")
        return len(missing)
    pooled = arguments[:1] == ["--pooler"]
    command = arguments[1:] if pooled else arguments
    with tempfile.TemporaryDirectory(prefix="postgres-") as folder, PostgresServer(Path(folder)) as server:
        pooler = PgBouncer(server) if pooled else None
        try:
            url = pooler.url("postgres") if pooler else server.url("postgres")
            return subprocess.run(command, env={**os.environ, "TEST_DATABASE_URL": url}).returncode
        finally:
            if pooler:
                pooler.close()


if __name__ == "__main__":
    sys.exit(main())
