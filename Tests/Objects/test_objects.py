"""Uploaded files in a store of objects, through the real runner."""

import datetime
import hashlib
import threading
import time
import unittest
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from gateway import Gateway
from store import Store

LARGE = 5 << 20


def multipart(name, content):
    return (b"--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" + name.encode()
            + b"\"\r\nContent-Type: text/plain\r\n\r\n" + content + b"\r\n--x--\r\n")


def text(size, seed=""):
    """Lines of words, which are few distinct ones, so that indexing is quick."""
    line = f"The harbour lantern {seed} keeps the copper meadow.\n".encode()
    return (line * (size // len(line) + 1))[:size]


def key(content):
    sha256 = hashlib.sha256(content).hexdigest()
    return f"blobs/{sha256[:2]}/{sha256}"


def fetch(url, method="GET", data=None, **headers):
    request = urllib.request.Request(
        url, data, {name.replace("_", "-"): value for name, value in headers.items()}, method=method)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()


class NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


class ObjectCase(unittest.TestCase):
    def setUp(self):
        self.store = Store()
        self.addCleanup(self.store.close)

    def begin(self, prefix="", **variables):
        gateway = Gateway(**{**self.store.variables(prefix), "EMBEDDING": "off", **variables})
        self.addCleanup(gateway.close)
        gateway.token = gateway.register()
        gateway.space = self.make_space(gateway)
        return gateway

    def make_space(self, gateway):
        return gateway.call("POST", "/workspaces", {"name": "W"}, gateway.token).data["id"]

    def upload(self, gateway, content, name="a.txt", space=None):
        return gateway.call(
            "POST", f"/workspaces/{space or gateway.space}/documents", multipart(name, content), gateway.token,
            Content_Type="multipart/form-data; boundary=x")

    def path(self, gateway, document, space=None):
        return f"/workspaces/{space or gateway.space}/documents/{document}"

    def content(self, gateway, document, **headers):
        """Without following redirects."""
        request = urllib.request.Request(
            gateway.url + self.path(gateway, document) + "/content",
            headers={"Authorization": f"Bearer {gateway.token}", **headers})
        try:
            with urllib.request.build_opener(NoRedirects).open(request, timeout=60) as answer:
                return answer.status, answer.headers, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.headers, error.read()

    def eventually(self, condition, what, seconds=15):
        deadline = time.monotonic() + seconds
        while not condition():
            self.assertLess(time.monotonic(), deadline, what)
            time.sleep(0.05)


class DocumentTests(ObjectCase):
    def test_a_document_is_an_object_from_its_upload_to_its_removal(self):
        gateway, content = self.begin("team/a"), text(1000)
        document = self.upload(gateway, content).data["id"]
        self.assertEqual(self.store.keys(), ["team/a/" + key(content)])
        self.assertEqual(self.store.bytes("team/a/" + key(content)), content)
        self.assertFalse((gateway.data / "blobs").exists())
        status, headers, body = self.content(gateway, document)
        self.assertEqual((status, body), (200, content))
        self.assertEqual(self.content(gateway, document, **{"If-None-Match": headers["ETag"]})[0], 304)
        status, headers, body = self.content(gateway, document, Range="bytes=10-19")
        self.assertEqual((status, headers["Content-Range"], body), (206, "bytes 10-19/1000", content[10:20]))
        self.assertEqual(self.content(gateway, document, Range="bytes=-5")[2], content[-5:])
        self.assertEqual(self.content(gateway, document, Range="bytes=2000-")[0], 416)
        self.assertEqual(gateway.call("DELETE", self.path(gateway, document), token=gateway.token).status, 200)
        self.eventually(lambda: not self.store.keys(), "the object is removed")

    def test_two_documents_share_an_object_until_both_are_removed(self):
        gateway, content = self.begin(), text(500)
        other = self.make_space(gateway)
        first, second = self.upload(gateway, content).data["id"], self.upload(gateway, content, space=other).data["id"]
        self.assertEqual(self.store.keys(), [key(content)])
        gateway.call("DELETE", self.path(gateway, first), token=gateway.token)
        gateway.pipe("run-jobs", {})
        self.assertEqual(self.store.keys(), [key(content)])
        gateway.call("DELETE", self.path(gateway, second, other), token=gateway.token)
        self.eventually(lambda: not self.store.keys(), "the object is removed")

    def test_a_workspace_is_removed_with_many_objects(self):
        gateway = self.begin()
        for number in range(60):
            self.assertEqual(self.upload(gateway, text(60, number), f"{number}.txt").status, 201)
        self.assertEqual(len(self.store.keys()), 60)
        self.assertEqual(gateway.call("DELETE", f"/workspaces/{gateway.space}", token=gateway.token).status, 200)
        self.eventually(lambda: not self.store.keys(), "the objects are removed")

    def test_prefixes_with_what_signatures_and_urls_encode(self):
        for prefix in ("a=b", "a b", "a*b", "ä€😀", "a+b", "a%b", "(x)!'~", "a&b?c#d", "a:b@c,d;e$"):
            with self.subTest(prefix):
                gateway, content = self.begin(prefix), text(300, "odd")
                answer = self.upload(gateway, content)
                self.assertEqual(answer.status, 201, answer.body)
                self.assertEqual(self.store.keys(prefix), [f"{prefix}/{key(content)}"])
                document = answer.data["id"]
                self.assertEqual(self.content(gateway, document)[2], content)
                gateway.call("DELETE", self.path(gateway, document), token=gateway.token)
                self.eventually(lambda: not self.store.keys(prefix), "the object is removed")

    def test_a_large_document_is_read_from_the_store(self):
        gateway, content = self.begin("p q", BLOBS_REDIRECT_BYTES="100000"), text(150_000)
        document = self.upload(gateway, content, "große \"Datei\".txt").data["id"]
        status, headers, body = self.content(gateway, document)
        self.assertEqual((status, body, headers["Cache-Control"]), (307, b"", "no-store"))
        url = headers["Location"]
        self.assertTrue(url.startswith(self.store.endpoint + "/documents/p%20q/blobs/"), url)
        query = dict(parse_qsl(urlsplit(url).query))
        at = datetime.datetime.strptime(query["X-Amz-Date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=datetime.timezone.utc)
        host = urlsplit(url).netloc
        self.assertEqual(self.store.presigned_query("GET", url, {"host": host}, at), query)
        self.assertNotIn(self.store.secret, url)
        status, headers, body = fetch(url)
        self.assertEqual((status, body), (200, content))
        self.assertIn("filename*=UTF-8''gro%C3%9Fe", headers["Content-Disposition"])
        self.assertTrue(headers["Content-Disposition"].startswith("attachment;"))
        status, headers, body = fetch(url, Range="bytes=5-104")
        self.assertEqual((status, headers["Content-Range"], body), (206, "bytes 5-104/150000", content[5:105]))
        self.assertEqual(fetch(url.replace("blobs", "blobz"))[0], 403)
        # A small part of it comes from us.
        self.assertEqual(self.content(gateway, document, Range="bytes=5-104")[2], content[5:105])

    def test_no_redirect_where_they_are_switched_off(self):
        gateway, content = self.begin(BLOBS_REDIRECT_BYTES="0"), text(LARGE)
        document = self.upload(gateway, content).data["id"]
        status, _, body = self.content(gateway, document)
        self.assertEqual((status, hashlib.sha256(body).digest()), (200, hashlib.sha256(content).digest()))


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
        self.assertEqual(gateway.call("GET", f"/workspaces/{gateway.space}/documents", token=gateway.token).json["data"], [])

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
        self.eventually(lambda: self.store.keys() == [key(text(200))], "the object is removed", seconds=90)

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
