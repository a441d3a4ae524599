"""All that must hold of a data folder, whatever happened to its processes and its disk."""

import hashlib
import os
import sqlite3
import tempfile
import time
from contextlib import closing
from pathlib import Path

# Each finds nothing, at any moment.
ALWAYS = {
    "documentCount is wrong":
        "SELECT id FROM workspaces w WHERE document_count <> (SELECT count(*) FROM documents d WHERE d.workspace_id = w.id)",
    "conversationCount is wrong":
        "SELECT id FROM workspaces w WHERE conversation_count <> "
        "(SELECT count(*) FROM conversations c WHERE c.workspace_id = w.id)",
    "messageCount is wrong":
        "SELECT id FROM conversations c WHERE message_count <> (SELECT count(*) FROM messages m WHERE m.conversation_id = c.id)",
    "a message is missing":
        "SELECT conversation_id FROM messages GROUP BY 1 HAVING count(*) <> max(position) + 1",
    "a conversation has no message":
        "SELECT id FROM conversations c WHERE NOT EXISTS (SELECT 1 FROM messages m WHERE m.conversation_id = c.id)",
    "chunkCount is wrong":
        "SELECT id FROM documents d WHERE status = 'processed' AND chunk_count <> "
        "(SELECT count(*) FROM passages p WHERE p.document_id = d.id)",
    "a passage has no document":
        "SELECT number FROM passages p WHERE NOT EXISTS (SELECT 1 FROM documents d WHERE d.id = p.document_id) "
        "AND NOT EXISTS (SELECT 1 FROM hidden_documents u WHERE u.document_id = p.document_id)",
    "a document is processing for ever":
        "SELECT id FROM documents d WHERE status = 'processing' "
        "AND NOT EXISTS (SELECT 1 FROM hidden_documents u WHERE u.document_id = d.id)",
    "a processed document is not found":
        "SELECT id FROM documents d JOIN hidden_documents u ON u.document_id = d.id WHERE d.status = 'processed'",
    "a workspace has no owner":
        "SELECT id FROM workspaces w WHERE NOT EXISTS "
        "(SELECT 1 FROM members m WHERE m.workspace_id = w.id AND m.role = 'owner' AND m.user_id = w.owner_id)",
    "a passage is not in the index": "SELECT number FROM passages WHERE number NOT IN (SELECT id FROM passage_text_docsize)",
    "the index has a passage that is gone":
        "SELECT id FROM passage_text_docsize WHERE id NOT IN (SELECT number FROM passages)",
}
# The same of tables that not every version has.
SINCE = {
    "passage_statistics": {
        "the count of passages is wrong":
            "SELECT workspace_id FROM passage_statistics s WHERE passages <> "
            "(SELECT count(*) FROM passages p WHERE p.workspace_id = s.workspace_id)",
        "the count of words is wrong":
            "SELECT workspace_id FROM passage_statistics s WHERE words <> (SELECT coalesce(sum(index_words(d.sz)), 0) "
            "FROM passages p JOIN passage_text_docsize d ON d.id = p.number WHERE p.workspace_id = s.workspace_id)",
        "a passage is outside of its workspace's range":
            "SELECT p.number FROM passages p LEFT JOIN passage_statistics s ON s.workspace_id = p.workspace_id "
            "WHERE s.workspace_id IS NULL OR p.number NOT BETWEEN s.first_number AND s.last_number"},
    "jobs": {
        "a pending delivery has no job":
            "SELECT id FROM deliveries d WHERE status = 'pending' "
            "AND NOT EXISTS (SELECT 1 FROM jobs WHERE kind = 'webhook' AND subject = d.id AND queue = d.webhook_id)",
        "a job has no pending delivery":
            "SELECT subject FROM jobs WHERE kind = 'webhook' "
            "AND NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.id = subject AND status = 'pending')",
        "a hidden document has no job":
            "SELECT document_id FROM hidden_documents h "
            "WHERE NOT EXISTS (SELECT 1 FROM jobs WHERE kind IN ('ingestion', 'purge') AND subject = h.document_id)",
        "a file of a removed document has no job":
            "SELECT sha256 FROM orphan_candidates WHERE NOT EXISTS (SELECT 1 FROM jobs WHERE kind = 'orphans')",
        "a document that is being added has no job":
            "SELECT id FROM documents d WHERE status = 'processing' "
            "AND NOT EXISTS (SELECT 1 FROM jobs WHERE kind = 'ingestion' AND subject = d.id)"},
}
# Each finds nothing once all work that outlives requests is done.
AT_REST = {
    "a document is still processing": "SELECT id FROM documents WHERE status = 'processing'",
    "a document is still hidden": "SELECT document_id FROM hidden_documents",
    "a file of a removed document is not removed": "SELECT sha256 FROM orphan_candidates",
}


def read(data):
    """The database of a data folder, to be looked at only."""
    return closing(sqlite3.connect(f"file:{data}/nexlayer.db?mode=ro", uri=True, timeout=30, isolation_level=None))


def blobs(data):
    return {path.name: path for path in Path(data, "blobs").glob("??/*")}


def faults(data, at_rest=False, whole_index=False):
    """What is wrong, in words. `whole_index` also goes through all postings of the full-text index."""
    try:
        with read(data) as database:
            database.execute("BEGIN")  # one moment for all of it
            found = faults_of_rows(database, at_rest)
            stored = {row[0] for row in database.execute("SELECT DISTINCT sha256 FROM documents")}
            files = blobs(data)
        found += [f"a document's file is lost: {sha256}" for sha256 in stored - set(files)]
        for name, path in files.items():
            if name in stored and hashlib.sha256(path.read_bytes()).hexdigest() != name:
                found.append(f"a file is not what its name says: {name}")
        return found + (faults_of_index(data) if whole_index else [])
    except sqlite3.DatabaseError as error:
        return [f"the database cannot be read: {error}"]


def unfinished(data):
    """What is under way or left for later, in words."""
    with read(data) as database:
        return [what for what, query in AT_REST.items() if database.execute(query).fetchone()]


def index_words(sizes):
    """The words of a passage, of all columns together: FTS5 keeps a varint for each column."""
    total = number = 0
    for byte in sizes:
        number = number << 7 | byte & 127
        if byte < 128:
            total, number = total + number, 0
    return total


def faults_of_rows(database, at_rest):
    found = []
    check = database.execute("PRAGMA integrity_check").fetchall()
    if check != [("ok",)]:
        found.append(f"integrity_check: {check[:3]}")
    if broken := database.execute("PRAGMA foreign_key_check").fetchall():
        found.append(f"foreign_key_check: {broken[:3]}")
    database.create_function("index_words", 1, index_words)
    tables = {row[0] for row in database.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    queries = {**ALWAYS, **(AT_REST if at_rest else {})}
    for table in tables & set(SINCE):
        queries |= SINCE[table]
    for what, query in queries.items():
        if rows := database.execute(query).fetchall():
            found.append(f"{what}: {len(rows)}, such as {rows[0][0]}")
    return found


def faults_of_index(data):
    """On a copy: the index's own check, and whether it has the passages that there are, and no other."""
    with tempfile.TemporaryDirectory() as folder, closing(sqlite3.connect(f"{folder}/copy.db")) as copy:
        with read(data) as database:
            database.backup(copy)
        try:
            copy.execute("INSERT INTO passage_text (passage_text) VALUES ('integrity-check')")
        except sqlite3.DatabaseError as error:
            return [f"integrity-check of the full-text index: {error}"]
        copy.execute("CREATE VIRTUAL TABLE temp.postings USING fts5vocab(main, passage_text, instance)")
        posted = {row[0] for row in copy.execute("SELECT DISTINCT doc FROM postings")}
        known = {row[0] for row in copy.execute("SELECT number FROM passages")}
    return [] if posted == known else [f"the index has {len(posted - known)} passages too many, {len(known - posted)} too few"]


def orphans(data):
    """Files that belong to no document. Killed uploads leave some; a day later they are removed."""
    with read(data) as database:
        stored = {row[0] for row in database.execute("SELECT sha256 FROM documents")}
    return [name for name in blobs(data) if name not in stored]


def let_time_pass(data):
    """As if two days had gone by since the processes on this folder died: what they held runs out, and
    their files are old. All jobs are due."""
    with closing(sqlite3.connect(f"{data}/nexlayer.db", timeout=30)) as database:
        database.execute("UPDATE jobs SET due_at = 1, lease = CASE WHEN lease IS NOT NULL THEN 1 END")
        database.execute("DELETE FROM idempotency_keys WHERE status IS NULL")
        database.commit()
    for path in blobs(data).values():
        os.utime(path, (time.time() - 2 * 86_400,) * 2)
