"""All that must hold of a data folder, whatever happened to its processes and its disk."""

import itertools
import sqlite3

from stores import Folder, store

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
}
# The same of tables that not every version has.
SINCE = {
    "index_segments": {
        "a document is not in the index":
            "SELECT id FROM documents d WHERE status = 'processed' AND index_from IS NULL "
            "AND NOT EXISTS (SELECT 1 FROM jobs WHERE kind = 'index' AND subject = d.id)",
        "a page of the index has no segment":
            "SELECT DISTINCT segment FROM index_pages p WHERE NOT EXISTS "
            "(SELECT 1 FROM index_segments s WHERE s.workspace_id = p.workspace_id AND s.segment = p.segment)",
        "segments that should be merged or removed have no job":
            "SELECT workspace_id FROM index_segments s WHERE NOT EXISTS "
            "(SELECT 1 FROM jobs WHERE kind = 'merge' AND subject = s.workspace_id) "
            "GROUP BY workspace_id, level HAVING level < 0 OR count(*) >= 8",
        "the next segment's number was used":
            "SELECT workspace_id FROM index_segments s JOIN workspaces w ON w.id = workspace_id "
            "GROUP BY workspace_id HAVING max(segment) >= "
            "coalesce((SELECT next FROM index_counters c WHERE c.workspace_id = s.workspace_id), 1)",
        "a segment of a removed workspace has no job":
            "SELECT workspace_id FROM index_segments s WHERE NOT EXISTS (SELECT 1 FROM workspaces WHERE id = s.workspace_id) "
            "AND NOT EXISTS (SELECT 1 FROM jobs WHERE kind = 'merge' AND subject = s.workspace_id)"},
    "vector_sets": {
        "a page of vectors has no set":
            "SELECT id FROM vector_pages p WHERE NOT EXISTS "
            "(SELECT 1 FROM vector_sets s WHERE s.workspace_id = p.workspace_id AND s.number = p.set_number)",
        "vectors have no page":
            "SELECT id FROM vector_values v WHERE NOT EXISTS (SELECT 1 FROM vector_pages p WHERE p.id = v.id / 128)",
        "a document's page of vectors is not there":
            "SELECT document_id FROM vector_documents d WHERE NOT EXISTS (SELECT 1 FROM vector_pages p WHERE p.id = d.page)",
        "a removed document has vectors":
            "SELECT document_id FROM vector_documents v WHERE NOT EXISTS (SELECT 1 FROM documents WHERE id = v.document_id) "
            "AND NOT EXISTS (SELECT 1 FROM hidden_documents h WHERE h.document_id = v.document_id)",
        "a document waits for vectors without a job":
            "SELECT id FROM documents d WHERE status = 'processed' AND embedded_in = 0 "
            "AND EXISTS (SELECT 1 FROM settings WHERE name = 'embedding model' AND value <> '') "
            "AND NOT EXISTS (SELECT 1 FROM jobs WHERE kind = 'embedding' AND subject = d.workspace_id)",
        "vectors that are not needed have no job":
            "SELECT workspace_id FROM vector_sets s WHERE NOT EXISTS "
            "(SELECT 1 FROM jobs WHERE kind = 'embedding' AND subject = s.workspace_id) "
            "AND (state = 'dropped' OR NOT EXISTS (SELECT 1 FROM workspaces WHERE id = s.workspace_id))"},
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
AT_REST_SINCE = {
    "index_segments": {
        "documents wait to be indexed": "SELECT subject FROM jobs WHERE kind = 'index'",
        "segments wait to be merged": "SELECT subject FROM jobs WHERE kind = 'merge'",
        "the index has something of removed workspaces":
            "SELECT workspace_id FROM (SELECT workspace_id FROM index_segments UNION SELECT workspace_id FROM index_pages "
            "UNION SELECT workspace_id FROM index_removals UNION SELECT workspace_id FROM index_counters) used "
            "WHERE workspace_id NOT IN (SELECT id FROM workspaces)"},
    "vector_sets": {
        "passages wait for vectors": "SELECT subject FROM jobs WHERE kind = 'embedding'",
        "a document has not all its vectors":
            "SELECT id FROM documents WHERE embedded_in > 0 AND embedding_error IS NULL AND embedding_done <> chunk_count"},
}


def read(data):
    """The database of a data folder, to be looked at only."""
    return store(data).read()


def faults(data, at_rest=False, whole_index=False):
    """What is wrong, in words. `whole_index` also compares the segments of a data folder's index with the passages."""
    place = store(data)
    try:
        with place.read() as database:
            database.execute("BEGIN")  # one moment for all of it
            found = faults_of_rows(place, database, at_rest)
            stored = {row[0] for row in database.execute("SELECT DISTINCT sha256 FROM documents")}
            files = place.blobs()
        found += [f"a document's file is lost: {sha256}" for sha256 in stored - files]
        found += [f"a file is not what its name says: {name}" for name in place.damaged(stored)]
        return found + (faults_of_index(data) if whole_index and isinstance(place, Folder) else [])
    except sqlite3.DatabaseError as error:
        return [f"the database cannot be read: {error}"]


def unfinished(data):
    """What is under way or left for later, in words."""
    place = store(data)
    with place.read() as database:
        return place.left(database) + [
            what for what, query in {**AT_REST, **AT_REST_SINCE["index_segments"], **AT_REST_SINCE["vector_sets"]}.items()
            if database.execute(query).fetchone()]


def index_words(sizes):
    """The words of a passage, of all columns together: FTS5 keeps a varint for each column."""
    total = number = 0
    for byte in sizes:
        number = number << 7 | byte & 127
        if byte < 128:
            total, number = total + number, 0
    return total


def faults_of_rows(place, database, at_rest):
    found, tables = place.broken(database) + (place.left(database) if at_rest else []), place.tables(database)
    queries = {**ALWAYS, **(AT_REST if at_rest else {})}
    for table in tables & set(SINCE):
        queries |= SINCE[table] | (AT_REST_SINCE.get(table, {}) if at_rest else {})
    for what, query in queries.items():
        if rows := database.execute(query).fetchall():
            found.append(f"{what}: {len(rows)}, such as {rows[0][0]}")
    return found


def faults_of_index(data):
    """Whether the segments have each passage of the processed documents once, and no other that counts. Those of a removed
    workspace, which nobody searches, go later.

    `PassageIndex.check` also compares the terms."""
    with read(data) as database:
        database.execute("BEGIN")
        hidden = {row[0] for row in database.execute("SELECT document_id FROM hidden_documents")}
        removals = {row[:2]: row[2] for row in database.execute("SELECT * FROM index_removals")}
        found = []
        for workspace, segment, number, header in database.execute(
                "SELECT workspace_id, segment, number, header FROM index_segments "
                "WHERE level >= 0 AND workspace_id IN (SELECT id FROM workspaces)").fetchall():
            pages = pages_of_header(header) or [row[0] for row in database.execute(
                "SELECT data FROM index_pages WHERE workspace_id = ? AND segment = ? AND kind = 4", [workspace, segment])]
            for document, first, count in itertools.chain(*map(runs, pages)):
                if document not in hidden and removals.get((workspace, document), 0) <= number:
                    found += [(document, position) for position in range(first, first + count)]
        known = set(database.execute(
            "SELECT document_id, position FROM passages JOIN documents d ON d.id = document_id "
            "WHERE status = 'processed' AND index_from IS NOT NULL"))
    faults = [f"the index has {len(found) - len(set(found))} passages twice"] if len(found) > len(set(found)) else []
    if set(found) == known:
        return faults
    return faults + [f"the index has {len(set(found) - known)} passages too many, {len(known - set(found))} too few"]


def varint(data, at):
    value = shift = 0
    while True:
        value |= (data[at] & 127) << shift
        at, shift = at + 1, shift + 7
        if data[at - 1] < 128:
            return value, at


def varints(data, at, count):
    values = []
    for _ in range(count):
        value, at = varint(data, at)
        values.append(value)
    return values, at


def pages_of_header(header):
    """The pages of documents in the header of a small segment. `SegmentFormat.swift` describes the form."""
    (*_, count), at = varints(header, 1, 7)
    pages = []
    for _ in range(count):
        kind, (size, at) = header[at], varint(header, at + 1)
        (_, length), at = varints(header, at + size, 2)
        pages += [header[at:at + length]] if kind == 4 else []
        at += length
    return pages


def runs(page):
    """Documents, the positions of their first passages, and how many follow."""
    at = high = 0
    while at < len(page):
        # The upper half of an id is the difference to that of the one before; odd numbers are negative.
        difference, at = varint(page, at)
        high = (high + (difference >> 1 ^ -(difference & 1))) % (1 << 64)
        bits, at = high << 64 | int.from_bytes(page[at:at + 8], "little"), at + 8
        letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
        ulid = "".join(letters[bits >> 5 * index & 31] for index in reversed(range(26)))
        (first, count, *_), at = varints(page, at, 5)
        yield f"doc_{ulid}", first, count


def orphans(data):
    """Files that belong to no document. Killed uploads leave some; a day later they are removed."""
    with read(data) as database:
        stored = {row[0] for row in database.execute("SELECT sha256 FROM documents")}
    return store(data).blobs() - stored


def let_time_pass(data):
    """As if two days had gone by since the processes on this folder died: what they held runs out, and
    their files are old. All jobs are due."""
    store(data).let_time_pass()
