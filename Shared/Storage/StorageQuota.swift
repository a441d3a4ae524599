import Models
import Wire

/// How many bytes the documents of one workspace may have together, and those that one account uploaded, wherever to.
public struct StorageQuota: Sendable {
    public var limit: Int
    /// What is left of it: for the workspace or for the account, whichever has less.
    public var remaining: Int

    /// The headers that report it.
    public var headers: [(name: String, value: String)] {
        [("x-quota-limit", String(limit)), ("x-quota-remaining", String(max(0, remaining)))]
    }
}

extension DocumentStore {
    /// How an account's uploads to a workspace stand to a limit in bytes.
    public func quota(_ limit: Int, of workspace: Workspace.ID, for user: User.ID) throws -> StorageQuota {
        func used(_ condition: SQL) throws -> Int {
            try database.value("SELECT CAST(coalesce(sum(size), 0) AS BIGINT) FROM documents WHERE \(condition)") ?? 0
        }
        let used = try max(used("workspace_id = \(workspace)"), used("uploaded_by = \(user)"))
        return StorageQuota(limit: limit, remaining: limit - used)
    }

    /// Throws `.quotaExceeded` unless there is room for `bytes`. Call it in the write that adds them.
    public func requireRoom(
        for bytes: Int, within limit: Int?, of workspace: Workspace.ID, for user: User.ID
    ) throws {
        guard let limit else { return }
        let quota = try quota(limit, of: workspace, for: user)
        if bytes <= quota.remaining { return }
        throw APIError(
            .quotaExceeded,
            "The file has \(bytes) bytes, and \(max(0, quota.remaining)) are left of the quota of \(limit); delete documents that are not needed any more",
            details: ["quotaBytes": .int(Int64(limit)), "remainingBytes": .int(Int64(max(0, quota.remaining)))],
            headers: quota.headers)
    }
}
