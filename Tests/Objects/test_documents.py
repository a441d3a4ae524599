"""Documents whose bytes are objects, from their upload to their removal."""

import datetime
import hashlib
import unittest
from urllib.parse import parse_qsl, urlsplit

from object_case import ObjectCase, fetch, key, text

LARGE = 5 << 20


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


if __name__ == "__main__":
    unittest.main()
