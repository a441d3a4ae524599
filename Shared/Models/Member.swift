import Wire

/// A member of a workspace, or somebody who was invited to it.
public struct WorkspaceMember: Sendable {
    public enum Status: String, JSONWord, Sendable { case active, pending }

    /// Nil for somebody who was invited by e-mail address and has not joined yet: the list must not reveal whether the
    /// address has an account.
    public var userId: User.ID?
    public var name: String?
    public var email: String
    public var role: MemberRole
    public var status: Status
    public var joinedAt: Timestamp?
    /// Nil for members.
    public var invitation: Invitation?

    public init(userId: User.ID, name: String, email: String, role: MemberRole, joinedAt: Timestamp) {
        self.userId = userId
        self.name = name
        self.email = email
        self.role = role
        self.joinedAt = joinedAt
        status = .active
    }

    public init(_ invitation: Invitation) {
        email = invitation.email
        role = invitation.role
        status = .pending
        self.invitation = invitation
    }
}

/// The invitation of somebody who has not joined yet.
public struct Invitation: Identified, Sendable {
    public typealias ID = Identifier<Invitation>
    public static let idPrefix: StaticString = "inv_"

    public var id: ID
    /// As the inviter wrote it.
    public var email: String
    public var role: MemberRole
    public var createdAt: Timestamp
    public var expiresAt: Timestamp

    public init(id: ID, email: String, role: MemberRole, createdAt: Timestamp, expiresAt: Timestamp) {
        self.id = id
        self.email = email
        self.role = role
        self.createdAt = createdAt
        self.expiresAt = expiresAt
    }
}

extension WorkspaceMember: Shaped {
    public static let shape = Shape<WorkspaceMember>(
        "Member",
        [
            .optional("userId") { $0.userId },
            .optional("name", example: "Ada Lovelace") { $0.name },
            .field("email", example: "ada@example.com") { $0.email },
            .field("role") { $0.role },
            .field(
                "status",
                "`pending`: asked by e-mail address, and not here yet; only owners see these. There may be no such account."
            ) { $0.status },
            .optional("joinedAt") { $0.joinedAt },
            .optional("invitationId", "Of one that is pending: what removes it.") { $0.invitation?.id },
            .optional("invitedAt") { $0.invitation?.createdAt },
            .optional("expiresAt", "When a pending one is forgotten.") { $0.invitation?.expiresAt },
        ])
}
