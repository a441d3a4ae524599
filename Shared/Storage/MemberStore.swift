import Models
import Wire

/// Members of workspaces. Every workspace always has at least one owner.
public struct MemberStore {
    let database: Database

    public func list(of workspace: Workspace.ID, page: PageRequest) throws -> Page<WorkspaceMember> {
        try database.page(
            from: "members m JOIN users u ON u.id = m.user_id WHERE m.workspace_id = \(workspace)",
            counted: "members WHERE workspace_id = \(workspace)", order: "m.created_at, u.id", page)
    }

    /// Members, followed by pending invitations.
    public func listWithInvitations(
        of workspace: Workspace.ID, page: PageRequest, at now: Timestamp
    ) throws -> Page<WorkspaceMember> {
        let all: SQL = """
            (SELECT u.id AS user_id, CAST(NULL AS TEXT) AS invitation_id, u.name AS name, u.email AS email,
                m.role AS role, m.created_at AS created_at, 0 AS expires_at
            FROM members m JOIN users u ON u.id = m.user_id WHERE m.workspace_id = \(workspace)
            UNION ALL
            SELECT NULL, i.id, '', i.email, i.role, i.created_at, i.expires_at
            FROM invitations i WHERE i.workspace_id = \(workspace) AND i.expires_at > \(now)) AS everyone
            """
        return try database.page(
            from: all, order: "user_id IS NULL, created_at, coalesce(user_id, invitation_id)", page
        ) { (row: MemberOrInvitation) in row.member }
    }

    /// A member, by e-mail address.
    public func find(_ email: EmailAddress, in workspace: Workspace.ID) throws -> WorkspaceMember? {
        try database.first(
            from: """
                users u JOIN members m ON m.user_id = u.id AND m.workspace_id = \(workspace)
                WHERE u.email_key = \(email.folded)
                """)
    }

    public func find(_ user: User.ID, in workspace: Workspace.ID) throws -> WorkspaceMember? {
        try database.first(
            from: """
                members m JOIN users u ON u.id = m.user_id WHERE m.workspace_id = \(workspace) AND m.user_id = \(user)
                """)
    }

    /// Adds a member, or changes the role of an existing one, for which the API has no other endpoint. Throws
    /// `.conflict` if no owner would remain.
    @discardableResult
    public func set(_ user: User.ID, in workspace: Workspace.ID, role: MemberRole, at now: Timestamp) throws
        -> WorkspaceMember
    {
        try database.write {
            try database.guarding(.workspace(workspace))
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

    /// Removes a member. Throws `.conflict` if no owner would remain.
    public func remove(_ user: User.ID, from workspace: Workspace.ID) throws {
        try database.write {
            try database.guarding(.workspace(workspace))
            try keepAnOwner(of: workspace, without: user)
            let removed = try database.run(
                "DELETE FROM members WHERE workspace_id = \(workspace) AND user_id = \(user)")
            if removed == 0 { throw APIError.notFound("Member") }
        }
    }

    /// Ensures that the workspace has an owner when `user` no longer is one, and that its `ownerId` names an owner.
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
            throw APIError(.conflict, "A workspace needs at least one owner; make someone else an owner first")
        }
        try database.run("UPDATE workspaces SET owner_id = \(heir) WHERE id = \(workspace) AND owner_id = \(user)")
    }

    /// Hands the workspaces that only `user` owns over to `heir`. For deleting an account.
    func handOver(from user: User.ID, to heir: User.ID, at now: Timestamp) throws {
        let orphans: [Workspace.ID] = try database.values(
            """
            SELECT m.workspace_id FROM members m WHERE m.user_id = \(user) AND m.role = \(MemberRole.owner)
                AND NOT EXISTS (SELECT 1 FROM members o WHERE o.workspace_id = m.workspace_id
                    AND o.role = \(MemberRole.owner) AND o.user_id <> \(user))
            """)
        for workspace in orphans { try set(heir, in: workspace, role: .owner, at: now) }
        let owned: [Workspace.ID] = try database.values("SELECT id FROM workspaces WHERE owner_id = \(user)")
        for workspace in owned {
            try database.guarding(.workspace(workspace))
            try keepAnOwner(of: workspace, without: user)
        }
    }
}

extension WorkspaceMember: Record {
    static let columns = SQL(columnsOf: Self.self)

    init(from row: inout Row) {
        self.init(
            userId: row["u.id"], name: row["u.name"], email: row["u.email"], role: row["m.role"],
            joinedAt: row["m.created_at"])
    }
}

/// A row that is either a member or an invitation.
private struct MemberOrInvitation: Record {
    let member: WorkspaceMember

    static let columns = SQL(columnsOf: Self.self)

    init(from row: inout Row) {
        let (user, invitation): (User.ID?, Invitation.ID) = (row["user_id"], row["invitation_id"])
        let (name, email, role): (String, String, MemberRole) = (row["name"], row["email"], row["role"])
        let (createdAt, expiresAt): (Timestamp, Timestamp) = (row["created_at"], row["expires_at"])
        if let user {
            member = WorkspaceMember(userId: user, name: name, email: email, role: role, joinedAt: createdAt)
        } else {
            member = WorkspaceMember(
                Invitation(id: invitation, email: email, role: role, createdAt: createdAt, expiresAt: expiresAt))
        }
    }
}
