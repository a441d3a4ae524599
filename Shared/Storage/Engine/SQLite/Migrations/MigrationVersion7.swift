extension Migrations {
    /// One job table for all work that outlives the request that caused it.
    static let version7 = """
        CREATE TABLE jobs (
            kind TEXT NOT NULL,
            -- What the job works on: a delivery, a document, or what a sweep goes through.
            subject TEXT NOT NULL,
            -- Queues of a kind take turns: a webhook, a workspace, or nothing.
            queue TEXT NOT NULL,
            -- When it can be claimed; while somebody has it, when the lease ends.
            due_at INTEGER NOT NULL,
            -- When the lease ends. NULL when nobody has it. It also identifies the claim.
            lease INTEGER,
            attempts INTEGER NOT NULL DEFAULT 0,
            attempted_at INTEGER,
            progress INTEGER,
            error TEXT,
            PRIMARY KEY (kind, subject)
        ) WITHOUT ROWID;
        CREATE INDEX jobs_by_queue ON jobs (kind, queue, due_at);
        CREATE INDEX jobs_leased ON jobs (kind, due_at) WHERE lease IS NOT NULL;

        -- A delivery keeps how its attempts went. When it is due, and who sends it, is the job's.
        INSERT INTO jobs (kind, subject, queue, due_at, lease, attempts, attempted_at, error)
        SELECT 'webhook', id, webhook_id, coalesce(next_attempt_at, created_at),
            CASE WHEN is_leased = 1 THEN coalesce(next_attempt_at, created_at) END, attempts,
            CASE WHEN attempts > 0 THEN last_attempt_at END, error
        FROM deliveries WHERE status = 'pending';
        DROP INDEX deliveries_pending;
        DROP INDEX deliveries_leased;
        ALTER TABLE deliveries DROP COLUMN next_attempt_at;
        ALTER TABLE deliveries DROP COLUMN is_leased;
        -- The comment on the column stays where the column was.
        PRAGMA writable_schema = ON;
        UPDATE sqlite_schema
        SET sql = replace(sql, '-- When it is due; while it is being sent, when someone else may take it over.', '')
        WHERE type = 'table' AND name = 'deliveries';
        PRAGMA writable_schema = RESET;

        -- Uploads under way and those that were abandoned.
        INSERT INTO jobs (kind, subject, queue, due_at, lease, attempts, progress)
        SELECT 'ingestion', u.document_id, u.workspace_id, u.expires_at, u.expires_at, coalesce(a.attempts, 0), a.passages
        FROM unlisted_documents u LEFT JOIN document_attempts a ON a.document_id = u.document_id
        WHERE u.expires_at IS NOT NULL;
        -- Removed documents that still have passages.
        INSERT INTO jobs (kind, subject, queue, due_at)
        SELECT 'purge', document_id, workspace_id, 0 FROM unlisted_documents WHERE expires_at IS NULL;
        DROP TABLE document_attempts;

        -- Documents whose passages search leaves out: those that are not complete, and those that were removed.
        CREATE TABLE hidden_documents (
            document_id TEXT NOT NULL PRIMARY KEY,
            workspace_id TEXT NOT NULL
        ) WITHOUT ROWID;
        CREATE INDEX hidden_documents_by_workspace ON hidden_documents (workspace_id);
        INSERT INTO hidden_documents SELECT document_id, workspace_id FROM unlisted_documents;
        DROP TABLE unlisted_documents;

        -- Files of removed documents, which other documents may have too.
        ALTER TABLE released_blobs RENAME TO orphan_candidates;

        INSERT INTO jobs (kind, subject, queue, due_at)
        SELECT 'orphans', 'files', '', 0 WHERE EXISTS (SELECT 1 FROM orphan_candidates);

        INSERT INTO jobs (kind, subject, queue, due_at)
        VALUES ('sweep', 'deliveries', '', 0), ('sweep', 'sessions', '', 0), ('sweep', 'files', '', 0);
        """
}
