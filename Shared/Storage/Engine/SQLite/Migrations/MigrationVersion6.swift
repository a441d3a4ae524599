extension Migrations {
    /// Changes for the faults found by attacks and failure tests.
    static let version6 = """
        -- Addresses that look the same are one account. Where there are several already, the key is that of the one
        -- that is spelled so, or else of the first; the others keep theirs, which nobody can register any more.
        UPDATE users SET email_key = address_key_6(email_key)
        WHERE email_key GLOB '*[^\u{1}-~]*'
            AND id IN (SELECT min(id) FROM users GROUP BY address_key_6(email_key))
            AND NOT EXISTS (SELECT 1 FROM users other WHERE other.email_key = address_key_6(users.email_key));

        -- How many passages a workspace has in the index, how many words these have together, one each for the
        -- scope, and between which numbers they are.
        CREATE TABLE passage_statistics (
            workspace_id TEXT NOT NULL PRIMARY KEY,
            passages INTEGER NOT NULL,
            words INTEGER NOT NULL,
            first_number INTEGER NOT NULL,
            last_number INTEGER NOT NULL
        ) WITHOUT ROWID;
        INSERT INTO passage_statistics (workspace_id, passages, words, first_number, last_number)
        SELECT p.workspace_id, count(*), sum(index_words_6(d.sz)), min(p.number), max(p.number)
        FROM passages p JOIN passage_text_docsize d ON d.id = p.number GROUP BY p.workspace_id;

        -- While the token that followed a used one has not been used itself: what that follows from, together with
        -- the text of the used one, which is not kept.
        ALTER TABLE refresh_tokens ADD COLUMN successor_nonce BLOB;

        -- Who was asked to take part in a workspace, by e-mail address, and has not come yet.
        CREATE TABLE invitations (
            id TEXT NOT NULL PRIMARY KEY,
            workspace_id TEXT NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
            email TEXT NOT NULL,
            email_key TEXT NOT NULL,
            role TEXT NOT NULL CHECK (role IN ('viewer', 'editor', 'owner')),
            created_at INTEGER NOT NULL,
            expires_at INTEGER NOT NULL,
            UNIQUE (email_key, workspace_id)
        );
        CREATE INDEX invitations_by_workspace ON invitations (workspace_id, created_at);

        -- What the storage quotas add up.
        CREATE INDEX documents_size_by_workspace ON documents (workspace_id, size);
        CREATE INDEX documents_size_by_uploader ON documents (uploaded_by, size);
        -- What a request that was interrupted had made: the message that it was answering.
        ALTER TABLE idempotency_keys ADD COLUMN progress TEXT;

        -- Whose rights a webhook has: who made it or changed it last. Those made before this was kept have the rights of
        -- their workspace's owner, and others of the administrator who was there first.
        ALTER TABLE webhooks ADD COLUMN owner_id TEXT;
        UPDATE webhooks SET owner_id = coalesce(
            (SELECT owner_id FROM workspaces WHERE workspaces.id = webhooks.workspace_id),
            (SELECT id FROM users WHERE role = 'admin' AND status = 'active' ORDER BY created_at, id LIMIT 1));
        -- Why it gets no more events although nobody switched it off.
        ALTER TABLE webhooks ADD COLUMN disabled_reason TEXT;
        -- Whether its receiver took the last delivery at once.
        ALTER TABLE webhooks ADD COLUMN is_quick INTEGER NOT NULL DEFAULT 0;
        CREATE INDEX webhooks_by_workspace ON webhooks (workspace_id);

        -- Deliveries outlive their webhook, until they are removed in batches: the reference goes, as that of passages
        -- did in version 4.
        PRAGMA writable_schema = ON;
        UPDATE sqlite_schema SET sql = replace(sql, ' REFERENCES webhooks (id) ON DELETE CASCADE', '')
        WHERE type = 'table' AND name = 'deliveries';
        PRAGMA writable_schema = RESET;

        -- Deliveries are claimed webhook by webhook.
        DROP INDEX deliveries_due;
        CREATE INDEX deliveries_pending ON deliveries (webhook_id, next_attempt_at) WHERE status = 'pending';

        -- What is removed once it is old is found by its age.
        CREATE INDEX deliveries_done ON deliveries (created_at) WHERE status <> 'pending';
        CREATE INDEX events_by_age ON events (created_at);
        CREATE INDEX sessions_by_expiry ON sessions (expires_at);
        CREATE INDEX refresh_tokens_by_expiry ON refresh_tokens (expires_at);

        -- How often run-jobs has tried to finish a document whose process died, and how far it was by then.
        CREATE TABLE document_attempts (
            document_id TEXT NOT NULL PRIMARY KEY REFERENCES documents (id) ON DELETE CASCADE,
            attempts INTEGER NOT NULL,
            passages INTEGER NOT NULL
        ) WITHOUT ROWID;
        """
}
