"""PgBouncer with the configuration that operators get, as deploy/postgres/README.md describes it: the functions reach it
through a Unix socket, and it reaches PostgreSQL through TLS, whose certificate it verifies."""

from __future__ import annotations

import getpass
import json
import os
import re
import shutil
import subprocess
import tempfile
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import postgres
from harness import eventually
from running import FUNCTIONS, ROOT, UNLIMITED

CONFIGURATION = ROOT / "deploy" / "postgres" / "pgbouncer.ini"
# Whom the socket lets in without a password: the operating system's user.
ACCOUNT = getpass.getuser()


class Certificates:
    """An authority, and a certificate of it for a server at 127.0.0.1."""

    def __init__(self, folder: Path) -> None:
        self.authority, self.certificate, self.key = (folder / name for name in ("ca.crt", "server.crt", "server.key"))
        key, request, names = (folder / name for name in ("ca.key", "server.csr", "names"))
        names.write_text("subjectAltName = IP:127.0.0.1\n")
        new = ("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
        self.run(*new, "-x509", "-keyout", key, "-out", self.authority, "-days", "2", "-subj", "/CN=Authority")
        self.run(*new, "-keyout", self.key, "-out", request, "-subj", "/CN=server")
        self.run("x509", "-req", "-in", request, "-CA", self.authority, "-CAkey", key, "-CAcreateserial", "-days", "2",
                 "-extfile", names, "-out", self.certificate)
        self.key.chmod(0o600)
        self.authority.chmod(0o644)
        if os.geteuid() == 0:
            shutil.chown(self.key, postgres.ACCOUNT)

    @staticmethod
    def run(*words: Any) -> None:
        subprocess.run(["openssl", *map(str, words)], check=True, capture_output=True)


@postgres.needs_postgres
@postgres.needs_pgbouncer
class PgBouncerTests(unittest.TestCase):
    def setUp(self) -> None:
        self.folder = postgres.own(Path(self.enterContext(tempfile.TemporaryDirectory(prefix="pgbouncer-"))))
        self.certificates = Certificates(self.folder)
        self.server = postgres.PostgresServer(
            self.folder / "server", ssl="on", ssl_cert_file=str(self.certificates.certificate),
            ssl_key_file=str(self.certificates.key))
        self.addCleanup(self.server.close)
        self.server.rows(f"CREATE ROLE {ACCOUNT} LOGIN PASSWORD '{postgres.SECRET}'", database="postgres")
        self.server.rows(f"ALTER DATABASE {postgres.NAME} OWNER TO {ACCOUNT}", database="postgres")

    def start(self, authority: Path) -> None:
        """Starts PgBouncer as the README says, but for ports, paths and the account."""
        self.port, text = postgres.free_port(), CONFIGURATION.read_text()
        for pattern, value in [
            (r"(?<= host=127\.0\.0\.1 port=)5432(?= )", self.server.port), (r"(?<=^listen_port = )6432$", self.port),
            (r"(?<=^unix_socket_dir = )/run/postgresql$", self.folder),
            (r"(?<=^auth_hba_file = )/etc/pgbouncer/hba\.conf$", self.folder / "hba.conf"),
            (r"(?<=^auth_file = )/etc/pgbouncer/userlist\.txt$", self.folder / "userlist.txt"),
            (r"(?<=^server_tls_ca_file = )/etc/ssl/certs/ca-certificates\.crt$", authority),
        ]:
            text, count = re.subn(pattern, str(value), text, flags=re.MULTILINE)
            self.assertEqual(count, 1, f"{pattern} in {CONFIGURATION}")
        (self.folder / "pgbouncer.ini").write_text(text)
        (self.folder / "hba.conf").write_text(f"local all {ACCOUNT} peer\n")
        (self.folder / "userlist.txt").write_text(f'"{ACCOUNT}" "{postgres.SECRET}"\n')
        with (self.folder / "pgbouncer.log").open("wb") as log:
            process = subprocess.Popen(
                postgres.as_account(shutil.which("pgbouncer", path="/usr/sbin:/usr/bin"), "pgbouncer.ini"),
                cwd=self.folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        self.addCleanup(process.wait, 30)
        self.addCleanup(process.kill)
        eventually((self.folder / f".s.PGSQL.{self.port}").exists, "the socket of PgBouncer")

    def call(self, function: str, body: Any = None, token: str | None = None, **path: str) -> Any:
        envelope = {"headers": {"authorization": f"Bearer {token}"} if token else {}, "pathParameters": path, "body": body}
        url = f"postgres:///{postgres.NAME}?host={self.folder}&port={self.port}&user={ACCOUNT}&prepared=no"
        done = subprocess.run([FUNCTIONS / function], input=json.dumps(envelope), capture_output=True, text=True, env={
            "PATH": os.environ["PATH"], "DATA_DIR": str(self.folder / "data"), "DATABASE_URL": url, **UNLIMITED})
        answer = json.loads(done.stdout)
        return {"status": answer["statusCode"], "log": done.stderr, **json.loads(answer["body"])}

    def test_requests_go_through_it(self) -> None:
        self.start(self.certificates.authority)
        made = self.call("register", {"email": "ada@example.com", "password": "correct horse", "name": "Ada"})
        self.assertEqual(made["status"], 201, made)
        token = made["data"]["token"]
        # More at once than it has connections to the server.
        with ThreadPoolExecutor(40) as threads:
            all_made = list(threads.map(
                lambda number: self.call("create-workspace", {"name": f"Number {number}"}, token), range(40)))
        self.assertEqual({each["status"] for each in all_made}, {201}, all_made)
        self.assertEqual(self.call("list-workspaces", token=token)["pagination"]["total"], 40)
        sessions = self.server.rows(
            f"SELECT ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE usename = '{ACCOUNT}'")
        self.assertTrue(0 < len(sessions) <= 16 and all(ssl for ssl, in sessions), sessions)

    def test_it_refuses_a_server_with_another_certificate(self) -> None:
        others = self.folder / "others"
        others.mkdir()
        others.chmod(0o755)
        self.start(Certificates(others).authority)
        self.assertEqual(self.call("health")["status"], 503)
        self.assertIn("certificate", (self.folder / "pgbouncer.log").read_text())
