/// A table as a transfer copies it: the same on SQLite and on PostgreSQL.
struct TransferTable {
    /// How both engines store a column.
    enum Kind { case text, integer, flag, blob }

    let name: StaticString
    /// In the order in which they are read and written.
    let columns: [(name: StaticString, kind: Kind)]
    /// The number that an engine gives to a new row if the program does not.
    let identity: StaticString?
    /// Whether a new database has rows of its own, which the copied ones replace.
    let isPrefilled: Bool
    /// In SQL.
    let table: SQL
    let columnList: SQL

    init(
        _ name: StaticString, texts: [StaticString] = [], integers: [StaticString] = [], flags: [StaticString] = [],
        blobs: [StaticString] = [], identity: StaticString? = nil, isPrefilled: Bool = false
    ) {
        self.name = name
        columns =
            texts.map { ($0, .text) } + integers.map { ($0, .integer) } + flags.map { ($0, .flag) }
            + blobs.map { ($0, .blob) }
        (self.identity, self.isPrefilled) = (identity, isPrefilled)
        table = SQL(stringLiteral: name)
        columnList = .permanentList(columns.map { SQL(stringLiteral: $0.name) })
    }

    /// The list of an installation's tables. A table comes after those that its foreign keys refer to.
    static let all: [TransferTable] = [
        TransferTable("settings", texts: ["name", "value"], isPrefilled: true),
        TransferTable(
            "users",
            texts: ["id", "email", "email_key", "name", "search_key", "password_hash", "role", "status"],
            integers: ["last_login_at", "created_at", "updated_at"]),
        TransferTable("sessions", texts: ["id", "user_id"], integers: ["created_at", "expires_at", "revoked_at"]),
        TransferTable(
            "refresh_tokens", texts: ["session_id"], integers: ["expires_at", "used_at"],
            blobs: ["hash", "successor_nonce"]),
        TransferTable(
            "api_keys", texts: ["id", "user_id", "name", "prefix", "scope"],
            integers: ["expires_at", "last_used_at", "created_at"], blobs: ["hash"]),
        TransferTable(
            "idempotency_keys", texts: ["location", "content_type", "progress"], integers: ["status", "expires_at"],
            blobs: ["id", "fingerprint", "body"]),
        TransferTable(
            "webhooks",
            texts: ["id", "url", "secret", "events", "workspace_id", "description", "owner_id", "disabled_reason"],
            integers: ["created_at", "updated_at"], flags: ["is_active", "is_quick"]),
        TransferTable("events", texts: ["id", "kind", "payload"], integers: ["created_at"]),
        TransferTable(
            "deliveries", texts: ["id", "webhook_id", "event_id", "status", "error"],
            integers: ["attempts", "response_status", "last_attempt_at", "created_at"]),
        TransferTable(
            "workspaces",
            texts: ["id", "name", "slug", "description", "name_key", "search_key", "settings", "owner_id"],
            integers: ["document_count", "conversation_count", "created_at", "updated_at"]),
        TransferTable("members", texts: ["user_id", "workspace_id", "role"], integers: ["created_at"]),
        TransferTable(
            "invitations", texts: ["id", "workspace_id", "email", "email_key", "role"],
            integers: ["created_at", "expires_at"]),
        TransferTable(
            "documents",
            texts: [
                "id", "workspace_id", "name", "search_key", "type", "mime_type", "sha256", "status", "error",
                "metadata", "uploaded_by", "encoding", "warnings", "language", "embedding_error",
            ],
            integers: [
                "size", "chunk_count", "word_count", "created_at", "updated_at", "index_from", "embedded_in",
                "embedding_set", "embedding_done",
            ]),
        TransferTable(
            "passages", texts: ["id", "workspace_id", "document_id", "heading", "place", "content", "variants"],
            integers: ["number", "position", "text_start", "text_end", "page"], identity: "number"),
        TransferTable("hidden_documents", texts: ["document_id", "workspace_id"]),
        TransferTable("orphan_candidates", texts: ["sha256"]),
        TransferTable(
            "conversations", texts: ["id", "workspace_id", "user_id", "title", "search_key"],
            integers: ["message_count", "last_message_at", "created_at"]),
        TransferTable(
            "messages", texts: ["conversation_id", "id", "role", "content", "sources", "model", "finish_reason"],
            integers: ["position", "prompt_tokens", "completion_tokens", "created_at"]),
        TransferTable(
            "jobs", texts: ["kind", "subject", "queue", "error"],
            integers: ["due_at", "lease", "attempts", "attempted_at", "progress"], isPrefilled: true),
        TransferTable(
            "index_segments", texts: ["workspace_id"], integers: ["segment", "number", "level", "passages"],
            blobs: ["header"]),
        TransferTable(
            "index_pages", texts: ["workspace_id"], integers: ["segment", "kind", "part"], blobs: ["term", "data"]),
        TransferTable("index_counters", texts: ["workspace_id"], integers: ["next"]),
        TransferTable("index_removals", texts: ["workspace_id", "document_id"], integers: ["before_number"]),
        TransferTable(
            "vector_sets", texts: ["workspace_id", "model", "state"], integers: ["number", "dimensions"],
            blobs: ["centre"]),
        TransferTable(
            "vector_pages", texts: ["workspace_id"], integers: ["id", "set_number", "vectors", "removed"],
            blobs: ["runs", "starts", "bits"], identity: "id"),
        TransferTable("vector_values", integers: ["id"], blobs: ["data"]),
        TransferTable("vector_documents", texts: ["document_id"], integers: ["page"]),
        TransferTable(
            "uploads", texts: ["id", "workspace_id", "user_id", "sha256"], integers: ["size", "expires_at"]),
    ]

    /// Tables that are not copied as they are: files (`TransferFiles`), and what processes hold at the moment.
    static let notCopied = ["blob_parts", "file_claims"]

    /// Tables that only PostgreSQL has: rows to lock, counters of the current minute, versions. SQLite may have the index
    /// of earlier versions, whose documents jobs index again.
    static let onlyOnServers = ["guards", "rate_limits", "schema_version"]
    /// Columns that only PostgreSQL has: claims of processes that have ended. On SQLite, they are locks of files.
    static let columnsOnlyOnServers = ["idempotency_keys.claimed_by", "idempotency_keys.claimed_until"]

    /// The rows to copy. Not the mark of this transfer, nor where the files are.
    var rows: SQL {
        let filter: SQL =
            name.hasSameBytes(as: "settings")
            ? "WHERE name NOT IN (\(TransferMark.setting), \(BlobStore.placeSetting))" : ""
        return "FROM \(table) \(filter)"
    }

    var text: String { name.description }
}

extension StaticString {
    fileprivate func hasSameBytes(as other: StaticString) -> Bool { description == other.description }
}
