#!/usr/bin/env python3
"""Documents of every type with changed bytes, those that are archives with changed XML as well, through uploads by pipe.

Each is taken in or refused with a status that says so. A function that ends, hangs, fails, or takes more than 300 MB of
memory (VmHWM) is a fault, and the document is kept in a file.
"""

import argparse
import base64
import io
import json
import os
import random
import sys
import tempfile
import warnings
import zipfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from document_samples import MAIN_PARTS, SAMPLES, TOKENS
from documents import form
from fuzzing import Findings, Run, judge
from installation import API
from mutations import changed_bytes
from report import Report
from specimen import Specimen

ALLOWED = {200, 201, 400, 413, 415, 422}
BATCH = 100


class StrangeDocuments:
    def __init__(self, specimen, rng):
        self.specimen, self.rng = specimen, rng

    def line(self):
        """The envelope of an upload, and what is uploaded."""
        name, content = self.document()
        body, media = form((name, content))
        headers = {"authorization": f"Bearer {self.specimen.token}", "content-type": media}
        return json.dumps({
            "rawPath": f"{API}/workspaces/{self.specimen.ids['workspaceId'][0]}/documents", "headers": headers,
            "body": base64.b64encode(body).decode(), "isBase64Encoded": True,
            "requestContext": {"http": {"method": "POST"}}}).encode()

    def document(self):
        rng = self.rng
        # A program is started for each PDF.
        endings = [ending for ending in SAMPLES if ending != "pdf" or rng.random() < 0.25]
        ending = rng.choice(endings)
        content = rng.choice(SAMPLES[ending])
        if ending in MAIN_PARTS and rng.random() < 0.75:
            content = self.changed_archive(ending, content)
        else:
            content = changed_bytes(content, rng, TOKENS[ending])
        if rng.random() < 0.02:
            content += rng.choice(SAMPLES[rng.choice(list(SAMPLES))])
        named = ending if rng.random() < 0.95 else rng.choice([*SAMPLES, "xyz"])
        return f"document.{named}", content

    def changed_archive(self, ending, raw):
        """A ZIP archive in which a member is changed, or missing, or there twice."""
        rng, out = self.rng, io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(raw)) as source, zipfile.ZipFile(out, "w") as target, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of names that are there twice
            main = [name for name in source.namelist() if name.endswith(MAIN_PARTS[ending])]
            chosen = rng.choice(source.namelist() + main * 8)
            for name in source.namelist():
                content = source.read(name)
                if name == chosen:
                    content = changed_bytes(content, rng, TOKENS[ending], (1, 2, 4, 8, 40))
                for _ in range(rng.choices([1, 0, 2], [96, 2, 2])[0]):
                    target.writestr(zipfile.ZipInfo(name), content,
                                    zipfile.ZIP_DEFLATED if rng.random() < 0.8 else zipfile.ZIP_STORED)
        return changed_bytes(out.getvalue(), rng, times=(1, 3)) if rng.random() < 0.2 else out.getvalue()


def run(count, seed=1, findings="build/fuzz", progress=lambda text: None):
    report = Report("Documents: strange ones of every type, uploaded by pipe")
    kept, statuses, most, slowest = Findings(findings, report), Counter(), 0.0, 0.0
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder, ThreadPoolExecutor(os.cpu_count()) as pool:
        specimen = Specimen(folder)

        def fuzz(number):
            maker = StrangeDocuments(specimen, random.Random(f"{seed} {number}"))
            lines = [maker.line() for _ in range(min(BATCH, count - number * BATCH))]
            one = Run("upload-document", lines, specimen.data)
            judge(one, "upload-document", specimen.data, kept, lambda status: status in ALLOWED)
            return one

        for number, one in enumerate(pool.map(fuzz, range((count + BATCH - 1) // BATCH)), 1):
            report.count("documents", len(one.lines))
            statuses.update(answer["statusCode"] for answer in one.answers)
            most, slowest = max(most, one.megabytes), max(slowest, one.slowest)
            if number % 10 == 0:
                progress(f"{report.figures['documents']} documents, {len(report.faults)} faults")
    for status, number in sorted(statuses.items()):
        report.show(f"answered {status}", number)
    report.show("most memory (VmHWM)", f"{most:.0f} MB")
    report.show("longest wait for an answer", f"{slowest:.1f} s")
    return report


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=5000, help="documents")
    parser.add_argument("--seed", type=int, default=1, help="the same one makes the same documents")
    parser.add_argument("--findings", default="build/fuzz", help="the folder for documents at which a function fails")
    options = parser.parse_args()
    return run(options.count, options.seed, options.findings, lambda text: print(text, flush=True)).close()


if __name__ == "__main__":
    sys.exit(main())
