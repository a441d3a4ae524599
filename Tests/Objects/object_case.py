"""The real runner over a store of objects."""

import hashlib
import time
import unittest
import urllib.error
import urllib.request

from gateway import Gateway
from store import Store


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
