extension Migrations {
    /// What the faults found by attacks and failure tests needed.
    static let version6 = """
        -- Addresses that look the same are one account. Where there are several already, the key is that of the one
        -- that is spelled so, or else of the first; the others keep theirs, which nobody can register any more.
        UPDATE users SET email_key = address_key(email_key)
        WHERE email_key GLOB '*[^\u{1}-~]*'
            AND id IN (SELECT min(id) FROM users GROUP BY address_key(email_key))
            AND NOT EXISTS (SELECT 1 FROM users other WHERE other.email_key = address_key(users.email_key));

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
        SELECT p.workspace_id, count(*), sum(index_words(d.sz)), min(p.number), max(p.number)
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

        """
}
