// Over 300 lines: it is a whole schema.
extension PostgresMigrations {
    /// The first schema on PostgreSQL: that of version 10 on SQLite, without the full-text index of earlier versions.
    ///
    /// Every integer is a BIGINT. Text compares by bytes (`COLLATE "C"`), as on SQLite.
    static let version10 = """
        CREATE TABLE settings (
            name TEXT COLLATE "C" NOT NULL PRIMARY KEY,
            value TEXT COLLATE "C" NOT NULL
        );

        -- Rows that writes change to serialise with others (`Guard`).
        CREATE TABLE guards (
            name TEXT COLLATE "C" NOT NULL PRIMARY KEY,
            uses BIGINT NOT NULL DEFAULT 0
        );
        INSERT INTO guards (name) VALUES ('administrators');
        INSERT INTO guards (name) SELECT 'limit ' || number FROM generate_series(0, 255) AS numbers (number);

        CREATE TABLE users (
            id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
            email TEXT COLLATE "C" NOT NULL,
            email_key TEXT COLLATE "C" NOT NULL UNIQUE,
            name TEXT COLLATE "C" NOT NULL,
            search_key TEXT COLLATE "C" NOT NULL,
            password_hash TEXT COLLATE "C" NOT NULL,
            role TEXT COLLATE "C" NOT NULL CHECK (role IN ('admin', 'manager', 'user')),
            status TEXT COLLATE "C" NOT NULL CHECK (status IN ('active', 'suspended')),
            last_login_at BIGINT,
            created_at BIGINT NOT NULL,
            updated_at BIGINT NOT NULL
        );

        CREATE TABLE sessions (
            id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
            user_id TEXT COLLATE "C" NOT NULL REFERENCES users (id) ON DELETE CASCADE,
            created_at BIGINT NOT NULL,
            expires_at BIGINT NOT NULL,
            revoked_at BIGINT
        );
        CREATE INDEX sessions_by_user ON sessions (user_id);
        CREATE INDEX sessions_by_expiry ON sessions (expires_at);

        CREATE TABLE refresh_tokens (
            hash BYTEA NOT NULL PRIMARY KEY CHECK (octet_length(hash) = 32),
            session_id TEXT COLLATE "C" NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
            expires_at BIGINT NOT NULL,
            used_at BIGINT,
            -- While the successor of a used token has not been used: what it is derived from, together with the text of
            -- the used one, which is not kept.
            successor_nonce BYTEA
        );
        CREATE INDEX refresh_tokens_by_session ON refresh_tokens (session_id);
        CREATE INDEX refresh_tokens_by_expiry ON refresh_tokens (expires_at);

        CREATE TABLE api_keys (
            id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
            user_id TEXT COLLATE "C" NOT NULL REFERENCES users (id) ON DELETE CASCADE,
            hash BYTEA NOT NULL UNIQUE CHECK (octet_length(hash) = 32),
            name TEXT COLLATE "C" NOT NULL,
            prefix TEXT COLLATE "C" NOT NULL,
            scope TEXT COLLATE "C" NOT NULL CHECK (scope IN ('read', 'write', 'admin')),
            expires_at BIGINT,
            last_used_at BIGINT,
            created_at BIGINT NOT NULL
        );
        CREATE INDEX api_keys_by_user ON api_keys (user_id, id);

        CREATE TABLE idempotency_keys (
            id BYTEA NOT NULL PRIMARY KEY CHECK (octet_length(id) = 32),
            fingerprint BYTEA NOT NULL,
            -- NULL while the request is being worked on.
            status BIGINT,
            location TEXT COLLATE "C",
            body BYTEA,
            expires_at BIGINT NOT NULL,
            -- NULL for JSON.
            content_type TEXT COLLATE "C",
            -- What an interrupted request had made: the message that it was answering.
            progress TEXT COLLATE "C",
            -- The machine whose process works on the request, and until when other machines believe it.
            claimed_by TEXT COLLATE "C",
            claimed_until BIGINT
        );
        CREATE INDEX idempotency_keys_by_expiry ON idempotency_keys (expires_at);

        -- No reference to the workspace: its own webhooks are told of its end.
        CREATE TABLE webhooks (
            id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
            url TEXT COLLATE "C" NOT NULL,
            secret TEXT COLLATE "C" NOT NULL,
            events TEXT COLLATE "C" NOT NULL,
            workspace_id TEXT COLLATE "C",
            description TEXT COLLATE "C" NOT NULL,
            is_active BOOLEAN NOT NULL,
            created_at BIGINT NOT NULL,
            updated_at BIGINT NOT NULL,
            -- The account whose rights the webhook has.
            owner_id TEXT COLLATE "C",
            -- Why it gets no more events although nobody switched it off.
            disabled_reason TEXT COLLATE "C",
            -- Whether its receiver accepted the last delivery promptly.
            is_quick BOOLEAN NOT NULL DEFAULT FALSE
        );
        CREATE INDEX webhooks_by_workspace ON webhooks (workspace_id);

        CREATE TABLE events (
            id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
            kind TEXT COLLATE "C" NOT NULL,
            payload TEXT COLLATE "C" NOT NULL,
            created_at BIGINT NOT NULL
        );
        CREATE INDEX events_by_age ON events (created_at);

        -- No reference to the webhook: deliveries outlive it until they are removed in batches.
        CREATE TABLE deliveries (
            id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
            webhook_id TEXT COLLATE "C" NOT NULL,
            event_id TEXT COLLATE "C" NOT NULL REFERENCES events (id),
            status TEXT COLLATE "C" NOT NULL CHECK (status IN ('pending', 'succeeded', 'failed')),
            attempts BIGINT NOT NULL DEFAULT 0,
            response_status BIGINT,
            error TEXT COLLATE "C",
            last_attempt_at BIGINT,
            created_at BIGINT NOT NULL
        );
        CREATE INDEX deliveries_by_webhook ON deliveries (webhook_id, id);
        CREATE INDEX deliveries_by_event ON deliveries (event_id);
        CREATE INDEX deliveries_done ON deliveries (created_at) WHERE status <> 'pending';

        CREATE TABLE workspaces (
            id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
            name TEXT COLLATE "C" NOT NULL,
            slug TEXT COLLATE "C" NOT NULL UNIQUE,
            description TEXT COLLATE "C" NOT NULL,
            -- Name and description in lower case, for searching and sorting.
            name_key TEXT COLLATE "C" NOT NULL,
            search_key TEXT COLLATE "C" NOT NULL,
            settings TEXT COLLATE "C" NOT NULL,
            owner_id TEXT COLLATE "C" NOT NULL REFERENCES users (id),
            document_count BIGINT NOT NULL DEFAULT 0 CHECK (document_count >= 0),
            conversation_count BIGINT NOT NULL DEFAULT 0 CHECK (conversation_count >= 0),
            created_at BIGINT NOT NULL,
            updated_at BIGINT NOT NULL
        );
        CREATE INDEX workspaces_by_name ON workspaces (name_key, id);
        CREATE INDEX workspaces_by_update ON workspaces (updated_at, id);

        CREATE TABLE members (
            user_id TEXT COLLATE "C" NOT NULL REFERENCES users (id) ON DELETE CASCADE,
            workspace_id TEXT COLLATE "C" NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
            role TEXT COLLATE "C" NOT NULL CHECK (role IN ('viewer', 'editor', 'owner')),
            created_at BIGINT NOT NULL,
            PRIMARY KEY (user_id, workspace_id)
        );
        CREATE INDEX members_by_workspace ON members (workspace_id, user_id);

        -- Invitations to workspaces, by e-mail address.
        CREATE TABLE invitations (
            id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
            workspace_id TEXT COLLATE "C" NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
            email TEXT COLLATE "C" NOT NULL,
            email_key TEXT COLLATE "C" NOT NULL,
            role TEXT COLLATE "C" NOT NULL CHECK (role IN ('viewer', 'editor', 'owner')),
            created_at BIGINT NOT NULL,
            expires_at BIGINT NOT NULL,
            UNIQUE (email_key, workspace_id)
        );
        CREATE INDEX invitations_by_workspace ON invitations (workspace_id, created_at);

        CREATE TABLE documents (
            id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
            workspace_id TEXT COLLATE "C" NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
            name TEXT COLLATE "C" NOT NULL,
            search_key TEXT COLLATE "C" NOT NULL,
            type TEXT COLLATE "C" NOT NULL,
            mime_type TEXT COLLATE "C" NOT NULL,
            size BIGINT NOT NULL CHECK (size >= 0),
            sha256 TEXT COLLATE "C" NOT NULL CHECK (length(sha256) = 64),
            status TEXT COLLATE "C" NOT NULL CHECK (status IN ('processing', 'processed', 'failed')),
            error TEXT COLLATE "C",
            chunk_count BIGINT NOT NULL,
            word_count BIGINT NOT NULL,
            metadata TEXT COLLATE "C" NOT NULL,
            uploaded_by TEXT COLLATE "C" NOT NULL,
            created_at BIGINT NOT NULL,
            updated_at BIGINT NOT NULL,
            -- An IANA name in lower case; NULL for formats that are not text.
            encoding TEXT COLLATE "C",
            -- A JSON object; empty if there are none.
            warnings TEXT COLLATE "C" NOT NULL DEFAULT '{}',
            -- The language of the text, as an ISO 639-1 code; NULL if it is not known.
            language TEXT COLLATE "C",
            -- The first number of a segment that has the document; NULL if none has.
            index_from BIGINT,
            -- The set that has vectors of all passages, or could not get them for the reason below.
            embedded_in BIGINT NOT NULL DEFAULT 0,
            -- The set that has vectors of the first passages, and of how many.
            embedding_set BIGINT NOT NULL DEFAULT 0,
            embedding_done BIGINT NOT NULL DEFAULT 0,
            embedding_error TEXT COLLATE "C",
            UNIQUE (workspace_id, sha256)
        );
        CREATE INDEX documents_by_workspace ON documents (workspace_id, id);
        CREATE INDEX documents_by_content ON documents (sha256);
        CREATE INDEX documents_size_by_workspace ON documents (workspace_id, size);
        CREATE INDEX documents_size_by_uploader ON documents (uploaded_by, size);
        CREATE INDEX documents_to_embed ON documents (workspace_id, embedded_in, id, chunk_count)
            WHERE status = 'processed';

        -- No reference to the document: passages outlive it until they are purged in batches.
        CREATE TABLE passages (
            number BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
            id TEXT COLLATE "C" NOT NULL UNIQUE,
            workspace_id TEXT COLLATE "C" NOT NULL,
            document_id TEXT COLLATE "C" NOT NULL,
            position BIGINT NOT NULL,
            text_start BIGINT NOT NULL,
            text_end BIGINT NOT NULL,
            page BIGINT,
            heading TEXT COLLATE "C",
            content TEXT COLLATE "C" NOT NULL,
            -- Other readings of words, which only the index has; NULL if there are none.
            variants TEXT COLLATE "C",
            UNIQUE (document_id, position)
        );

        -- Documents whose passages search leaves out: those that are not complete, and those that were removed.
        CREATE TABLE hidden_documents (
            document_id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
            workspace_id TEXT COLLATE "C" NOT NULL
        );
        CREATE INDEX hidden_documents_by_workspace ON hidden_documents (workspace_id);

        -- Files of removed documents, which other documents may have too.
        CREATE TABLE orphan_candidates (
            sha256 TEXT COLLATE "C" NOT NULL PRIMARY KEY
        );

        CREATE TABLE conversations (
            id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
            workspace_id TEXT COLLATE "C" NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
            user_id TEXT COLLATE "C" NOT NULL REFERENCES users (id) ON DELETE CASCADE,
            title TEXT COLLATE "C" NOT NULL,
            search_key TEXT COLLATE "C" NOT NULL,
            message_count BIGINT NOT NULL DEFAULT 0,
            last_message_at BIGINT NOT NULL,
            created_at BIGINT NOT NULL
        );
        CREATE INDEX conversations_by_user ON conversations (workspace_id, user_id, last_message_at);

        CREATE TABLE messages (
            conversation_id TEXT COLLATE "C" NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
            position BIGINT NOT NULL,
            id TEXT COLLATE "C" NOT NULL UNIQUE,
            role TEXT COLLATE "C" NOT NULL CHECK (role IN ('user', 'assistant')),
            content TEXT COLLATE "C" NOT NULL,
            -- The passages as they were when they were cited: answers outlive documents.
            sources TEXT COLLATE "C" NOT NULL,
            model TEXT COLLATE "C",
            finish_reason TEXT COLLATE "C",
            prompt_tokens BIGINT NOT NULL,
            completion_tokens BIGINT NOT NULL,
            created_at BIGINT NOT NULL,
            PRIMARY KEY (conversation_id, position)
        );

        -- All work that outlives the request that caused it.
        CREATE TABLE jobs (
            kind TEXT COLLATE "C" NOT NULL,
            -- What the job works on: a delivery, a document, or what a sweep goes through.
            subject TEXT COLLATE "C" NOT NULL,
            -- Queues of a kind take turns: a webhook, a workspace, or nothing.
            queue TEXT COLLATE "C" NOT NULL,
            -- When it can be claimed; while a process has it, when the lease ends.
            due_at BIGINT NOT NULL,
            -- When the lease ends. NULL when no process has it. It also identifies the claim.
            lease BIGINT,
            attempts BIGINT NOT NULL DEFAULT 0,
            attempted_at BIGINT,
            progress BIGINT,
            error TEXT COLLATE "C",
            PRIMARY KEY (kind, subject)
        );
        CREATE INDEX jobs_by_queue ON jobs (kind, queue, due_at);
        CREATE INDEX jobs_leased ON jobs (kind, due_at) WHERE lease IS NOT NULL;
        INSERT INTO jobs (kind, subject, queue, due_at)
        VALUES ('sweep', 'deliveries', '', 0), ('sweep', 'sessions', '', 0), ('sweep', 'files', '', 0);

        -- Parts of a workspace's index, which never change.
        CREATE TABLE index_segments (
            workspace_id TEXT COLLATE "C" NOT NULL,
            -- What its pages are stored under.
            segment BIGINT NOT NULL,
            -- Its place in the order of writes. A merged one has that of its newest part.
            number BIGINT NOT NULL,
            -- How often it was merged. Below 0, it is no part of the index: it is being written, or removed.
            level BIGINT NOT NULL,
            passages BIGINT NOT NULL,
            header BYTEA NOT NULL,
            PRIMARY KEY (workspace_id, segment)
        );
        CREATE TABLE index_pages (
            workspace_id TEXT COLLATE "C" NOT NULL,
            segment BIGINT NOT NULL,
            kind BIGINT NOT NULL,
            term BYTEA NOT NULL,
            part BIGINT NOT NULL,
            data BYTEA NOT NULL,
            PRIMARY KEY (workspace_id, segment, kind, term, part)
        );
        -- The next segment's number, which is never used twice.
        CREATE TABLE index_counters (
            workspace_id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
            next BIGINT NOT NULL
        );
        -- Documents that segments of lower numbers may still have, but which do not count there any more.
        CREATE TABLE index_removals (
            workspace_id TEXT COLLATE "C" NOT NULL,
            document_id TEXT COLLATE "C" NOT NULL,
            before_number BIGINT NOT NULL,
            PRIMARY KEY (workspace_id, document_id)
        );

        -- The vectors of a workspace that one model made.
        CREATE TABLE vector_sets (
            workspace_id TEXT COLLATE "C" NOT NULL,
            -- Ascending, and never used twice in a workspace.
            number BIGINT NOT NULL,
            model TEXT COLLATE "C" NOT NULL,
            dimensions BIGINT NOT NULL,
            -- Searches use the complete one or, if there is none, the one being built.
            state TEXT COLLATE "C" NOT NULL CHECK (state IN ('building', 'complete', 'dropped')),
            -- What all texts have in common: 4 bytes a dimension.
            centre BYTEA NOT NULL,
            PRIMARY KEY (workspace_id, number)
        );
        -- What every search reads: one bit a dimension.
        CREATE TABLE vector_pages (
            id BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
            workspace_id TEXT COLLATE "C" NOT NULL,
            set_number BIGINT NOT NULL,
            vectors BIGINT NOT NULL,
            -- How many of them are of removed documents.
            removed BIGINT NOT NULL,
            -- Which passages they are of, and which begin a passage: a bit for each.
            runs BYTEA NOT NULL,
            starts BYTEA NOT NULL,
            bits BYTEA NOT NULL
        );
        CREATE INDEX vector_pages_by_set ON vector_pages (workspace_id, set_number);
        -- What a search reads of its candidates: eight bits a dimension, a few vectors a row. Their numbers follow from
        -- those of the page.
        CREATE TABLE vector_values (
            id BIGINT NOT NULL PRIMARY KEY,
            data BYTEA NOT NULL
        );
        -- The pages that have vectors of a document.
        CREATE TABLE vector_documents (
            document_id TEXT COLLATE "C" NOT NULL,
            page BIGINT NOT NULL,
            PRIMARY KEY (document_id, page)
        );
        CREATE INDEX vector_documents_by_page ON vector_documents (page);

        -- Packed, encrypted and random bytes cannot be compressed.
        ALTER TABLE index_segments ALTER COLUMN header SET STORAGE EXTERNAL;
        ALTER TABLE index_pages ALTER COLUMN data SET STORAGE EXTERNAL;
        ALTER TABLE vector_sets ALTER COLUMN centre SET STORAGE EXTERNAL;
        ALTER TABLE vector_pages ALTER COLUMN bits SET STORAGE EXTERNAL;
        ALTER TABLE vector_values ALTER COLUMN data SET STORAGE EXTERNAL;
        ALTER TABLE idempotency_keys ALTER COLUMN body SET STORAGE EXTERNAL;

        -- Requests of callers in their current window (`SharedLimits`). A crash of the server empties the table.
        CREATE UNLOGGED TABLE rate_limits (
            key BYTEA NOT NULL PRIMARY KEY,
            ends_at BIGINT NOT NULL,
            count BIGINT NOT NULL
        );
        CREATE INDEX rate_limits_by_end ON rate_limits (ends_at);
        """
}
