import Wire

/// A file that a client sends to the store of objects by itself, and whose document is made afterwards.
public struct Upload: Identified, Sendable {
    public typealias ID = Identifier<Upload>
    public static let idPrefix: StaticString = "upl_"

    public var id: ID
    public var workspaceId: Workspace.ID
    /// The account that began it, and that alone may finish it.
    public var userId: User.ID
    /// What it will have, in bytes, and their SHA-256 in hexadecimal.
    public var size: Int
    public var sha256: String
    /// Until when the client may begin to send it.
    public var expiresAt: Timestamp

    public init(
        id: ID, workspaceId: Workspace.ID, userId: User.ID, size: Int, sha256: String, expiresAt: Timestamp
    ) {
        self.id = id
        self.workspaceId = workspaceId
        self.userId = userId
        self.size = size
        self.sha256 = sha256
        self.expiresAt = expiresAt
    }

    /// How long a URL for an upload is valid, in seconds.
    public static let seconds = 3600
    /// The most uploads that an account may have begun and not finished.
    public static let maximum = 50
}
