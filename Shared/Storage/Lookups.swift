import Models

// Lookups by the identifiers in a request. They throw 404 if the resource does not exist or the caller may not see it.

extension WorkspaceStore {
    public func get(_ id: Workspace.ID, asSeenBy user: User.ID) throws -> Workspace {
        guard let workspace = try find(id, asSeenBy: user) else { throw APIError.notFound("Workspace") }
        return workspace
    }
}

extension DocumentStore {
    public func get(_ id: Document.ID, in workspace: Workspace.ID) throws -> Document {
        guard let document = try find(id, in: workspace) else { throw APIError.notFound("Document") }
        return document
    }
}

extension ConversationStore {
    public func get(_ id: Conversation.ID, in workspace: Workspace.ID, of user: User.ID) throws -> Conversation {
        guard let conversation = try find(id, in: workspace, of: user) else { throw APIError.notFound("Conversation") }
        return conversation
    }
}

extension WebhookStore {
    public func get(_ id: Webhook.ID, for viewer: Viewer) throws -> Webhook {
        guard let webhook = try find(id, for: viewer) else { throw APIError.notFound("Webhook") }
        return webhook
    }
}

extension UserStore {
    public func get(_ id: User.ID) throws -> User {
        guard let user = try find(id) else { throw APIError.notFound("User") }
        return user
    }
}

extension MemberStore {
    public func get(_ user: User.ID, in workspace: Workspace.ID) throws -> WorkspaceMember {
        guard let member = try find(user, in: workspace) else { throw APIError.notFound("Member") }
        return member
    }
}
