extension Migrations {
    /// An index of our own for search, in place of FTS5's. Documents of before are indexed again by jobs; until then
    /// search finds them in the old one, which the last of these jobs drops.
    static let version9 = """
        -- The language of the text, as an ISO 639-1 code; NULL if it is not known.
        ALTER TABLE documents ADD COLUMN language TEXT;
        -- The first number of a segment that has the document; NULL while only the old index has it.
        ALTER TABLE documents ADD COLUMN index_from INTEGER;
        CREATE INDEX documents_not_indexed ON documents (workspace_id) WHERE index_from IS NULL;

        -- Parts of a workspace's index, which never change.
        CREATE TABLE index_segments (
            workspace_id TEXT NOT NULL,
            -- What its pages are stored under.
            segment INTEGER NOT NULL,
            -- Its place in the order of writes. A merged one has that of its newest part.
            number INTEGER NOT NULL,
            -- How often it was merged. Below 0, it is no part of the index: it is being written, or removed.
            level INTEGER NOT NULL,
            passages INTEGER NOT NULL,
            header BLOB NOT NULL,
            PRIMARY KEY (workspace_id, segment)
        );
        CREATE TABLE index_pages (
            workspace_id TEXT NOT NULL,
            segment INTEGER NOT NULL,
            kind INTEGER NOT NULL,
            term BLOB NOT NULL,
            part INTEGER NOT NULL,
            data BLOB NOT NULL,
            PRIMARY KEY (workspace_id, segment, kind, term, part)
        );
        -- The next segment's number, which is never used twice.
        CREATE TABLE index_counters (
            workspace_id TEXT NOT NULL PRIMARY KEY,
            next INTEGER NOT NULL
        ) WITHOUT ROWID;
        -- Documents that segments of lower numbers may still have, but which do not count there any more.
        CREATE TABLE index_removals (
            workspace_id TEXT NOT NULL,
            document_id TEXT NOT NULL,
            before_number INTEGER NOT NULL,
            PRIMARY KEY (workspace_id, document_id)
        ) WITHOUT ROWID;

        -- Documents that are not complete are read again from the beginning.
        DELETE FROM passages WHERE document_id IN (SELECT id FROM documents WHERE status = 'processing');
        INSERT INTO jobs (kind, subject, queue, due_at)
        SELECT 'index', id, workspace_id, 0 FROM documents WHERE status = 'processed';
        -- Drops the old index if there are no documents.
        INSERT INTO jobs (kind, subject, queue, due_at) VALUES ('index', '', '', 0);
        """
}
