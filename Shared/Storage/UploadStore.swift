import Models
import Wire

/// Uploads that clients send to the store of objects by themselves, from the URL for it until the document is made.
public struct UploadStore {
    let database: Database

    /// Adds an upload.
    ///
    /// - Throws: `.conflict` if the account has begun too many, `.quotaExceeded` if they do not fit the quota together.
    public func begin(_ upload: Upload, within quota: Int?, _ documents: DocumentStore, at now: Timestamp) throws {
        try database.guarding(.limitOfAccount(upload.userId))
        let open = try database.all(
            from: "uploads WHERE user_id = \(upload.userId) AND expires_at > \(now)", as: Upload.self)
        guard open.count < Upload.maximum else {
            throw APIError(
                .conflict, "You have begun \(open.count) uploads; finish some, or wait until they end",
                headers: [("retry-after", "600")])
        }
        try documents.requireRoom(
            for: open.reduce(upload.size) { $0 + $1.size }, within: quota, of: upload.workspaceId, for: upload.userId)
        try database.run(
            """
            INSERT INTO uploads (id, workspace_id, user_id, size, sha256, expires_at)
            VALUES (\(upload.id), \(upload.workspaceId), \(upload.userId), \(upload.size), \(upload.sha256),
                \(upload.expiresAt))
            """)
    }

    /// - Throws: 404 unless that account began it in that workspace and has not finished it.
    public func get(_ id: Upload.ID, in workspace: Workspace.ID, of user: User.ID) throws -> Upload {
        let found = try database.first(
            from: "uploads WHERE id = \(id) AND workspace_id = \(workspace) AND user_id = \(user)", as: Upload.self)
        guard let found else { throw APIError.notFound("Upload") }
        return found
    }

    func remove(_ ids: [Upload.ID]) throws {
        try database.maintain { for id in ids { try database.run("DELETE FROM uploads WHERE id = \(id)") } }
    }

    /// Some of those that ended before `time`.
    func ended(before time: Timestamp) throws -> [Upload.ID] {
        try database.values("SELECT id FROM uploads WHERE expires_at < \(time) LIMIT 200")
    }
}

extension Upload: Record {
    static let columns = SQL(columnsOf: Self.self)

    init(from row: inout Row) {
        self.init(
            id: row["id"], workspaceId: row["workspace_id"], userId: row["user_id"], size: row["size"],
            sha256: row["sha256"], expiresAt: row["expires_at"])
    }
}
