import Models
import Storage
import Wire

/// What managers and administrators do to other people's accounts. A manager manages those below
/// administrators; nobody gives a role above their own.
public struct UserManagement {
    private let store: Store
    private let actor: Principal

    public init(store: Store, actor: Principal) {
        self.store = store
        self.actor = actor
    }

    public func create(
        email: EmailAddress, name: String, password: String, role: User.Role, at now: Timestamp
    ) throws -> User {
        try requireRank(role)
        if role > .user { _ = try SessionCaller(actor) }
        // Hashing takes tens of milliseconds: before the write lock, not under it.
        let hash = try Password.hash(password)
        return try store.writeConclusion {
            let user = try store.users.create(email: email, name: name, passwordHash: hash, role: role, at: now)
            try store.events.record(.userCreated, in: nil, at: now, user)
            return user
        }
    }

    /// Changes an account, if `condition` does not throw within the same write. Another password ends
    /// its sessions; suspending it ends its keys too.
    public func update(
        _ id: User.ID, email: EmailAddress?, name: String?, password: String?, role: User.Role?, status: User.Status?,
        at now: Timestamp, condition: () throws -> Void
    ) throws -> User {
        if let role { try requireRank(role) }
        // Either would make a key into a login, or into more than its owner meant it to be.
        if password != nil || role != nil { _ = try SessionCaller(actor) }
        if password != nil, id == actor.userId {
            throw APIError.validation(
                "password", "password of your own account can only be changed at /users/me, with the current one")
        }
        let change = UserStore.Change(
            email: email, name: name, passwordHash: try password.map(Password.hash), role: role, status: status)
        return try store.write {
            try condition()
            let current = try requireManageable(id)
            if change.isEmpty { return current }
            if password != nil || status == .suspended {
                try store.sessions.revokeAll(of: id, except: nil, at: now)
            }
            if status == .suspended { try store.apiKeys.removeAll(of: id) }
            let user = try store.users.update(id, change, at: now)
            try store.events.record(.userUpdated, in: nil, at: now, user)
            return user
        }
    }

    /// Removes an account; workspaces that nobody else owns go to the administrator who removes it, or to the one who
    /// has been there for longest: a manager must not get at people's documents by removing the people.
    public func remove(_ id: User.ID, at now: Timestamp) throws {
        if id == actor.userId {
            throw APIError(.conflict, "You cannot delete your own account; ask another administrator")
        }
        try store.write {
            let user = try requireManageable(id)
            try store.users.remove(id, heir: actor.userId, at: now)
            try store.events.record(.userDeleted, in: nil, at: now, user)
        }
    }

    private func requireRank(_ role: User.Role) throws {
        if role > actor.role {
            throw APIError.forbidden("With the role \(actor.role.rawValue), you cannot give the role \(role.rawValue)")
        }
    }

    @discardableResult
    private func requireManageable(_ id: User.ID) throws -> User {
        guard let user = try store.users.find(id) else { throw APIError.notFound("User") }
        if user.role > actor.role {
            throw APIError.forbidden(
                "With the role \(actor.role.rawValue), you cannot manage an account with the role \(user.role.rawValue)"
            )
        }
        return user
    }
}
