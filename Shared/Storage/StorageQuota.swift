import Models
import Wire

/// The most bytes that the documents of one workspace may have, and those uploaded by one account to any workspace. One
/// number limits both: a limit per workspace alone would let a user create more workspaces. Computed from an index in
/// the write that adds the document.
public struct StorageQuota: Sendable {
    public var limit: Int
    /// The bytes left for the workspace or for the account, whichever has less.
    public var remaining: Int

    /// The response headers that report it.
    public var headers: [(name: String, value: String)] {
        [("x-quota-limit", String(limit)), ("x-quota-remaining", String(max(0, remaining)))]
    }
}

extension DocumentStore {
    /// The quota for an account's uploads to a workspace.
    public func quota(_ limit: Int, of workspace: Workspace.ID, for user: User.ID) throws -> StorageQuota {
        func used(_ condition: SQL) throws -> Int {
            try database.value("SELECT CAST(coalesce(sum(size), 0) AS BIGINT) FROM documents WHERE \(condition)") ?? 0
        }
        let used = try max(used("workspace_id = \(workspace)"), used("uploaded_by = \(user)"))
        return StorageQuota(limit: limit, remaining: limit - used)
    }

    /// Throws `.quotaExceeded` if `bytes` do not fit. Call it in the write that adds them. A 413, not a 507, because
    /// clients and proxies retry 5xx.
    public func requireRoom(
        for bytes: Int, within limit: Int?, of workspace: Workspace.ID, for user: User.ID
    ) throws {
        guard let limit else { return }
        try database.guarding(.limitOfAccount(user))
        let quota = try quota(limit, of: workspace, for: user)
        if bytes <= quota.remaining { return }
        throw APIError(
            .quotaExceeded,
            "The file has \(bytes) bytes, and \(max(0, quota.remaining)) are left of the quota of \(limit); delete documents you no longer need",
            details: ["quotaBytes": .int(Int64(limit)), "remainingBytes": .int(Int64(max(0, quota.remaining)))],
            headers: quota.headers)
    }
}
