import Models

/// A promise that spans rows, so that two writes that change different rows could break it together.
///
/// SQLite has one writer at a time, which is enough. An engine with several of them changes one row for each guard
/// first, so that one of two such writes waits, and runs again on what the other one has left.
enum Guard {
    /// An active administrator remains; the first account is one.
    case administrators
    /// A workspace has an owner, and a write that removes it sees all its documents.
    case workspace(Workspace.ID)
    /// Messages are numbered without gaps.
    case conversation(Conversation.ID)
}

extension Database {
    /// Makes writes with the same guard happen one after the other. Comes first in a write.
    func guarding(_ guarded: Guard) throws {
        switch engine {
        case .sqlite: break
        }
    }
}
