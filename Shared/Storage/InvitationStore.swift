import Models
import Wire

/// Invitations to workspaces, by e-mail address.
///
/// Nothing may reveal whether the address has an account, so the same rows are written in both cases. The invitation
/// becomes a membership when the account is created, or when its owner next lists their workspaces.
public struct InvitationStore {
    let database: Database

    /// Nobody proves that they own an address, so an invitation must expire.
    private static let lifetimeSeconds = 14 * 86_400
    /// The most pending invitations per workspace.
    private static let maximum = 200
    /// The most pending invitations per address. Also the most that are accepted at once, which holds the write lock.
    private static let maximumPerAddress = 100

    /// Invites an address, or changes the role of its invitation. Throws `.conflict` if the workspace has too many
    /// pending invitations.
    ///
    /// If the address has too many, nothing is written but the result is the same: it must not reveal what other
    /// workspaces did or whether the account exists.
    public func invite(_ email: EmailAddress, to workspace: Workspace.ID, as role: MemberRole, at now: Timestamp) throws
        -> (invitation: Invitation, isNew: Bool)
    {
        try database.write {
            try database.guarding(.limitOfWorkspace(workspace))
            try database.run("DELETE FROM invitations WHERE workspace_id = \(workspace) AND expires_at <= \(now)")
            let known = try find(email, in: workspace)
            let count = try database.value(
                "SELECT count(*) FROM invitations WHERE workspace_id = \(workspace)", as: Int.self)
            if known == nil, count ?? 0 >= Self.maximum {
                throw APIError(.conflict, "This workspace has \(Self.maximum) pending invitations; remove some first")
            }
            let expiry = now + Self.lifetimeSeconds
            let waiting = try database.value(
                "SELECT count(*) FROM invitations WHERE email_key = \(email.folded) AND expires_at > \(now)",
                as: Int.self)
            if known == nil, waiting ?? 0 >= Self.maximumPerAddress {
                let unkept = Invitation(
                    id: .new(at: now), email: email.text, role: role, createdAt: now, expiresAt: expiry)
                return (unkept, true)
            }
            try database.run(
                """
                INSERT INTO invitations (id, workspace_id, email, email_key, role, created_at, expires_at)
                VALUES (\(Invitation.ID.new(at: now)), \(workspace), \(email.text), \(email.folded), \(role), \(now),
                    \(expiry))
                ON CONFLICT (email_key, workspace_id) DO UPDATE SET role = excluded.role,
                    expires_at = excluded.expires_at
                """)
            guard let invitation = try find(email, in: workspace) else { throw APIError.notFound("Invitation") }
            return (invitation, known == nil)
        }
    }

    private func find(_ email: EmailAddress, in workspace: Workspace.ID) throws -> Invitation? {
        try database.first(from: "invitations WHERE email_key = \(email.folded) AND workspace_id = \(workspace)")
    }

    /// Withdraws an invitation. Throws 404 if it does not exist.
    public func remove(_ id: Invitation.ID, from workspace: Workspace.ID) throws {
        let removed = try database.run("DELETE FROM invitations WHERE id = \(id) AND workspace_id = \(workspace)")
        if removed == 0 { throw APIError.notFound("Member") }
    }

    /// Withdraws the invitation of an account's address. Returns false if there is none.
    @discardableResult
    public func remove(of user: User.ID, from workspace: Workspace.ID) throws -> Bool {
        try database.run(
            """
            DELETE FROM invitations WHERE workspace_id = \(workspace)
                AND email_key = (SELECT email_key FROM users WHERE id = \(user))
            """) > 0
    }

    /// Whether the account has a pending invitation.
    public func wait(for user: User.ID, at now: Timestamp) throws -> Bool {
        try database.exists(
            """
            SELECT 1 FROM users u JOIN invitations i ON i.email_key = u.email_key
            WHERE u.id = \(user) AND i.expires_at > \(now) LIMIT 1
            """)
    }

    /// Turns an account's invitations into memberships, oldest first. The next call takes the rest.
    public func accept(for user: User.ID, at now: Timestamp) throws {
        try database.write {
            let waiting = try database.all(
                from: """
                    users u JOIN invitations i ON i.email_key = u.email_key
                    WHERE u.id = \(user) AND i.expires_at > \(now)
                    ORDER BY i.created_at, i.id LIMIT \(Self.maximumPerAddress)
                    """, as: Place.self)
            let members = MemberStore(database: database)
            for place in waiting {
                try remove(of: user, from: place.workspace)
                guard try members.find(user, in: place.workspace) == nil else { continue }
                let member = try members.set(user, in: place.workspace, role: place.role, at: now)
                try EventStore(database: database).record(.memberAdded, in: place.workspace, at: now, member)
            }
        }
    }

    /// The target of an invitation.
    private struct Place: Record {
        let workspace: Workspace.ID
        let role: MemberRole

        static let columns = SQL(columnsOf: Self.self)

        init(from row: inout Row) { (workspace, role) = (row["i.workspace_id"], row["i.role"]) }
    }
}

extension Invitation: Record {
    static let columns = SQL(columnsOf: Self.self)

    init(from row: inout Row) {
        self.init(
            id: row["id"], email: row["email"], role: row["role"], createdAt: row["created_at"],
            expiresAt: row["expires_at"])
    }
}
