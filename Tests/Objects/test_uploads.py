"""Uploads that go to the store around the gateway."""

import hashlib
import unittest

from gateway import Gateway
from object_case import ObjectCase, fetch, key, text


class UploadTests(ObjectCase):
    def prepare(self, gateway, content, **other):
        return gateway.call(
            "POST", f"/workspaces/{gateway.space}/documents/uploads",
            {"size": len(content), "sha256": hashlib.sha256(content).hexdigest(), **other}, gateway.token)

    def finish(self, gateway, upload, token=None, **fields):
        return gateway.call(
            "POST", f"/workspaces/{gateway.space}/documents", {"uploadId": upload, **fields}, token or gateway.token)

    def send(self, prepared, content, **headers):
        return fetch(prepared["url"], "PUT", content, Content_Type="application/octet-stream",
                     **{**prepared["headers"], **headers})[0]

    def test_an_upload_goes_around_the_gateway(self):
        gateway, content = self.begin("p"), text(3000, "direct")
        answer = self.prepare(gateway, content)
        self.assertEqual(answer.status, 201, answer.body)
        prepared = answer.data
        self.assertEqual(set(prepared), {"uploadId", "url", "headers", "expiresAt"})
        self.assertEqual(self.finish(gateway, prepared["uploadId"]).status, 409)
        self.assertEqual(self.send(prepared, content), 200)
        self.assertEqual(self.store.keys(), ["p/uploads/" + prepared["uploadId"]])
        answer = self.finish(gateway, prepared["uploadId"], name="direct.txt", metadata={"a": 1}, language="de")
        self.assertEqual(answer.status, 201, answer.body)
        document = answer.data
        self.assertEqual((document["name"], document["size"], document["metadata"], document["language"]),
                         ("direct.txt", 3000, {"a": 1}, "de"))
        self.assertEqual(self.store.keys(), ["p/" + key(content)])
        self.assertEqual(self.content(gateway, document["id"])[2], content)
        self.assertEqual(self.finish(gateway, prepared["uploadId"]).status, 404)

    def test_other_bytes_than_announced_are_refused(self):
        gateway, content = self.begin(), text(3000)
        prepared = self.prepare(gateway, content).data
        self.assertEqual(self.send(prepared, content[:-1] + b"!"), 400, "the store checks the hash")
        self.assertEqual(self.send(prepared, content + b"!"), 403, "and the length, which is signed")
        # A store that checks nothing.
        self.store.client.put_object(
            Bucket="documents", Key="uploads/" + prepared["uploadId"], Body=content[:-1] + b"!")
        answer = self.finish(gateway, prepared["uploadId"])
        self.assertEqual((answer.status, answer.code), (422, "VALIDATION_ERROR"))
        self.store.client.put_object(Bucket="documents", Key="uploads/" + prepared["uploadId"], Body=content + b"more")
        self.assertIn(self.finish(gateway, prepared["uploadId"]).status, (422, 503))

    def test_only_who_began_it_can_finish_it(self):
        gateway, content = self.begin(), text(100)
        prepared = self.prepare(gateway, content).data
        self.send(prepared, content)
        other = self.make_space(gateway)
        answer = gateway.call(
            "POST", f"/workspaces/{other}/documents", {"uploadId": prepared["uploadId"]}, gateway.token)
        self.assertEqual(answer.status, 404)

    def test_what_is_no_upload_is_refused(self):
        gateway = self.begin(MAX_UPLOAD_BYTES="5000")
        self.assertEqual(self.prepare(gateway, b"").status, 422)
        self.assertEqual(self.prepare(gateway, b"x", sha256="A" * 64).status, 422)
        self.assertEqual(self.prepare(gateway, text(6000)).status, 413)
        self.assertEqual(self.finish(gateway, "upl_x").status, 422)
        self.assertEqual(gateway.call(
            "POST", f"/workspaces/{gateway.space}/documents", {"name": "x"}, gateway.token).status, 422)
        plain = Gateway(EMBEDDING="off")
        self.addCleanup(plain.close)
        plain.token = plain.register()
        plain.space = self.make_space(plain)
        self.assertEqual(self.prepare(plain, b"x").status, 409)

    def test_unfinished_uploads_are_bounded_and_count_for_the_quota(self):
        gateway = self.begin(QUOTA_BYTES="1000")
        self.assertEqual(self.prepare(gateway, text(600)).status, 201)
        self.assertEqual(self.prepare(gateway, text(600)).code, "QUOTA_EXCEEDED")
        gateway = self.begin("other")
        statuses = [self.prepare(gateway, text(60, n)).status for n in range(51)]
        self.assertEqual(statuses, [201] * 50 + [409])


if __name__ == "__main__":
    unittest.main()
