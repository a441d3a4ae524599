import FunctionRuntime
import Models
import Storage

/// Who may call an endpoint, and what its handler is told about them: `handle` receives the
/// `Caller`, so one that wants a user but declares `.anyone` does not compile.
public struct Access<Caller>: Sendable {
    /// For the description: `anyone`, `user`, `member:editor`.
    let name: String
    /// The path parameters that the check itself takes.
    let parameters: @Sendable () -> [Operation.Parameter]
    let authorize: @Sendable (Request, Context) throws -> Caller
    /// Whether the second caller, who is the first one looked at again, may do all that the first one may. Nil where
    /// nobody is asked who they are.
    let keepsRights: (@Sendable (Caller, Caller) -> Bool)?

    init(
        name: String, parameters: @escaping @Sendable () -> [Operation.Parameter] = { [] },
        keepsRights: (@Sendable (Caller, Caller) -> Bool)? = nil,
        authorize: @escaping @Sendable (Request, Context) throws -> Caller
    ) {
        self.name = name
        self.parameters = parameters
        self.keepsRights = keepsRights
        self.authorize = authorize
    }
}

extension Principal {
    /// Whether this is the same account with at least the rights that it had as `earlier`.
    fileprivate func keepsRights(of earlier: Principal) -> Bool {
        userId == earlier.userId && role >= earlier.role && scope >= earlier.scope
    }

    private var scope: APIKey.Scope {
        if case .key(_, let scope) = credential { scope } else { .admin }
    }
}

extension Access where Caller == Void {
    /// Whoever can start the executable: timers and operators. Nothing that comes over HTTP.
    public static var `operator`: Access {
        Access(name: "operator") { request, _ in
            if !request.isBare { throw APIError.notFound("Resource") }
        }
    }

    /// Everyone, without authentication.
    public static var anyone: Access { Access(name: "anyone") { _, _ in } }
}

extension Access where Caller == Principal {
    /// Everyone who is logged in.
    public static var user: Access {
        Access(name: "user", keepsRights: { $1.keepsRights(of: $0) }) { request, context in
            try context.identify(request)
        }
    }

    /// Those who manage accounts: managers and administrators.
    public static var manager: Access { atLeast(.manager) }
    public static var administrator: Access { atLeast(.admin) }

    private static func atLeast(_ role: User.Role) -> Access {
        Access(name: role.rawValue, keepsRights: { $1.keepsRights(of: $0) }) { request, context in
            let principal = try context.identify(request)
            if principal.role < role {
                throw APIError.forbidden(
                    "This takes the role \(role.rawValue)\(principal.isReduced ? " and an API key with the scope admin" : "")"
                )
            }
            return principal
        }
    }
}

extension Access where Caller == SessionCaller {
    /// Everyone who is logged in, but no API key: what is done here could give a key more than it has.
    public static var session: Access {
        Access(name: "session", keepsRights: { $0.userId == $1.userId }) { request, context in
            try SessionCaller(context.identify(request, takesKeys: false))
        }
    }
}

/// Someone who may do something in the workspace that the path names.
public struct Member: Sendable {
    public var user: Principal
    public var workspaceId: Workspace.ID
    public var role: MemberRole
}

extension Access where Caller == Member {
    /// Members of the workspace in the path, from `minimum` upwards, and system administrators.
    /// Everyone else is told that it does not exist, so that identifiers cannot be probed.
    public static func member(_ minimum: MemberRole) -> Access {
        let parameters: @Sendable () -> [Operation.Parameter] = {
            [Operation.Parameter(name: "workspaceId", place: .path, isRequired: true, schema: Workspace.ID.schema)]
        }
        return Access(
            name: "member:\(minimum.rawValue)", parameters: parameters,
            keepsRights: { $1.role >= $0.role && $1.user.keepsRights(of: $0.user) }
        ) { request, context in
            let user = try context.identify(request)
            guard let id = request.pathParameter("workspaceId").flatMap(Workspace.ID.init) else {
                throw APIError.notFound("Workspace")
            }
            guard let role = try context.role(of: user, in: id) else { throw APIError.notFound("Workspace") }
            if role < minimum {
                throw APIError.forbidden(
                    "This takes the role \(minimum.rawValue) in the workspace; yours is \(role.rawValue)")
            }
            return Member(user: user, workspaceId: id, role: role)
        }
    }
}

extension Context {
    /// What a caller may do in a workspace; nil for whoever is no member of it. Who was invited becomes a member by coming.
    public func role(of user: Principal, in workspace: Workspace.ID) throws -> MemberRole? {
        if user.role == .admin { return try store.workspaces.exists(workspace) ? .owner : nil }
        if let role = try store.workspaces.role(of: user.userId, in: workspace) { return role }
        guard try acceptInvitations(of: user.userId) else { return nil }
        return try store.workspaces.role(of: user.userId, in: workspace)
    }
}
