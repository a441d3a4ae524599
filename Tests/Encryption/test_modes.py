"""What the options of an address mean: which connections use TLS, and what the server must prove."""

from __future__ import annotations

import subprocess
import unittest
from pathlib import Path

from certificates import Authority
from client import CONNECT, VERSION, TLSTestCase
from postgres import NAME, USER, PgBouncer, PostgresServer, needs_pgbouncer, own


class ModeTests(TLSTestCase):
    def test_connections_to_other_machines_verify_the_name_by_default(self) -> None:
        # 0.0.0.0 leads to this machine, but is no loopback address.
        self.assert_refused("certificate of 0.0.0.0", "issuer", "ca-certificates.crt", "sslrootcert=", host="0.0.0.0")
        self.assert_refused("not for 0.0.0.0", host="0.0.0.0", root=self.trusted.file)
        front = self.front(self.trusted.issue("other", "IP:0.0.0.0"))
        self.assert_connects("none", host="0.0.0.0", port=front.port, root=self.trusted.file)
        self.assertEqual(len(front.names), 1)

    def test_connections_to_this_machine_are_plain_unless_the_url_asks_for_proof(self) -> None:
        for host in ("localhost", "127.0.0.1", "[::ffff:127.0.0.1]"):
            self.assert_connects("none", host=host)
        self.assert_connects(root=self.trusted.file)
        self.assert_refused("not for 127.0.0.1", "sslrootcert", host="127.0.0.1", root=self.trusted.file)
        self.assert_refused("ca-certificates.crt", channel_binding="require")

    def test_a_variable_names_the_systems_authorities(self) -> None:
        for options in ({"sslmode": "verify-full"}, {"sslrootcert": "system"}):
            self.assert_connects(environment={"SSL_CERT_FILE": str(self.trusted.file)}, **options)
            self.assert_refused("stranger.pem", environment={"SSL_CERT_FILE": str(self.stranger.file)}, **options)
            self.assert_refused("/nonexistent", "SSL_CERT_FILE", environment={"SSL_CERT_FILE": "/nonexistent"}, **options)
        self.assert_connects(environment={"SSL_CERT_FILE": "/nonexistent"}, root=self.trusted.file)
        for mode in ("disable", "prefer", "require", "verify-ca"):
            self.assert_refused("sslrootcert=system needs", sslmode=mode, sslrootcert="system")

    def test_an_authority_is_found_among_many(self) -> None:
        many = self.folder / "many.pem"
        system = Path("/etc/ssl/certs/ca-certificates.crt")
        many.write_text("# comment\n" + (system.read_text() if system.exists() else "")
                        + self.stranger.file.read_text() + self.trusted.file.read_text())
        self.assert_connects(root=many)
        namesake = Authority(own(self.folder / "other"), "authority")
        many.write_text(namesake.file.read_text() + self.trusted.file.read_text())
        self.assert_connects(root=many)
        self.assert_refused("certificate", root=namesake.file)

    def test_an_unknown_authority_is_refused_unless_nobody_asks(self) -> None:
        for mode in ("verify-ca", "verify-full", "require"):
            self.assert_refused("certificate", "stranger.pem", sslmode=mode, root=self.stranger.file)
        for mode in ("require", "prefer", "allow"):
            self.assert_connects(sslmode=mode)

    def test_only_verify_full_asks_for_the_name(self) -> None:
        for mode in ("verify-ca", "require"):
            self.assert_connects(host="127.0.0.1", sslmode=mode, root=self.trusted.file)
        self.assert_refused("not for 127.0.0.1", host="127.0.0.1", sslmode="verify-full", root=self.trusted.file)

    def test_the_servers_rules_are_reported(self) -> None:
        self.assert_connects("none", sslmode="disable")
        self.assert_connects("none", sslmode="disable", user="only_plain")
        self.assert_connects(sslmode="prefer", user="only_tls")
        self.assert_refused("pg_hba.conf", "no encryption", sslmode="disable", user="only_tls")
        self.assert_refused("pg_hba.conf", sslmode="require", user="only_plain")

    def test_a_server_without_tls_is_refused_unless_the_mode_allows_it(self) -> None:
        plain = self.enterContext(PostgresServer(self.folder / "plain"))
        for mode in ("require", "verify-ca", "verify-full"):
            self.assert_refused("does not use TLS", "sslmode=disable", port=plain.port, sslmode=mode)
        self.assert_refused("does not use TLS", host="0.0.0.0", port=plain.port)
        for mode in ("disable", "allow", "prefer"):
            self.assert_connects("none", port=plain.port, sslmode=mode)

    def test_a_socket_in_a_folder_has_no_tls(self) -> None:
        url = f"postgres://{USER}@/{NAME}?host={self.server.folder}&port={self.server.port}&sslmode=verify-full"
        done = subprocess.run([CONNECT, VERSION], capture_output=True, text=True, env={"DATABASE_URL": url})
        self.assertEqual((done.stdout.strip(), done.stderr), ("none", ""))

    def test_a_password_is_sent_only_to_a_server_that_has_proved_its_name(self) -> None:
        self.assert_connects(user="in_the_clear", root=self.trusted.file)
        for mode in ("disable", "prefer", "require"):
            self.assert_refused("verify-full", user="in_the_clear", sslmode=mode)

    def test_whoever_stands_between_cannot_pass_a_login_on(self) -> None:
        self.assert_connects(sslmode="require", channel_binding="require")
        between = self.front(self.stranger.issue("between", "DNS:localhost"), encrypts=True)
        for use in ("prefer", "require"):
            self.assert_refused("channel binding", port=between.port, sslmode="require", channel_binding=use)
        self.assert_connects(port=between.port, sslmode="require", channel_binding="disable")
        end = self.front(self.trusted.issue("end", "DNS:localhost"))
        self.assert_connects("none", port=end.port, root=self.trusted.file)
        self.assert_refused("channel_binding=require", port=end.port, root=self.trusted.file, channel_binding="require")
        self.assert_refused("channel_binding=require", user="in_the_clear", root=self.trusted.file, channel_binding="require")

    @needs_pgbouncer
    def test_a_pooler_without_channel_binding_is_reached(self) -> None:
        certificate, key = self.folder / "server.crt", self.folder / "server.key"
        pooler = self.enterContext(PgBouncer(
            self.server, auth_type="scram-sha-256", client_tls_sslmode="require", client_tls_cert_file=certificate,
            client_tls_key_file=key))
        self.assert_connects("none", port=pooler.port, root=self.trusted.file, prepared="no")
        self.assert_refused("channel_binding=require", port=pooler.port, root=self.trusted.file, channel_binding="require")

    def test_a_file_of_authorities_that_is_none_is_named(self) -> None:
        for path in (self.folder / "nonexistent", self.folder / "authority.key", self.folder):
            self.assert_refused(str(path), "sslrootcert", root=path)


if __name__ == "__main__":
    unittest.main()
