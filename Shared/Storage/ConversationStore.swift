import Language
import Models
import Wire

/// Conversations and their messages.
public struct ConversationStore {
    let database: Database

    /// Newest first. Users see only their own.
    public func list(
        in workspace: Workspace.ID, of user: User.ID, search: String?, page: PageRequest
    ) throws -> Page<Conversation> {
        var condition: SQL = "workspace_id = \(workspace) AND user_id = \(user)"
        if let search { condition = "\(condition) AND search_key LIKE \(likePattern(containing: search)) ESCAPE '\\'" }
        return try database.page(
            from: "conversations WHERE \(condition)", order: "last_message_at DESC, id DESC", page)
    }

    public func find(_ id: Conversation.ID, in workspace: Workspace.ID, of user: User.ID) throws -> Conversation? {
        try database.first(
            from: "conversations WHERE id = \(id) AND workspace_id = \(workspace) AND user_id = \(user)")
    }

    public func create(title: String, in workspace: Workspace.ID, for user: User.ID, at now: Timestamp) throws
        -> Conversation
    {
        let id = Conversation.ID.new(at: now)
        try database.write {
            try database.send(
                """
                INSERT INTO conversations (id, workspace_id, user_id, title, search_key, last_message_at, created_at)
                VALUES (\(id), \(workspace), \(user), \(title), \(SearchKey.of(title)), \(now), \(now))
                """)
            try database.send(
                "UPDATE workspaces SET conversation_count = conversation_count + 1 WHERE id = \(workspace)")
        }
        return Conversation(id: id, title: title, messageCount: 0, lastMessageAt: now, createdAt: now)
    }

    /// Saves the title.
    public func save(_ conversation: Conversation) throws {
        try database.send(
            """
            UPDATE conversations SET title = \(conversation.title), search_key = \(SearchKey.of(conversation.title))
            WHERE id = \(conversation.id)
            """)
    }

    public func remove(_ id: Conversation.ID, in workspace: Workspace.ID, of user: User.ID) throws {
        try database.write {
            let removed = try database.run(
                "DELETE FROM conversations WHERE id = \(id) AND workspace_id = \(workspace) AND user_id = \(user)")
            if removed == 0 { throw APIError.notFound("Conversation") }
            try database.send(
                "UPDATE workspaces SET conversation_count = conversation_count - 1 WHERE id = \(workspace)")
        }
    }

    // MARK: Messages

    /// Oldest first.
    public func messages(of id: Conversation.ID, page: PageRequest) throws -> Page<Message> {
        try database.page(from: "messages WHERE conversation_id = \(id)", order: "position", page)
    }

    /// The last `count` messages, oldest first.
    public func latest(_ count: Int, of id: Conversation.ID) throws -> [Message] {
        try database.all(from: "messages WHERE conversation_id = \(id) ORDER BY position DESC LIMIT \(count)")
            .reversed()
    }

    /// Adds the text and the finish reason to an unfinished answer. Returns false if it no longer exists.
    public func finish(_ message: Message, usage: TokenUsage, in id: Conversation.ID) throws -> Bool {
        try database.run(
            """
            UPDATE messages SET content = \(message.content), sources = \(message.sources.json), model = \(message.model),
                finish_reason = \(message.finishReason), prompt_tokens = \(usage.promptTokens),
                completion_tokens = \(usage.completionTokens)
            WHERE conversation_id = \(id) AND id = \(message.id)
            """) > 0
    }

    /// The conversation that contains an unfinished answer, if it belongs to the user. A streamed question is stored
    /// before its answer begins, with an answer that has no `finishReason` yet, so that a retry under the same key
    /// continues that turn.
    public func unfinished(_ message: Message.ID, in workspace: Workspace.ID, of user: User.ID) throws
        -> Conversation.ID?
    {
        try database.value(
            """
            SELECT c.id FROM messages m JOIN conversations c ON c.id = m.conversation_id
            WHERE m.id = \(message) AND m.finish_reason IS NULL AND c.workspace_id = \(workspace)
                AND c.user_id = \(user)
            """)
    }

    /// Appends messages to a conversation.
    public func append(_ messages: [(message: Message, usage: TokenUsage)], to id: Conversation.ID) throws {
        try database.write {
            try database.guarding(.conversation(id))
            guard
                let last = try database.value(
                    """
                    SELECT coalesce(max(m.position), -1) FROM conversations c
                    LEFT JOIN messages m ON m.conversation_id = c.id WHERE c.id = \(id) GROUP BY c.id
                    """, as: Int.self)
            else { throw APIError.notFound("Conversation") }
            for (offset, (message, usage)) in messages.enumerated() {
                try database.send(
                    """
                    INSERT INTO messages (conversation_id, position, id, role, content, sources, model, finish_reason,
                        prompt_tokens, completion_tokens, created_at)
                    VALUES (\(id), \(last + 1 + offset), \(message.id), \(message.role), \(message.content),
                        \(message.sources.json), \(message.model), \(message.finishReason), \(usage.promptTokens),
                        \(usage.completionTokens), \(message.createdAt))
                    """)
            }
            guard let latest = messages.last?.message.createdAt else { return }
            try database.send(
                """
                UPDATE conversations SET message_count = message_count + \(messages.count), last_message_at = \(latest)
                WHERE id = \(id)
                """)
        }
    }
}

extension Conversation: Record {
    static let columns = SQL(columnsOf: Self.self)

    init(from row: inout Row) {
        self.init(
            id: row["id"], title: row["title"], messageCount: row["message_count"],
            lastMessageAt: row["last_message_at"], createdAt: row["created_at"])
    }
}

extension Message: Record {
    static let columns = SQL(columnsOf: Self.self)

    init(from row: inout Row) {
        self.init(
            id: row["id"], role: row["role"], content: row["content"], sources: SourceList(stored: row["sources"]),
            model: row["model"], finishReason: row["finish_reason"], createdAt: row["created_at"])
    }
}
