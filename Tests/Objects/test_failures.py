"""A store that fails, and credentials."""

import contextlib
import sqlite3
import threading
import time
import unittest
from pathlib import Path

from object_case import ObjectCase, fetch, key, text


class FailureTests(ObjectCase):
    def health(self, gateway):
        answer = gateway.call("GET", "/health")
        checks = answer.json["data"]["checks"] if answer.status == 200 else answer.json["error"]["details"]
        return answer.status, checks["storage"]

    def test_health_names_the_store(self):
        status, storage = self.health(self.begin())
        self.assertEqual((status, storage["store"], storage["status"]), (200, "s3", "ok"))

    def test_wrong_credentials_are_a_clear_503_without_secrets(self):
        gateway = self.begin(AWS_SECRET_ACCESS_KEY="a-wrong-secret-that-nobody-may-see")
        answer = self.upload(gateway, text(100))
        self.assertEqual((answer.status, answer.code), (503, "SERVICE_UNAVAILABLE"))
        self.assertIn("refused the installation's credentials", answer.json["error"]["message"])
        status, storage = self.health(gateway)
        self.assertEqual((status, storage["status"]), (503, "failed"))
        self.assertIn("credentials", storage["reason"])
        log = gateway.runner.log_file.read_text()
        self.assertIn("SignatureDoesNotMatch", log)
        self.assertNotIn("a-wrong-secret", log)
        listed = gateway.call("GET", f"/workspaces/{gateway.space}/documents", token=gateway.token)
        self.assertEqual(listed.json["data"], [])

    def test_a_missing_bucket_is_named(self):
        variables = self.store.variables()
        variables["BLOBS"] = variables["BLOBS"].replace("documents", "nowhere")
        answer = self.upload(self.begin(**variables), text(100))
        self.assertEqual(answer.status, 503)
        self.assertIn("bucket does not exist", answer.json["error"]["message"])

    def test_while_the_store_is_down_only_files_are_unavailable(self):
        gateway, content = self.begin(), text(400)
        document = self.upload(gateway, content).data["id"]
        self.store.stop()
        began = time.monotonic()
        answer = self.upload(gateway, text(200))
        self.assertEqual(answer.status, 503)
        self.assertIn("cannot be reached", answer.json["error"]["message"])
        self.assertLess(time.monotonic() - began, 10)
        self.assertEqual(self.content(gateway, document)[0], 503)
        self.assertEqual(self.health(gateway)[1]["status"], "failed")
        self.assertEqual(gateway.call("GET", self.path(gateway, document), token=gateway.token).status, 200)
        # What is deleted meanwhile is removed later.
        self.assertEqual(gateway.call("DELETE", self.path(gateway, document), token=gateway.token).status, 200)
        gateway.pipe("run-jobs", {})
        self.store.start()
        self.assertEqual(self.store.keys(), [key(content)])
        self.assertEqual(self.upload(gateway, text(200)).status, 201)
        # The next attempt waits a minute.
        with contextlib.closing(sqlite3.connect(gateway.data / "nexlayer.db", timeout=10)) as database, database:
            database.execute("UPDATE jobs SET due_at = 0 WHERE kind = 'orphans'")
        self.eventually(lambda: self.store.keys() == [key(text(200))], "the object is removed")

    def test_temporary_failures_are_retried(self):
        gateway = self.begin()
        for failures in ([503, 500], [429], [502, 503, 504]):
            with self.subTest(failures):
                self.store.failures = list(failures)
                self.assertEqual(self.upload(gateway, text(100, str(failures))).status, 201)
                self.assertEqual(self.store.failures, [])
        self.store.failures = [503] * 4
        self.assertEqual(self.upload(gateway, text(101)).status, 503)
        self.store.failures = []

    def test_secrets_are_no_arguments(self):
        gateway = self.begin()
        self.store.delay = 0.5
        upload = threading.Thread(target=self.upload, args=(gateway, text(100)))
        upload.start()
        seen = []
        while upload.is_alive():
            for path in Path("/proc").glob("[0-9]*/cmdline"):
                try:
                    arguments = path.read_bytes()
                except OSError:
                    continue
                if b"curl" in arguments:
                    seen.append(arguments)
            time.sleep(0.02)
        upload.join()
        self.assertTrue(seen)
        for arguments in seen:
            for secret in (self.store.secret, self.store.key_id, "AWS4-HMAC", "X-Amz"):
                self.assertNotIn(secret.encode(), arguments)

    def test_credentials_of_a_container(self):
        gateway = self.begin(
            AWS_ACCESS_KEY_ID="", AWS_SECRET_ACCESS_KEY="", BLOBS_REDIRECT_BYTES="500",
            AWS_CONTAINER_CREDENTIALS_FULL_URI=f"{self.store.endpoint}/credentials",
            AWS_CONTAINER_AUTHORIZATION_TOKEN="Bearer of a container")
        content = text(600)
        answer = self.upload(gateway, content)
        self.assertEqual(answer.status, 201, answer.body)
        url = self.content(gateway, answer.data["id"])[1]["Location"]
        self.assertEqual(fetch(url)[2], content)

    def test_credentials_that_cannot_be_fetched(self):
        gateway = self.begin(
            AWS_ACCESS_KEY_ID="", AWS_SECRET_ACCESS_KEY="",
            AWS_CONTAINER_CREDENTIALS_FULL_URI=f"{self.store.endpoint}/credentials",
            AWS_CONTAINER_AUTHORIZATION_TOKEN="another")
        answer = self.upload(gateway, text(100))
        self.assertEqual(answer.status, 503)
        self.assertIn("credentials cannot be fetched", answer.json["error"]["message"])


if __name__ == "__main__":
    unittest.main()
