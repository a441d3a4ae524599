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
}

extension Database {
    /// Serialises writes with the same guard. Call it first in a write.
    func guarding(_ guarded: Guard) throws {
        switch engine {
        case .sqlite: break
        }
    }
}
