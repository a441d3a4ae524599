"""A server that has TLS, and the client that was built for it."""

from __future__ import annotations

import atexit
import functools
import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path
from typing import Any

from certificates import Authority, Terminator
from postgres import ACCOUNT, NAME, SECRET, USER, PostgresServer, needs_postgres, own

CONNECT = os.environ["CONNECT"]
VERSION = "SELECT coalesce(version, 'none') FROM pg_stat_ssl WHERE pid = pg_backend_pid()"
RULES = f"""\
local all all trust
hostnossl all only_tls all reject
hostssl all only_plain all reject
hostssl all in_the_clear all password
hostnossl all in_the_clear all password
host all all all scram-sha-256
"""


@functools.cache
def started() -> tuple[Path, PostgresServer, Authority, Authority]:
    """A folder, a server that all tests share, the authority that vouches for it, and another. They end with the program."""
    temporary = tempfile.TemporaryDirectory(prefix="tls-")
    atexit.register(temporary.cleanup)
    folder = Path(temporary.name)
    trusted, stranger = Authority(own(folder), "authority"), Authority(folder, "stranger")
    certificate, key = trusted.issue("server", "DNS:localhost")
    if os.geteuid() == 0:
        shutil.chown(key, ACCOUNT)
    server = PostgresServer(folder / "pg", ssl="on", ssl_cert_file=str(certificate), ssl_key_file=str(key))
    atexit.register(server.close)
    for role in ("only_tls", "only_plain", "in_the_clear"):
        server.rows(f"CREATE ROLE {role} LOGIN PASSWORD '{SECRET}'", database="postgres")
    (server.data / "pg_hba.conf").write_text(RULES)
    server.rows("SELECT pg_reload_conf()", database="postgres")
    return folder, server, trusted, stranger


@needs_postgres
class TLSTestCase(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.folder, cls.server, cls.trusted, cls.stranger = started()

    def run_client(self, *statements: str, host: str = "localhost", port: int | None = None, user: str = USER,
                   root: Path | None = None, environment: dict[str, str] | None = None,
                   **options: str) -> subprocess.CompletedProcess[str]:
        if root:
            options["sslrootcert"] = str(root)
        query = "&".join(f"{name}={value}" for name, value in options.items())
        password = SECRET.replace(" ", "%20")
        url = f"postgres://{user}:{password}@{host}:{port or self.server.port}/{NAME}?{query}"
        return subprocess.run([CONNECT, *(statements or [VERSION])], capture_output=True, text=True, timeout=30,
                              env={"DATABASE_URL": url, **(environment or {})})

    def assert_connects(self, expected: str = "TLSv1.3", **arguments: object) -> None:
        done = self.run_client(**arguments)
        self.assertEqual((done.returncode, done.stderr, done.stdout.strip()), (0, "", expected))

    def assert_refused(self, *words: str, **arguments: object) -> None:
        done = self.run_client(**arguments)
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        for word in words:
            self.assertIn(word, done.stderr)
        self.assertNotIn(SECRET, done.stderr)

    def front(self, certificate: tuple[Path, Path], **options: Any) -> Terminator:
        return self.enterContext(Terminator(certificate, self.server.port, **options))
