import Wire

/// Someone who takes part in a workspace.
public struct WorkspaceMember: Sendable {
    public var userId: User.ID
    public var name: String
    public var email: String
    public var role: MemberRole
    public var joinedAt: Timestamp

    public init(userId: User.ID, name: String, email: String, role: MemberRole, joinedAt: Timestamp) {
        self.userId = userId
        self.name = name
        self.email = email
        self.role = role
        self.joinedAt = joinedAt
    }
}

extension WorkspaceMember: Shaped {
    public static let shape = Shape<WorkspaceMember>(
        "Member",
        [
            .field("userId") { $0.userId },
            .field("name", example: "Ada Lovelace") { $0.name },
            .field("email", example: "ada@example.com") { $0.email },
            .field("role") { $0.role },
            .field("joinedAt") { $0.joinedAt },
        ])
}
