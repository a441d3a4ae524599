import Models
import Storage

extension Principal {
    /// The workspaces that the caller may read: all for administrators, otherwise those they are a member of.
    public var workspaces: WorkspaceStore.Viewer { role == .admin ? .administrator(userId) : .member(userId) }
}

extension Call {
    /// The workspaces that the caller may read now, newest first.
    ///
    /// - Parameter ids: limits them to these; nil for all. Throws 404 if one of them does not exist or the caller may
    ///   not read it.
    public func workspaces(_ ids: [Workspace.ID]?, for caller: Principal) throws -> [WorkspaceName] {
        let readable = try store.workspaces.readable(by: caller.workspaces, among: ids)
        if let ids, readable.count < Set(ids).count { throw APIError.notFound("Workspace") }
        return readable
    }
}
