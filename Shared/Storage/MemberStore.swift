import Models
import Wire

/// Who takes part in which workspace. Every workspace has at least one owner, always.
public struct MemberStore {
    let database: Database

    public func list(of workspace: Workspace.ID, page: PageRequest) throws -> Page<WorkspaceMember> {
        try database.page(
            "u.id, u.name, u.email, m.role, m.created_at",
            from: "members m JOIN users u ON u.id = m.user_id WHERE m.workspace_id = \(workspace)",
            counted: "members WHERE workspace_id = \(workspace)", order: "m.created_at, u.id", page
        ) { WorkspaceMember(from: &$0) }
    }

    /// The same with those who were asked and have not come yet, behind the others.
    public func listWithInvitations(
        of workspace: Workspace.ID, page: PageRequest, at now: Timestamp
    ) throws -> Page<WorkspaceMember> {
        let all: SQL = """
            (SELECT 1 AS joined, u.id AS id, u.name AS name, u.email AS email, m.role AS role,
                m.created_at AS created_at, 0 AS expires_at
            FROM members m JOIN users u ON u.id = m.user_id WHERE m.workspace_id = \(workspace)
            UNION ALL
            SELECT 0, i.id, '', i.email, i.role, i.created_at, i.expires_at
            FROM invitations i WHERE i.workspace_id = \(workspace) AND i.expires_at > \(now)) AS everyone
            """
        return try database.page(
            "joined, id, name, email, role, created_at, expires_at", from: all, order: "joined DESC, created_at, id",
            page
        ) { WorkspaceMember(joinedOrAsked: &$0) }
    }

    /// Someone who takes part, by e-mail address.
    public func find(_ email: EmailAddress, in workspace: Workspace.ID) throws -> WorkspaceMember? {
        try database.first(
            """
            SELECT u.id, u.name, u.email, m.role, m.created_at
            FROM users u JOIN members m ON m.user_id = u.id AND m.workspace_id = \(workspace)
            WHERE u.email_key = \(email.folded)
            """
        ) { WorkspaceMember(from: &$0) }
    }

    public func find(_ user: User.ID, in workspace: Workspace.ID) throws -> WorkspaceMember? {
        try database.first(
            """
            SELECT u.id, u.name, u.email, m.role, m.created_at
            FROM members m JOIN users u ON u.id = m.user_id
            WHERE m.workspace_id = \(workspace) AND m.user_id = \(user)
            """
        ) { WorkspaceMember(from: &$0) }
    }

    /// Adds a member, or gives one another role. Throws `.conflict` when no owner would be left.
    @discardableResult
    public func set(_ user: User.ID, in workspace: Workspace.ID, role: MemberRole, at now: Timestamp) throws
        -> WorkspaceMember
    {
        try database.write {
            if role != .owner { try keepAnOwner(of: workspace, without: user) }
            try database.run(
                """
                INSERT INTO members (user_id, workspace_id, role, created_at)
                VALUES (\(user), \(workspace), \(role), \(now))
                ON CONFLICT (user_id, workspace_id) DO UPDATE SET role = excluded.role
                """)
            guard let member = try find(user, in: workspace) else { throw APIError.notFound("User") }
            return member
        }
    }

    /// Removes a member. Throws `.conflict` when no owner would be left.
    public func remove(_ user: User.ID, from workspace: Workspace.ID) throws {
        try database.write {
            try keepAnOwner(of: workspace, without: user)
            let removed = try database.run(
                "DELETE FROM members WHERE workspace_id = \(workspace) AND user_id = \(user)")
            if removed == 0 { throw APIError.notFound("Member") }
        }
    }

    /// Makes sure that someone owns the workspace when `user` no longer does, and that its `ownerId`
    /// names one of them.
    private func keepAnOwner(of workspace: Workspace.ID, without user: User.ID) throws {
        let role: MemberRole? = try database.value(
            "SELECT role FROM members WHERE workspace_id = \(workspace) AND user_id = \(user)")
        guard role == .owner else { return }
        let heir: User.ID? = try database.value(
            """
            SELECT user_id FROM members WHERE workspace_id = \(workspace) AND role = \(MemberRole.owner)
                AND user_id <> \(user) ORDER BY created_at, user_id LIMIT 1
            """)
        guard let heir else {
            throw APIError(.conflict, "The last owner of a workspace must stay; make someone else an owner first")
        }
        try database.run("UPDATE workspaces SET owner_id = \(heir) WHERE id = \(workspace) AND owner_id = \(user)")
    }

    /// Hands the workspaces that only `user` owns over to `heir`: for an account that is removed.
    func handOver(from user: User.ID, to heir: User.ID, at now: Timestamp) throws {
        let orphans: [Workspace.ID] = try database.all(
            """
            SELECT m.workspace_id FROM members m WHERE m.user_id = \(user) AND m.role = \(MemberRole.owner)
                AND NOT EXISTS (SELECT 1 FROM members o WHERE o.workspace_id = m.workspace_id
                    AND o.role = \(MemberRole.owner) AND o.user_id <> \(user))
            """
        ) { $0.next() }
        for workspace in orphans { try set(heir, in: workspace, role: .owner, at: now) }
        let owned: [Workspace.ID] = try database.all("SELECT id FROM workspaces WHERE owner_id = \(user)") { $0.next() }
        for workspace in owned { try keepAnOwner(of: workspace, without: user) }
    }
}

extension WorkspaceMember {
    fileprivate init(from row: inout Row) {
        self.init(userId: row.next(), name: row.next(), email: row.next(), role: row.next(), joinedAt: row.next())
    }

    /// A row of both kinds, which tells first which it is.
    fileprivate init(joinedOrAsked row: inout Row) {
        guard row.integer() == 0 else {
            self.init(from: &row)
            return
        }
        let id: Invitation.ID = row.next()
        _ = row.text()
        self.init(
            Invitation(
                id: id, email: row.next(), role: row.next(), createdAt: row.next(), expiresAt: row.next()))
    }
}
