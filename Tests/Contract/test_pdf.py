"""Reading PDF takes no more than its share: of one document, and of all at once in all processes."""

import base64
import fcntl
import json
import os
import shutil
import struct
import subprocess
import time
import unittest
import uuid
from pathlib import Path

from gateway import FUNCTIONS, Gateway

LOCK = 37  # F_OFD_SETLK


def pdf(objects):
    data = b"%PDF-1.4\n"
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = len(data)
    data += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    data += b"".join(b"%010d 00000 n \n" % place for place in places)
    return data + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n%%" % (len(objects) + 1, table) + \
        uuid.uuid4().hex.encode()


def page(content, resources=b"/Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >>", more=()):
    return pdf([
        b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R /Resources << %s >> >>" % resources,
        stream(content), *more])


def stream(content, about=b""):
    return b"<< %s /Length %d >>\nstream\n%s\nendstream" % (about, len(content), content)


def text(words):
    return page(b"BT /F 12 Tf 60 700 Td (%s) Tj ET" % words.encode())


def loop():
    """Forms that draw forms that draw forms: minutes of work in a few kilobytes."""
    form = b"/Type /XObject /Subtype /Form /BBox [0 0 9 9]"
    inner = b"/Resources << /XObject << /X %d 0 R >> >>"
    return page(
        b"/X Do " * 1000, b"/XObject << /X 5 0 R >>",
        [stream(b"/X Do " * 1000, form + inner % 6), stream(b"/X Do " * 1000, form + inner % 7),
         stream(b"0 0 m n", form)])


@unittest.skipUnless(shutil.which("pdftotext"), "needs the package poppler-utils")
class PDFTests(unittest.TestCase):
    def setUp(self):
        self.gateway = Gateway(PDF_SLOTS="1", PDF_TIMEOUT_SECONDS="1")
        self.token = self.gateway.register()
        self.workspace = self.gateway.call("POST", "/workspaces", {"name": "W"}, token=self.token).data["id"]

    def tearDown(self):
        self.gateway.close()

    def envelope(self, file):
        form = b'--X\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n' + file + b"\r\n--X--\r\n"
        return {
            "headers": {"authorization": f"Bearer {self.token}", "content-type": "multipart/form-data; boundary=X"},
            "pathParameters": {"workspaceId": self.workspace}, "body": base64.b64encode(form).decode(),
            "isBase64Encoded": True}

    def start(self, file, **variables):
        process = subprocess.Popen(
            [f"{FUNCTIONS}/upload-document"], env={**self.gateway.environment, **variables}, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE)
        process.stdin.write(json.dumps(self.envelope(file)).encode() + b"\n")
        process.stdin.close()
        return process

    def answer(self, process):
        line = json.loads(process.stdout.read())
        process.stdout.close()
        process.wait()
        return line["statusCode"], line["headers"], line["body"]

    def upload(self, file, **variables):
        return self.answer(self.start(file, **variables))

    def test_one_that_takes_too_long_is_refused(self):
        begun = time.monotonic()
        status, _, body = self.upload(loop())
        self.assertEqual(status, 422, body)
        self.assertLess(time.monotonic() - begun, 14, "not as long as by default")

    def test_one_that_takes_too_much_memory_is_refused(self):
        words = b"1 0 0 1 50 700 Tm (a) Tj 1 0 0 1 90 20 Tm (b) Tj " * 800_000
        status, _, body = self.upload(page(b"BT /F 12 Tf " + words + b"ET"), PDF_TIMEOUT_SECONDS="60")
        self.assertEqual(status, 422, body)

    def test_a_place_is_waited_for_and_refused_with_503(self):
        # What another process of the installation holds: byte 1 of the file.
        descriptor = os.open(self.gateway.data / "pdf.lock", os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.fcntl(descriptor, LOCK, struct.pack("hhqqi4x", fcntl.F_WRLCK, os.SEEK_SET, 1, 1, 0))
        status, headers, body = self.upload(text("Nobody reads this now."))
        self.assertEqual((status, json.loads(body)["error"]["code"]), (503, "SERVICE_UNAVAILABLE"))
        self.assertGreater(int(headers["retry-after"]), 0)
        # Two places: there is one left.
        self.assertEqual(self.upload(text("This goes on."), PDF_SLOTS="2")[0], 201)
        waiting = self.start(text("This one waits."), PDF_TIMEOUT_SECONDS="60")
        time.sleep(0.2)
        os.close(descriptor)
        self.assertEqual(self.answer(waiting)[0], 201)

    def test_processes_share_their_places(self):
        folder = Path(self.gateway.folder.name)
        program = folder / "bin" / "pdftotext"
        program.parent.mkdir()
        # The real one, which leaves a trace.
        program.write_text(
            f'#!/bin/sh\necho begin >> {folder}/trace\n{shutil.which("pdftotext")} "$@"\nstatus=$?\nsleep 0.1\n'
            f"echo end >> {folder}/trace\nexit $status\n")
        program.chmod(0o755)
        path = f"{program.parent}:{os.environ['PATH']}"
        running = [self.start(text(f"Words {number}."), PATH=path, PDF_TIMEOUT_SECONDS="60") for number in range(5)]
        self.assertEqual([self.answer(each)[0] for each in running], [201] * 5)
        self.assertEqual((folder / "trace").read_text().split(), ["begin", "end"] * 5)


if __name__ == "__main__":
    unittest.main()
