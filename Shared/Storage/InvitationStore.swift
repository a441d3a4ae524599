import Models
import Wire

/// Who was asked, by e-mail address, to take part in a workspace.
///
/// Whether there is an account with that address must not show: the same is written in both cases, and nothing else.
/// The invitation becomes a membership when the account is made, or when its owner next looks for their workspaces.
public struct InvitationStore {
    let database: Database

    static let columns: SQL = "i.id, i.email, i.role, i.created_at, i.expires_at"
    /// Nothing proves who has an address, so an invitation must not wait for ever for whoever takes it.
    private static let lifetimeSeconds = 14 * 86_400
    /// Of one workspace.
    private static let maximum = 200
    /// Of one address. Also how many are accepted at one visit, which holds the write lock for that time.
    private static let maximumPerAddress = 100

    /// Invites an address, or gives its invitation another role. Throws `.conflict` where too many wait.
    ///
    /// Where too many wait for the address, nothing is written, and the answer is the same: it must not tell what
    /// others did, or whether somebody has come.
    public func invite(_ email: EmailAddress, to workspace: Workspace.ID, as role: MemberRole, at now: Timestamp) throws
        -> (invitation: Invitation, isNew: Bool)
    {
        try database.write {
            try database.run("DELETE FROM invitations WHERE workspace_id = \(workspace) AND expires_at <= \(now)")
            let known = try find(email, in: workspace)
            let count = try database.value(
                "SELECT count(*) FROM invitations WHERE workspace_id = \(workspace)", as: Int.self)
            if known == nil, count ?? 0 >= Self.maximum {
                throw APIError(.conflict, "\(Self.maximum) invitations wait in this workspace; remove some first")
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
        try database.first(
            """
            SELECT \(Self.columns) FROM invitations i
            WHERE i.email_key = \(email.folded) AND i.workspace_id = \(workspace)
            """
        ) { Invitation(from: &$0) }
    }

    /// Takes an invitation back. Throws 404 when there is none.
    public func remove(_ id: Invitation.ID, from workspace: Workspace.ID) throws {
        let removed = try database.run("DELETE FROM invitations WHERE id = \(id) AND workspace_id = \(workspace)")
        if removed == 0 { throw APIError.notFound("Member") }
    }

    /// Takes back the invitation of the address that an account has. False when there is none.
    @discardableResult
    public func remove(of user: User.ID, from workspace: Workspace.ID) throws -> Bool {
        try database.run(
            """
            DELETE FROM invitations WHERE workspace_id = \(workspace)
                AND email_key = (SELECT email_key FROM users WHERE id = \(user))
            """) > 0
    }

    /// Whether someone was invited anywhere.
    public func wait(for user: User.ID, at now: Timestamp) throws -> Bool {
        try database.value(
            """
            SELECT 1 FROM users u JOIN invitations i ON i.email_key = u.email_key
            WHERE u.id = \(user) AND i.expires_at > \(now) LIMIT 1
            """, as: Int.self) != nil
    }

    /// Makes someone a member where they were invited, of the oldest invitations first. The next call takes more.
    public func accept(for user: User.ID, at now: Timestamp) throws {
        try database.write {
            let invitations: [(workspace: Workspace.ID, role: MemberRole)] = try database.all(
                """
                SELECT i.workspace_id, i.role FROM users u JOIN invitations i ON i.email_key = u.email_key
                WHERE u.id = \(user) AND i.expires_at > \(now)
                ORDER BY i.created_at, i.id LIMIT \(Self.maximumPerAddress)
                """
            ) { (workspace: $0.next(), role: $0.next()) }
            let members = MemberStore(database: database)
            for (workspace, role) in invitations {
                try remove(of: user, from: workspace)
                guard try members.find(user, in: workspace) == nil else { continue }
                let member = try members.set(user, in: workspace, role: role, at: now)
                try EventStore(database: database).record(.memberAdded, in: workspace, at: now, member)
            }
        }
    }
}

extension Invitation {
    fileprivate init(from row: inout Row) {
        self.init(
            id: row.next(), email: row.next(), role: row.next(), createdAt: row.next(), expiresAt: row.next())
    }
}
