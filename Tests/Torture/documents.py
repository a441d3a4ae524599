"""Documents of each type, with a word that is in every passage of theirs and nowhere else."""

import hashlib
import io
import json
import random
import uuid
import zipfile

WORDS = ("harbour lantern copper meadow violin thunder pepper orchard granite willow marble falcon saffron bridge "
         "compass velvet anchor cinder ribbon glacier tundra ember hollow quarry beacon cobalt juniper mosaic").split()
ENDINGS = {"text": "txt", "markdown": "md", "html": "html", "csv": "csv", "json": "json", "docx": "docx", "pdf": "pdf"}


def unique_word(rng=random):
    """A word that no stemmer cuts short."""
    return "zq" + "".join(rng.choice("bcdfghjkmnpqrtvwxz") for _ in range(14)) + "x"


class Document:
    def __init__(self, kind, size, rng):
        """About `size` bytes of text."""
        self.kind, self.word = kind, unique_word(rng)
        paragraphs, length = [], 0
        while length < size or not paragraphs:
            paragraphs.append(" ".join(self.sentence(rng) for _ in range(6)))
            length += len(paragraphs[-1])
        self.name = f"{self.word}.{ENDINGS[kind]}"
        self.content = WRITERS[kind](paragraphs, self.word)
        self.sha256 = hashlib.sha256(self.content).hexdigest()

    def sentence(self, rng):
        some = rng.choices(WORDS, k=3)
        return f"The {some[0]} {self.word} keeps the {some[1]} near the {some[2]} {rng.randint(1, 9999)}."

    @property
    def form(self):
        return form((self.name, self.content))


def form(*files, **fields):
    """multipart/form-data: its bytes and its media type."""
    boundary, parts = uuid.uuid4().hex, []
    for name, value in fields.items():
        parts.append(f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode())
    for name, content in files:
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
        parts.append(head.encode() + content + b"\r\n")
    return b"".join(parts) + f"--{boundary}--\r\n".encode(), f"multipart/form-data; boundary={boundary}"


def text(paragraphs, _):
    return "\n\n".join(paragraphs).encode()


def markdown(paragraphs, word):
    return "\n\n".join(f"# Part {word} {n}\n\n{p}" for n, p in enumerate(paragraphs)).encode()


def html(paragraphs, word):
    sections = "".join(f"<h2>Part {word}</h2><p>{p}</p>" for p in paragraphs)
    return f"<!doctype html><title>T</title><body>{sections}</body>".encode()


def csv(paragraphs, word):
    return ("id,word,text\n" + "".join(f'{n},{word},"{p}"\n' for n, p in enumerate(paragraphs))).encode()


def json_rows(paragraphs, word):
    return json.dumps([{"id": n, "word": word, "text": p} for n, p in enumerate(paragraphs)]).encode()


def docx(paragraphs, _):
    package, office = "http://schemas.openxmlformats.org/package/2006", "http://schemas.openxmlformats.org/officeDocument/2006"
    main = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    body = "".join(f"<w:p><w:r><w:t>{p}</w:t></w:r></w:p>" for p in paragraphs)
    members = {
        "[Content_Types].xml":
            f'<Types xmlns="{package}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-'
            'package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-'
            'officedocument.wordprocessingml.document.main+xml"/></Types>',
        "_rels/.rels":
            f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" Type="{office}/relationships/'
            'officeDocument" Target="word/document.xml"/></Relationships>',
        "word/document.xml": f'<w:document xmlns:w="{main}"><w:body>{body}</w:body></w:document>'}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), '<?xml version="1.0"?>' + content)
    return out.getvalue()


def pdf(paragraphs, _):
    pages = [paragraphs[n:n + 6] for n in range(0, len(paragraphs), 6)]
    kids = " ".join(f"{4 + 2 * n} 0 R" for n in range(len(pages)))
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", f"<< /Type /Pages /Count {len(pages)} /Kids [{kids}] >>",
               "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"]
    for number, page in enumerate(pages):
        words = " ".join(page).split()
        lines = [" ".join(words[n:n + 12]) for n in range(0, len(words), 12)]
        stream = "BT /F1 8 Tf 40 780 Td 10 TL " + " ".join(f"({line}) '" for line in lines) + " ET"
        objects.append(f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {5 + 2 * number} 0 R "
                       "/Resources << /Font << /F1 3 0 R >> >> >>")
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
    out, places = "%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{content}\nendobj\n"
    start, count = len(out), len(objects) + 1
    out += f"xref\n0 {count}\n0000000000 65535 f \n" + "".join(f"{place:010} 00000 n \n" for place in places)
    return (out + f"trailer << /Size {count} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n").encode()


WRITERS = {"text": text, "markdown": markdown, "html": html, "csv": csv, "json": json_rows, "docx": docx, "pdf": pdf}
