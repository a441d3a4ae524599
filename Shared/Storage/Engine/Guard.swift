import Models

/// An invariant across rows, which two writes to different rows could break together.
///
/// SQLite has one writer at a time, which is enough. An engine with several writers first changes one row for each
/// guard, so that one of two such writes waits and runs again on the state left by the other.
enum Guard {
    /// At least one active administrator remains; the first account is one.
    case administrators
    /// A workspace has an owner, and the write that removes it sees all its documents.
    case workspace(Workspace.ID)
    /// Messages are numbered without gaps.
    case conversation(Conversation.ID)
    /// An account has no more of something than it may. Not its own row, which `keepingRights` has locked for others,
    /// too.
    case limitOfAccount(User.ID)
    /// The same for a workspace.
    case limitOfWorkspace(Workspace.ID)
}

extension Database {
    /// Ends a query for rows on which the rights of a write are based: they stay as they are until the write has ended.
    /// If another write has changed them, this one runs again. SQLite has one writer at a time, which is enough.
    var keepingRights: SQL {
        if case .postgres = engine, isInTransaction { "FOR SHARE" } else { "" }
    }

    /// Serialises writes with the same guard. Call it first in a write.
    func guarding(_ guarded: Guard) throws {
        guard case .postgres = engine else { return }
        switch guarded {
        case .administrators: try send("UPDATE guards SET uses = uses + 1 WHERE name = 'administrators'")
        case .workspace(let id): try send("UPDATE workspaces SET updated_at = updated_at WHERE id = \(id)")
        case .conversation(let id):
            try send("UPDATE conversations SET message_count = message_count WHERE id = \(id)")
        case .limitOfAccount(let id): try changeShared(id.text)
        case .limitOfWorkspace(let id): try changeShared(id.text)
        }
    }

    /// Changes the row that stands for this text and some others (FNV-1a).
    private func changeShared(_ text: String) throws {
        let hash = text.utf8.reduce(UInt64(0xCBF2_9CE4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
        try send("UPDATE guards SET uses = uses + 1 WHERE name = \("limit \(hash % Self.sharedGuards)")")
    }

    /// How many rows the schema has for them.
    private static var sharedGuards: UInt64 { 256 }
}
