"""What a data folder holds, without what differs from one run to the next: ids, times, secrets."""

import re
from collections import Counter

from audit import read

ID = re.compile(r"\b[a-z]+_[0-7][0-9A-HJKMNP-TV-Z]{25}\b")
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z")
# Of a workspace, as its name and a random ending.
SLUG = re.compile(r"-[0-9a-z]{8}$")
SLUG_FIELD = re.compile(r'"slug":"[^"]*"')
# The audit compares counts with what they count. How a delivery went and when something was last used may differ; keys
# and secrets are random.
IGNORED = {"attempts", "response_status", "error", "is_quick", "last_attempt_at", "last_used_at", "lease", "attempted_at", "progress",
           "hash", "password_hash", "secret", "prefix", "number", "message_count",
           "document_count", "conversation_count", "index_from"}
# The index and its statistics are looked at on their own; claims and answers of idempotency keys are seen by what repeats do.
IGNORED_TABLES = re.compile("sqlite_|passage_text|passage_statistics|index_|idempotency_keys|settings")


def state(data):
    """A count of rows by their table and their values."""
    with read(data) as database:
        tables = [row[0] for row in database.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        rows = Counter()
        for table in tables:
            if IGNORED_TABLES.match(table):
                continue
            cursor = database.execute(f"SELECT * FROM {table}")
            names = [column[0] for column in cursor.description]
            for row in cursor:
                rows[table, tuple(plain(name, value) for name, value in zip(names, row) if name not in IGNORED)] += 1
        return rows


def without_answers(rows):
    """The same as if the questions in it were not answered yet."""
    def is_answer(table, values):
        return table in ("deliveries", "jobs") or table == "messages" and "assistant" in values or \
            table == "events" and "chat.response.generated" in values
    return Counter({row: count for row, count in rows.items() if not is_answer(*row)})


def plain(name, value):
    if isinstance(value, bytes):
        return "bytes"
    if isinstance(value, int) and name.endswith("_at"):
        return "time"
    if name == "slug":
        return SLUG.sub("", value)
    return TIME.sub("time", ID.sub("id", SLUG_FIELD.sub("", value))) if isinstance(value, str) else value


def difference(found, wanted):
    """In words, and short."""
    more, less = found - wanted, wanted - found
    def words(rows):
        return ", ".join(f"{count} {table} {values!r:.120}" for (table, values), count in list(rows.items())[:3])
    return f"has {words(more) or 'nothing'} in place of {words(less) or 'nothing'}"
