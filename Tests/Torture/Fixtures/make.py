#!/usr/bin/env python3
"""Makes the databases of earlier versions beside this file, from the migrations' own SQL.

Each was made once, when its version was the newest; it is not made again, so that a migration that somebody changes
afterwards is found out. After a new migration N: Fixtures/make.py N

`version9-indexed` is version 9 after its own code did the jobs of kind `index`: it has segments, in the form of then.
"""

import gzip
import hashlib
import re
import sqlite3
import sys
import tempfile
from contextlib import closing
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from audit import index_words, read  # noqa: E402
from crash_requests import envelope  # noqa: E402
from installation import PASSWORD, ROOT, call  # noqa: E402
from upgrades import INTERRUPTED  # noqa: E402

NOW = 1_790_000_000_000
# Of the documents: each is one passage.
TEXTS = {"harbour.txt": "The harbour lantern keeps the copper meadow.", "leave.txt": "Twenty days of leave a year.",
         "vertrag.txt": "Der Vertrag la\u0308uft drei Jahre.", "契約.txt": "契約は三年間有効です。"}


def migrations():
    storage = ROOT / "Shared" / "Storage"
    text = "\n".join(source.read_text() for source in sorted(storage.rglob("MigrationVersion*.swift")))
    found = re.findall(r'static let version(\d+) = """\n(.*?)\n\s*"""', text, re.S)
    return {int(version): sql.replace("\\u{1}", "\x01") for version, sql in found}


def id(prefix, number):
    return f"{prefix}_01KB8Z3V5N{number:016d}"


def password_hash():
    with tempfile.TemporaryDirectory() as folder:
        account = {"email": "ada@example.com", "password": PASSWORD, "name": "Ada"}
        answer = call("register", envelope("POST", "/auth/register", None, account), folder)
        assert answer.ok, answer
        with read(folder) as database:
            return database.execute("SELECT password_hash FROM users").fetchone()[0]


def insert(database, table, **values):
    marks = ", ".join("?" * len(values))
    database.execute(f"INSERT INTO {table} ({', '.join(values)}) VALUES ({marks})", list(values.values()))


def fill(database, version):
    ada, workspace = id("usr", 1), id("ws", 2)
    insert(database, "users", id=ada, email="ada@example.com", email_key="ada@example.com", name="Ada A\u0308",
           search_key="ada@example.com\nada a\u0308", password_hash=password_hash(), role="admin", status="active",
           created_at=NOW, updated_at=NOW)
    # Since version 5, keys are composed.
    key = "büro" if version >= 5 else "bu\u0308ro"
    insert(database, "workspaces", id=workspace, name="Bu\u0308ro", slug="buro", description="", name_key=key,
           search_key=key + "\n", settings="{}", owner_id=ada, document_count=0, conversation_count=1, created_at=NOW,
           updated_at=NOW)
    insert(database, "members", user_id=ada, workspace_id=workspace, role="owner", created_at=NOW)
    for number, (name, text) in enumerate(TEXTS.items()):
        # Since version 3, the index has another form of text like this.
        if not text.isascii() and version >= 3:
            continue
        add_document(database, number, name, text.encode(), ada, workspace)
    insert(database, "conversations", id=id("conv", 3), workspace_id=workspace, user_id=ada, title="T", search_key="t",
           message_count=2, last_message_at=NOW, created_at=NOW)
    for position, role in enumerate(("user", "assistant")):
        insert(database, "messages", conversation_id=id("conv", 3), position=position, id=id("msg", position), role=role,
               content="x", sources="[]", prompt_tokens=1, completion_tokens=1, created_at=NOW)
    insert(database, "webhooks", id=id("whk", 5), url="http://127.0.0.1:9/", secret="whsec_YQ==", events='["*"]',
           description="", is_active=1, created_at=NOW, updated_at=NOW)
    insert(database, "events", id=id("evt", 6), kind="workspace.created", payload="{}", created_at=NOW)
    add_delivery(database, version, 7, "pending", NOW)
    insert(database, "idempotency_keys", id=b"k" * 32, fingerprint=b"f", status=201, body=b"{}", expires_at=NOW)
    if version >= 6:
        database.execute("UPDATE webhooks SET owner_id = ?", [ada])
        leave_work(database, version, ada, workspace)
        database.execute(
            "INSERT INTO passage_statistics SELECT p.workspace_id, count(*), sum(index_words(d.sz)), min(p.number), "
            "max(p.number) FROM passages p JOIN passage_text_docsize d ON d.id = p.number GROUP BY p.workspace_id")
    if version >= 9:
        # Only the old index has the documents: the jobs that index them again did not run yet.
        database.execute(
            "INSERT INTO jobs (kind, subject, queue, due_at) "
            "SELECT 'index', id, workspace_id, 0 FROM documents WHERE status = 'processed'")
        database.execute("DELETE FROM passages WHERE document_id = ?", [id("doc", 102)])


def add_delivery(database, version, number, status, due=None, is_leased=False, attempts=0, error=None, response_status=None):
    """Since version 7, when a delivery is due is in the table of jobs."""
    values = {"attempts": attempts, "last_attempt_at": NOW, "error": error} if attempts else {}
    if response_status:
        values["response_status"] = response_status
    if version < 7:
        values |= {"next_attempt_at": due} | ({"is_leased": 1} if is_leased else {})
    elif due:
        insert(database, "jobs", kind="webhook", subject=id("dlv", number), queue=id("whk", 5), due_at=due,
               lease=due if is_leased else None, attempts=attempts, attempted_at=NOW if attempts else None, error=error)
    insert(database, "deliveries", id=id("dlv", number), webhook_id=id("whk", 5), event_id=id("evt", 6), status=status,
           created_at=NOW, **values)


def leave_work(database, version, ada, workspace):
    """What processes had begun or put aside: deliveries, an upload that was interrupted, and removed documents."""
    add_delivery(database, version, 8, "pending", NOW, is_leased=True)
    add_delivery(database, version, 9, "pending", NOW, attempts=2, error="refused")
    add_delivery(database, version, 10, "succeeded", attempts=1, response_status=204)
    add_delivery(database, version, 11, "failed", attempts=8, error="refused")
    add_document(database, 2, "interrupted.txt", INTERRUPTED, ada, workspace)
    database.execute("UPDATE documents SET status = 'processing' WHERE id = ?", [id("doc", 102)])
    if version < 7:
        insert(database, "unlisted_documents", document_id=id("doc", 102), workspace_id=workspace, expires_at=NOW)
        insert(database, "document_attempts", document_id=id("doc", 102), attempts=1, passages=0)
    else:
        insert(database, "hidden_documents", document_id=id("doc", 102), workspace_id=workspace)
        insert(database, "jobs", kind="ingestion", subject=id("doc", 102), queue=workspace, due_at=NOW, lease=NOW,
               attempts=1, progress=0)
        insert(database, "jobs", kind="orphans", subject="files", queue="", due_at=0)
    # Of a removed document some passages are left, of another none.
    for number in (3, 4):
        content = f"Removed document {number}.".encode()
        add_document(database, number, f"removed{number}.txt", content, ada, workspace)
        database.execute("DELETE FROM documents WHERE id = ?", [id("doc", 100 + number)])
        database.execute("UPDATE workspaces SET document_count = document_count - 1")
        orphan = hashlib.sha256(content).hexdigest()
        if version < 7:
            insert(database, "unlisted_documents", document_id=id("doc", 100 + number), workspace_id=workspace)
            insert(database, "released_blobs", sha256=orphan)
        else:
            insert(database, "hidden_documents", document_id=id("doc", 100 + number), workspace_id=workspace)
            insert(database, "jobs", kind="purge", subject=id("doc", 100 + number), queue=workspace, due_at=0)
            insert(database, "orphan_candidates", sha256=orphan)
    database.execute("DELETE FROM passages WHERE number = 5")
    database.execute(
        "INSERT INTO passage_text (passage_text, rowid, scope, heading, content) VALUES ('delete', 5, ?, '', ?)",
        [workspace[3:], "Removed document 4."])


def add_document(database, number, name, content, ada, workspace):
    document, text = id("doc", 100 + number), content.decode()
    insert(database, "documents", id=document, workspace_id=workspace, name=name, search_key=name, type="text",
           mime_type="text/plain", size=len(content), sha256=hashlib.sha256(content).hexdigest(), status="processed",
           chunk_count=1, word_count=5, metadata="{}", uploaded_by=ada, created_at=NOW, updated_at=NOW)
    insert(database, "passages", number=number + 1, id=id("chk", 500 + number), workspace_id=workspace,
           document_id=document, position=0, text_start=0, text_end=len(text), content=text)
    insert(database, "passage_text", rowid=number + 1, scope=workspace[3:], heading="", content=text)
    database.execute("UPDATE workspaces SET document_count = document_count + 1")


def make(version):
    with tempfile.TemporaryDirectory() as folder, closing(sqlite3.connect(f"{folder}/db", isolation_level=None)) as database:
        database.execute("PRAGMA journal_mode = WAL")
        # New text has its final form, and there is none yet.
        for name in ("index_form_3", "search_key_5", "address_key_6"):
            database.create_function(name, 1, lambda text: text)
        for name in ("index_words_6", "index_words"):
            database.create_function(name, 1, index_words)
        for number in range(1, version + 1):
            database.executescript(migrations()[number])
        database.execute(f"PRAGMA user_version = {version}")
        database.execute("BEGIN")
        fill(database, version)
        database.execute("COMMIT")
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        content = Path(folder, "db").read_bytes()
    (HERE / f"version{version}.db.gz").write_bytes(gzip.compress(content, mtime=0))


if __name__ == "__main__":
    for number in map(int, sys.argv[1:]):
        make(number)
