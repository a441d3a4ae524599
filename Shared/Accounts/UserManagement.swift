import Models
import Storage
import Wire

/// What managers and administrators do with other people's accounts. Managers do not manage administrators, and nobody
/// grants a role above their own.
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
        // Hashing takes tens of milliseconds, so it happens before the write lock is taken.
        let hash = try Password.hash(password)
        return try store.writeConclusion {
            let user = try store.users.create(email: email, name: name, passwordHash: hash, role: role, at: now)
            try store.events.record(.userCreated, in: nil, at: now, user)
            return user
        }
    }

    /// A change that the actor may make, with the new password already hashed: hashing takes tens of milliseconds, so
    /// it happens before the write. Apply the change with `get`, `User.apply` and `save` in one write.
    public func prepare(_ change: User.Change, of id: User.ID) throws -> HashedChange {
        if let role = change.role { try requireRank(role) }
        // Either would turn a key into a login, or give it more rights than its owner intended.
        if change.password != nil || change.role != nil { _ = try SessionCaller(actor) }
        if change.password != nil, id == actor.userId {
            throw APIError.validation(
                "password", "password of your own account is changed at /users/me, with the current one")
        }
        return HashedChange(fields: change, passwordHash: try change.password.map(Password.hash))
    }

    /// The account. Throws 404, or 403 for one that the actor may not manage.
    public func get(_ id: User.ID) throws -> User {
        let user = try store.users.get(id)
        if user.role > actor.role {
            throw APIError.forbidden(
                "With the role \(actor.role.rawValue), you cannot manage an account with the role \(user.role.rawValue)"
            )
        }
        return user
    }

    /// Saves a changed account. A new password ends its sessions, suspending it also ends its keys.
    public func save(_ user: User, with change: HashedChange) throws {
        let fields = change.fields
        if fields.password != nil || fields.status == .suspended {
            try store.sessions.revokeAll(of: user.id, except: nil, at: user.updatedAt)
        }
        if fields.status == .suspended { try store.apiKeys.removeAll(of: user.id) }
        try store.users.save(user, newEmail: fields.email, newPasswordHash: change.passwordHash)
        try store.events.record(.userUpdated, in: nil, at: user.updatedAt, user)
    }

    /// Removes an account. Workspaces without another owner go to the administrator who removes it, or else to the
    /// oldest administrator: a manager must not get people's documents by removing the people.
    public func remove(_ user: User, at now: Timestamp) throws {
        if user.id == actor.userId {
            throw APIError(.conflict, "You cannot delete your own account; ask another administrator")
        }
        try store.users.remove(user.id, heir: actor.userId, at: now)
        try store.events.record(.userDeleted, in: nil, at: now, user)
    }

    private func requireRank(_ role: User.Role) throws {
        if role > actor.role {
            throw APIError.forbidden("With the role \(actor.role.rawValue), you cannot give the role \(role.rawValue)")
        }
    }
}

/// The change of an account with the hash of the new password.
public struct HashedChange: Sendable {
    public let fields: User.Change
    let passwordHash: String?
}
