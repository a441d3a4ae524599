"""Which certificates of servers are accepted."""

from __future__ import annotations

import ssl
import unittest
import warnings
from pathlib import Path

from certificates import Authority
from client import TLSTestCase


class CertificateTests(TLSTestCase):
    def test_an_expired_certificate_is_refused(self) -> None:
        front = self.front(self.trusted.issue("expired", "DNS:localhost", days=-1))
        self.assert_refused("expired", "sslrootcert", port=front.port, root=self.trusted.file)
        self.assert_connects("none", port=front.port, sslmode="require")

    def test_addresses_are_compared_with_addresses(self) -> None:
        front = self.front(self.trusted.issue("address", "IP:127.0.0.1"))
        self.assert_connects("none", host="127.0.0.1", port=front.port, root=self.trusted.file)
        self.assert_refused("not for localhost", port=front.port, root=self.trusted.file)
        front = self.front(self.trusted.issue("text", "DNS:127.0.0.1"))
        self.assert_refused("not for 127.0.0.1", host="127.0.0.1", port=front.port, root=self.trusted.file)

    def test_the_server_is_told_its_name_and_never_an_address(self) -> None:
        front = self.front(self.trusted.issue("both", "DNS:localhost,IP:127.0.0.1"))
        for host in ("localhost", "127.0.0.1"):
            self.assert_connects("none", host=host, port=front.port, root=self.trusted.file)
        self.assert_connects("none", port=front.port, sslmode="require")
        self.assertEqual(front.names, ["localhost", None, "localhost"])

    def test_versions_before_1_2_are_refused(self) -> None:
        certificate = self.trusted.issue("old", "DNS:localhost")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            front = self.front(certificate, minimum=ssl.TLSVersion.TLSv1, maximum=ssl.TLSVersion.TLSv1_1)
        self.assert_refused("TLS with localhost", port=front.port, root=self.trusted.file)
        front = self.front(certificate, maximum=ssl.TLSVersion.TLSv1_2)
        self.assert_connects("none", port=front.port, root=self.trusted.file)

    def test_a_self_signed_certificate_is_accepted_only_where_it_is_an_authority(self) -> None:
        front = self.front((self.stranger.file, self.folder / "stranger.key"))
        self.assert_refused("self-signed", "sslrootcert", port=front.port, root=self.trusted.file)
        self.assert_connects("none", port=front.port, root=self.stranger.file)

    def test_intermediate_authorities_come_from_the_server(self) -> None:
        certificate, key, chain = self.chain("intermediate", "CA:TRUE")
        self.assert_refused("certificate", port=self.front((certificate, key)).port, root=self.trusted.file)
        self.assert_connects("none", port=self.front((chain, key)).port, root=self.trusted.file)

    def test_only_an_authority_can_issue(self) -> None:
        _, key, chain = self.chain("pretender", "CA:FALSE")
        self.assert_refused("certificate", port=self.front((chain, key)).port, root=self.trusted.file)

    def chain(self, name: str, constraints: str) -> tuple[Path, Path, Path]:
        """A certificate, its key, and the certificate with that of `name`, which has issued it."""
        issuer = Authority(self.folder, name, self.trusted.issue(name, constraints=constraints)[0])
        certificate, key = issuer.issue(f"{name}-leaf", "DNS:localhost")
        chain = self.folder / f"{name}.chain"
        chain.write_text(certificate.read_text() + issuer.file.read_text())
        return certificate, key, chain

    def test_the_common_name_counts_where_there_is_no_other(self) -> None:
        front = self.front(self.trusted.issue("common", subject="localhost"))
        self.assert_connects("none", port=front.port, root=self.trusted.file)
        front = self.front(self.trusted.issue("uncommon", "DNS:db.example", subject="localhost"))
        self.assert_refused("not for localhost", port=front.port, root=self.trusted.file)


if __name__ == "__main__":
    unittest.main()
