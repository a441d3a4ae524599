"""Where an installation keeps its data, as an audit looks at it: a folder with SQLite and files, or PostgreSQL."""

from __future__ import annotations

import hashlib
import os
import sqlite3
import time
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Iterator

if TYPE_CHECKING:
    from postgres import PostgresServer

DAYS = 2
"""How long ago everything was after `let_time_pass`."""


class Folder:
    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> closing[sqlite3.Connection]:
        """The database, to be looked at only."""
        return closing(sqlite3.connect(f"file:{self.path}/nexlayer.db?mode=ro", uri=True, timeout=30, isolation_level=None))

    def broken(self, database: sqlite3.Connection) -> list[str]:
        """What the engine itself finds."""
        found = []
        check = database.execute("PRAGMA integrity_check").fetchall()
        if check != [("ok",)]:
            found.append(f"integrity_check: {check[:3]}")
        if rows := database.execute("PRAGMA foreign_key_check").fetchall():
            found.append(f"foreign_key_check: {rows[:3]}")
        return found

    def left(self, database: sqlite3.Connection) -> list[str]:
        """What is gone once all work that outlives requests is done."""
        return [f"the old index is still there: {name}" for name in self.tables(database) if name.startswith("passage_text")]

    def tables(self, database: sqlite3.Connection) -> set[str]:
        return {row[0] for row in database.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}

    def paths(self) -> dict[str, Path]:
        return {path.name: path for path in Path(self.path, "blobs").glob("??/*")}

    def blobs(self) -> set[str]:
        """The names of the uploaded files."""
        return set(self.paths())

    def damaged(self, names: set[str]) -> list[str]:
        """Those of which the bytes are not what the name says."""
        return [name for name, path in self.paths().items()
                if name in names and hashlib.sha256(path.read_bytes()).hexdigest() != name]

    def let_time_pass(self) -> None:
        with closing(sqlite3.connect(f"{self.path}/nexlayer.db", timeout=30)) as database:
            database.execute("UPDATE jobs SET due_at = 1, lease = CASE WHEN lease IS NOT NULL THEN 1 END")
            database.execute("DELETE FROM idempotency_keys WHERE status IS NULL")
            database.commit()
        for path in self.paths().values():
            os.utime(path, (time.time() - DAYS * 86_400,) * 2)


class Rows:
    """A database of PostgreSQL, through psql. Everything in it is of the moment of its statement."""

    def __init__(self, server: PostgresServer, database: str) -> None:
        self.server, self.database = server, database

    def execute(self, query: str) -> RowList:
        return RowList([] if query == "BEGIN" else self.server.rows(query, database=self.database))

    @contextmanager
    def read(self) -> Iterator[Rows]:
        yield self

    def broken(self, _: Rows) -> list[str]:
        """Indexes that were not finished, and constraints that were not checked."""
        return [f"{kind}: {name}" for kind, name in self.execute(
            "SELECT 'an index is not valid' AS kind, indexrelid::regclass::text AS name FROM pg_index WHERE NOT indisvalid "
            "UNION ALL SELECT 'a constraint is not valid', conname::text FROM pg_constraint WHERE NOT convalidated")]

    def left(self, _: Rows) -> list[str]:
        return []

    def tables(self, _: Rows) -> set[str]:
        return {name for (name,) in self.execute(
            "SELECT tablename::text AS name FROM pg_tables WHERE schemaname = 'public'")}

    def blobs(self) -> set[str]:
        return {name for (name,) in self.execute("SELECT DISTINCT sha256 FROM blob_parts")}

    def damaged(self, names: set[str]) -> list[str]:
        return [name for (name,) in self.execute(
            "SELECT sha256 FROM blob_parts GROUP BY sha256 "
            "HAVING encode(sha256(string_agg(data, '' ORDER BY part)), 'hex') <> sha256") if name in names]

    def let_time_pass(self) -> None:
        self.execute("UPDATE jobs SET due_at = 1, lease = CASE WHEN lease IS NOT NULL THEN 1 END")
        self.execute("DELETE FROM idempotency_keys WHERE status IS NULL")
        # Of uploads and removals that were killed.
        self.execute("UPDATE file_claims SET expires_at = 1")


class RowList(list[tuple[Any, ...]]):
    """Rows as sqlite3's cursors give them."""

    def fetchall(self) -> RowList:
        return self

    def fetchone(self) -> tuple[Any, ...] | None:
        return self[0] if self else None


def store(data: Path | str | Rows) -> Folder | Rows:
    """What is behind a path, or the database itself."""
    return data if isinstance(data, Rows) else Folder(Path(data))
