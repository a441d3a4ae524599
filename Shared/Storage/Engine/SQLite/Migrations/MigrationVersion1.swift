extension Migrations {
    /// The first schema.
    static let version1 = """
        CREATE TABLE settings (
            name TEXT NOT NULL PRIMARY KEY,
            value TEXT NOT NULL
        );

        CREATE TABLE users (
            id TEXT NOT NULL PRIMARY KEY,
            email TEXT NOT NULL,
            email_key TEXT NOT NULL UNIQUE,
            name TEXT NOT NULL,
            search_key TEXT NOT NULL,
            password_hash TEXT NOT NULL,
            role TEXT NOT NULL CHECK (role IN ('admin', 'manager', 'user')),
            status TEXT NOT NULL CHECK (status IN ('active', 'suspended')),
            last_login_at INTEGER,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL
        );

        CREATE TABLE sessions (
            id TEXT NOT NULL PRIMARY KEY,
            user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
            created_at INTEGER NOT NULL,
            expires_at INTEGER NOT NULL,
            revoked_at INTEGER
        );
        CREATE INDEX sessions_by_user ON sessions (user_id);

        CREATE TABLE refresh_tokens (
            hash BLOB NOT NULL PRIMARY KEY CHECK (length(hash) = 32),
            session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
            expires_at INTEGER NOT NULL,
            used_at INTEGER
        );
        CREATE INDEX refresh_tokens_by_session ON refresh_tokens (session_id);

        CREATE TABLE api_keys (
            id TEXT NOT NULL PRIMARY KEY,
            user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
            hash BLOB NOT NULL UNIQUE CHECK (length(hash) = 32),
            name TEXT NOT NULL,
            prefix TEXT NOT NULL,
            scope TEXT NOT NULL CHECK (scope IN ('read', 'write', 'admin')),
            expires_at INTEGER,
            last_used_at INTEGER,
            created_at INTEGER NOT NULL
        );
        CREATE INDEX api_keys_by_user ON api_keys (user_id, id);

        -- No reference to the workspace: its own webhooks are told of its end.
        CREATE TABLE webhooks (
            id TEXT NOT NULL PRIMARY KEY,
            url TEXT NOT NULL,
            secret TEXT NOT NULL,
            events TEXT NOT NULL,
            workspace_id TEXT,
            description TEXT NOT NULL,
            is_active INTEGER NOT NULL,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL
        );

        CREATE TABLE events (
            id TEXT NOT NULL PRIMARY KEY,
            kind TEXT NOT NULL,
            payload TEXT NOT NULL,
            created_at INTEGER NOT NULL
        );

        -- What is to be sent, written in the transaction of what it tells of.
        CREATE TABLE deliveries (
            id TEXT NOT NULL PRIMARY KEY,
            webhook_id TEXT NOT NULL REFERENCES webhooks (id) ON DELETE CASCADE,
            event_id TEXT NOT NULL REFERENCES events (id),
            status TEXT NOT NULL CHECK (status IN ('pending', 'succeeded', 'failed')),
            attempts INTEGER NOT NULL DEFAULT 0,
            response_status INTEGER,
            error TEXT,
            last_attempt_at INTEGER,
            -- When it is due; while it is being sent, when someone else may take it over.
            next_attempt_at INTEGER,
            created_at INTEGER NOT NULL
        );
        CREATE INDEX deliveries_by_webhook ON deliveries (webhook_id, id);
        CREATE INDEX deliveries_due ON deliveries (next_attempt_at) WHERE status = 'pending';
        CREATE INDEX deliveries_by_event ON deliveries (event_id);

        CREATE TABLE idempotency_keys (
            id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 32),
            fingerprint BLOB NOT NULL,
            -- NULL while the request is being worked on.
            status INTEGER,
            location TEXT,
            body BLOB,
            expires_at INTEGER NOT NULL
        );
        CREATE INDEX idempotency_keys_by_expiry ON idempotency_keys (expires_at);

        CREATE TABLE workspaces (
            id TEXT NOT NULL PRIMARY KEY,
            name TEXT NOT NULL,
            slug TEXT NOT NULL UNIQUE,
            description TEXT NOT NULL,
            -- Name and description in lower case, for searching and sorting.
            name_key TEXT NOT NULL,
            search_key TEXT NOT NULL,
            settings TEXT NOT NULL,
            owner_id TEXT NOT NULL REFERENCES users (id),
            document_count INTEGER NOT NULL DEFAULT 0 CHECK (document_count >= 0),
            conversation_count INTEGER NOT NULL DEFAULT 0 CHECK (conversation_count >= 0),
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL
        ) WITHOUT ROWID;

        CREATE TABLE members (
            user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
            workspace_id TEXT NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
            role TEXT NOT NULL CHECK (role IN ('viewer', 'editor', 'owner')),
            created_at INTEGER NOT NULL,
            PRIMARY KEY (user_id, workspace_id)
        ) WITHOUT ROWID;
        CREATE INDEX members_by_workspace ON members (workspace_id, user_id);

        CREATE TABLE documents (
            id TEXT NOT NULL PRIMARY KEY,
            workspace_id TEXT NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
            name TEXT NOT NULL,
            search_key TEXT NOT NULL,
            type TEXT NOT NULL,
            mime_type TEXT NOT NULL,
            size INTEGER NOT NULL CHECK (size >= 0),
            sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
            status TEXT NOT NULL CHECK (status IN ('processing', 'processed', 'failed')),
            error TEXT,
            chunk_count INTEGER NOT NULL,
            word_count INTEGER NOT NULL,
            metadata TEXT NOT NULL,
            uploaded_by TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL,
            UNIQUE (workspace_id, sha256)
        );
        CREATE INDEX documents_by_workspace ON documents (workspace_id, id);
        CREATE INDEX documents_by_content ON documents (sha256);

        CREATE TABLE passages (
            -- What the full-text index knows a passage by.
            number INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            workspace_id TEXT NOT NULL,
            document_id TEXT NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
            position INTEGER NOT NULL,
            text_start INTEGER NOT NULL,
            text_end INTEGER NOT NULL,
            page INTEGER,
            heading TEXT,
            content TEXT NOT NULL,
            UNIQUE (document_id, position)
        );

        -- Contentless: the text is in passages already. Rows are removed by the command 'delete',
        -- which has to be given the text again.
        CREATE VIRTUAL TABLE passage_text USING fts5 (
            scope, heading, content, content = '', tokenize = 'porter unicode61 remove_diacritics 2'
        );

        -- Files of deleted documents, until it is certain that no other document has the same bytes.
        CREATE TABLE released_blobs (
            sha256 TEXT NOT NULL PRIMARY KEY
        );

        CREATE TABLE conversations (
            id TEXT NOT NULL PRIMARY KEY,
            workspace_id TEXT NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
            user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
            title TEXT NOT NULL,
            search_key TEXT NOT NULL,
            message_count INTEGER NOT NULL DEFAULT 0,
            last_message_at INTEGER NOT NULL,
            created_at INTEGER NOT NULL
        );
        CREATE INDEX conversations_by_user ON conversations (workspace_id, user_id, last_message_at);

        CREATE TABLE messages (
            conversation_id TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
            position INTEGER NOT NULL,
            id TEXT NOT NULL UNIQUE,
            role TEXT NOT NULL CHECK (role IN ('user', 'assistant')),
            content TEXT NOT NULL,
            -- The passages as they were when they were cited: a document may go, its answers stay.
            sources TEXT NOT NULL,
            model TEXT,
            finish_reason TEXT,
            prompt_tokens INTEGER NOT NULL,
            completion_tokens INTEGER NOT NULL,
            created_at INTEGER NOT NULL,
            PRIMARY KEY (conversation_id, position)
        );
        """
}
