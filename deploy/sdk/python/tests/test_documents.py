"""Uploads, downloads and search against the real thing."""

from __future__ import annotations

import io
import json
import os
import resource
import tempfile
import unittest
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import List, Tuple

from ainexlayer import (
    AINexLayerError, FileUpload, NotFoundError, PayloadTooLargeError, RangeNotSatisfiableError, ValidationError,
)

from .installation import RealTest, needs
from .stub import Seen, Stub, answer, error

TEXT = b"# Pets\n\nCats sleep all day.\n\nDogs bark at night.\n"


class Pipe(io.RawIOBase):
    """A stream without a length that cannot be read twice."""

    def __init__(self, content: bytes) -> None:
        self._rest = io.BytesIO(content)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return False

    def readinto(self, buffer: object) -> int:
        return self._rest.readinto(buffer)  # type: ignore[arg-type]


class DocumentTests(RealTest):
    def setUp(self) -> None:
        self.documents = self.admin.documents
        self.space = self.workspace()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def test_upload_from_everything(self) -> None:
        path = self.folder / "pets.md"
        path.write_bytes(TEXT)
        self.assertEqual(self.documents.upload(self.space, path).name, "pets.md")
        self.assertEqual(self.documents.upload(self.space, b"bytes").size, 5)
        self.assertEqual(self.documents.upload(self.space, io.BytesIO(b"a file")).size, 6)
        with open(self.folder / "pets.md", "rb") as file:
            file.seek(8)
            part = self.documents.upload(self.space, file)
            self.assertEqual((part.name, part.size), ("pets.md", len(TEXT) - 8))
        self.assertEqual(self.documents.upload(self.space, io.BufferedReader(Pipe(b"piped"))).size, 5)
        self.assertEqual(self.admin.workspaces.get(self.space).document_count, 5)

    def test_names_arrive_as_they_are(self) -> None:
        for name in ('say "hi".txt', "naïve Größe 猫.txt", "semi;colon=.txt", "100%25.txt"):
            with self.subTest(name):
                self.assertEqual(self.documents.upload(self.space, FileUpload(name.encode(), name)).name, name)

    def test_name_metadata_and_progress(self) -> None:
        seen: List[Tuple[int, int]] = []
        document = self.documents.upload(
            self.space, TEXT * 5000, name="Pets", metadata={"team": "ä", "n": 1},
            on_progress=lambda sent, total: seen.append((sent, total)))
        self.assertEqual((document.name, document.metadata), ("Pets", {"team": "ä", "n": 1}))
        self.assertEqual(seen[-1][0], seen[-1][1])
        self.assertGreater(seen[-1][1], len(TEXT) * 5000)
        self.assertGreater(len(seen), 4)
        self.assertEqual([sent for sent, _ in seen], sorted(sent for sent, _ in seen))

    def test_the_encoding_of_a_text(self) -> None:
        document = self.documents.upload(self.space, "Да".encode("koi8-r"), charset="koi8-r")
        self.assertEqual(document.encoding, "koi8-r")

    def test_several_files_and_duplicates(self) -> None:
        first, second = self.documents.upload_many(
            self.space, [FileUpload(TEXT, "a.md"), FileUpload(b'{"a": 1}', "b.json", "application/json")]).documents
        self.assertEqual((first.name, first.type), ("a.md", "markdown"))
        self.assertEqual((second.name, second.type), ("b.json", "json"))
        again = self.documents.upload(self.space, TEXT)
        self.assertEqual((again.id, again.duplicate, first.duplicate), (first.id, True, False))
        mixed = self.documents.upload_many(self.space, [FileUpload(TEXT, "a.md"), FileUpload(b"news", "c.txt")])
        self.assertEqual([document.duplicate for document in mixed.documents], [True, False])
        self.assertEqual(self.documents.upload_many(self.space, []).documents, [])

    def test_a_file_that_cannot_be_read_does_not_keep_the_others_out(self) -> None:
        picture = FileUpload(b"\x89PNG\r\n\x1a\n" + bytes(100), "photo.png")
        with self.assertRaises(AINexLayerError):
            self.documents.upload(self.space, picture)
        try:
            uploaded = self.documents.upload_many(self.space, [picture, b"words"])
        except AINexLayerError:
            self.skipTest("this build refuses all files for one")
        self.assertEqual((len(uploaded.documents), uploaded.errors[0].index), (1, 0))
        self.assertEqual((uploaded.errors[0].name, uploaded.errors[0].code), ("photo.png", "UNSUPPORTED_MEDIA_TYPE"))

    def test_a_large_file_is_not_read_into_memory(self) -> None:
        path = self.folder / "large.txt"
        with open(path, "wb") as file:
            file.truncate(200 << 20)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        with self.assertRaises(PayloadTooLargeError) as raised:
            self.documents.upload(self.space, path)
        self.assertEqual(raised.exception.status, 413)
        self.assertLess(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before, 32 * 1024)

    def test_download(self) -> None:
        document = self.documents.upload(self.space, TEXT, name="pets \u2615.md")
        content = self.documents.content(self.space, document.id)
        self.assertEqual((content.filename, content.content_type), ("pets \u2615.md", "text/markdown"))
        self.assertEqual(content.size, len(TEXT))
        self.assertEqual(content.read(), TEXT)
        target = self.folder / "copy.md"
        self.assertEqual(self.documents.content(self.space, document.id).save(target), len(TEXT))
        self.assertEqual((target.read_bytes(), os.listdir(self.folder)), (TEXT, ["copy.md"]))
        memory = io.BytesIO()
        self.documents.content(self.space, document.id).save(memory)
        self.assertEqual(memory.getvalue(), TEXT)

    def test_ranges(self) -> None:
        document = self.documents.upload(self.space, TEXT)
        part = self.documents.content(self.space, document.id, range=(2, 5))
        if part.content_range is None:
            self.skipTest("this build knows no ranges")
        self.assertEqual((part.content_range, part.read()), (f"bytes 2-5/{len(TEXT)}", b"Pets"))
        self.assertEqual(self.documents.content(self.space, document.id, range=(len(TEXT) - 3, None)).read(), TEXT[-3:])
        self.assertEqual(self.documents.content(self.space, document.id, range=(-3, None)).read(), TEXT[-3:])
        with self.assertRaises(RangeNotSatisfiableError):
            self.documents.content(self.space, document.id, range=(10_000, None))
        with self.assertRaises(ValueError):
            self.documents.content(self.space, document.id, range=(-3, 2))

    def test_listing_and_deleting(self) -> None:
        names = [f"file {number}.txt" for number in range(5)]
        self.documents.upload_many(self.space, [FileUpload(name.encode(), name) for name in names])
        pages = list(self.documents.list(self.space, limit=2).pages())
        self.assertEqual([len(page.items) for page in pages], [2, 2, 1])
        self.assertEqual((pages[0].total, pages[0].has_prev, pages[-1].has_next), (5, False, False))
        self.assertEqual(sorted(document.name for document in self.documents.list(self.space, limit=2)), names)
        self.assertEqual(self.documents.list(self.space, search="file 3").page().total, 1)
        self.assertEqual(self.documents.list(self.space, type="pdf").page().items, [])
        for document in list(self.documents.list(self.space)):
            self.documents.delete(self.space, document.id)
        self.assertEqual(list(self.documents.list(self.space)), [])
        with self.assertRaises(NotFoundError):
            self.documents.get(self.space, document.id)

    def test_listings_are_lazy(self) -> None:
        self.documents.upload_many(self.space, [b"1", b"2", b"3"])
        asked = self.documents.list("ws_nobody")
        with self.assertRaises(NotFoundError):
            next(iter(asked))

    def test_search(self) -> None:
        document = self.documents.upload(self.space, TEXT, name="pets.md", metadata={"team": "a"})
        found = self.documents.search(self.space, '"bark at night"', limit=3, mode="keyword")
        self.assertEqual([hit.document_id for hit in found.results], [document.id])
        self.assertIn("<mark>", found.results[0].highlight)
        past, future = (datetime.now(timezone.utc) + timedelta(hours=hours) for hours in (-1, 1))
        is_team = {"type": "in", "key": "team", "value": ["a", "b"]}
        for filters, hits in (({"types": ["markdown"], "metadata": {"team": "a"}, "created_after": past}, 1),
                              ({"metadata": is_team}, 1), (is_team, 1), ({"document_ids": []}, 0),
                              ({"created_after": future}, 0)):
            with self.subTest(filters):
                total = self.documents.search(self.space, "dogs", filters=filters).total  # type: ignore[arg-type]
                self.assertEqual(total, hits)
        with self.assertRaises(ValidationError) as raised:
            self.documents.search(self.space, "")
        self.assertIn("query", raised.exception.field_errors)
        (key,) = self.documents.metadata_keys(self.space).keys
        self.assertEqual((key.key, key.values[0].value, key.types[0].type), ("team", "a", "string"))
        everywhere = self.admin.workspaces.search("dogs", workspace_ids=[self.space])
        self.assertEqual([hit.workspace_id for hit in everywhere.results], [self.space])
        self.assertEqual([(each.id, each.count) for each in everywhere.workspaces or []], [(self.space, 1)])

    def test_changing(self) -> None:
        needs("update-document")
        document = self.documents.upload(self.space, TEXT)
        changed = self.documents.update(self.space, document.id, name="Renamed", metadata={"a": [1]})
        self.assertEqual((changed.name, changed.metadata), ("Renamed", {"a": [1]}))

    def test_chunks(self) -> None:
        needs("list-document-chunks")
        document = self.documents.upload(self.space, TEXT)
        self.assertEqual(len(list(self.documents.chunks(self.space, document.id))), document.chunk_count)


class ScriptedDocumentTests(unittest.TestCase):
    def test_a_repeated_upload_sends_everything_again(self) -> None:
        with Stub(error(503, "SERVICE_UNAVAILABLE"), answer(400)) as stub:
            with self.assertRaises(AINexLayerError):
                stub.client().documents.upload("ws_1", io.BufferedReader(Pipe(b"piped")))
            first, second = stub.seen
            self.assertEqual(first.body, second.body)
            self.assertIn(b"\r\n\r\npiped\r\n", first.body)
            self.assertEqual(first.headers["idempotency-key"], second.headers["idempotency-key"])

    def test_an_answer_before_the_end_of_the_upload_counts(self) -> None:
        def refuses(seen: Seen, connection: object) -> None:
            error(413, "PAYLOAD_TOO_LARGE")(seen, connection)  # type: ignore[arg-type]

        with Stub(refuses) as stub:
            with self.assertRaises(PayloadTooLargeError):
                stub.client().documents.upload("ws_1", b"x" * 100_000)

    def test_a_download_that_breaks_leaves_no_file(self) -> None:
        def breaks(seen: Seen, connection: object) -> None:
            connection.sendall(b"HTTP/1.1 200 X\r\nContent-Length: 1000\r\n\r\nhalf")  # type: ignore[attr-defined]
            connection.shutdown(2)  # type: ignore[attr-defined]

        with Stub(breaks) as stub, tempfile.TemporaryDirectory() as folder:
            target = Path(folder) / "kept"
            target.write_text("before")
            with self.assertRaises(AINexLayerError):
                stub.client().documents.content("ws_1", "doc_1").save(target)
            self.assertEqual((target.read_text(), os.listdir(folder)), ("before", ["kept"]))

    def test_a_download_from_elsewhere_gets_no_credentials(self) -> None:
        with Stub(answer(206, b"large", content_range="bytes 0-4/9")) as elsewhere:
            location = f"{elsewhere.url}/bucket/key?X-Amz-Signature=1"
            with Stub(answer(307, b"", location=location), answer(200, b"small")) as stub:
                client = stub.client()
                content = client.documents.content("ws_1", "doc_1", range=(0, 4))
                self.assertEqual((content.read(), content.content_range), (b"large", "bytes 0-4/9"))
                (seen,) = elsewhere.seen
                self.assertEqual((seen.target, seen.headers["range"]), ("/bucket/key?X-Amz-Signature=1", "bytes=0-4"))
                self.assertNotIn("authorization", seen.headers)
                self.assertEqual(client.documents.content("ws_1", "doc_1").read(), b"small")

    def test_an_upload_that_went_to_the_store_is_finished(self) -> None:
        with Stub(answer(400)) as stub:
            with self.assertRaises(AINexLayerError):
                stub.client().documents.finish_upload("ws_1", "upl_1", name="a.md", metadata={"of_mine": 1})
            self.assertEqual(
                json.loads(stub.seen[0].body), {"uploadId": "upl_1", "name": "a.md", "metadata": {"of_mine": 1}})

    def test_a_name_of_the_servers_cannot_lead_out_of_a_folder(self) -> None:
        header = "attachment; filename*=UTF-8''..%2F..%2Fetc%2Fpasswd"
        with Stub(answer(200, b"x", content_disposition=header)) as stub:
            self.assertEqual(stub.client().documents.content("ws_1", "doc_1").filename, "passwd")


if __name__ == "__main__":
    unittest.main()
