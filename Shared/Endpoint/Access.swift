import FunctionRuntime
import Models

/// Who may call an endpoint, and what its handler learns about the caller. `handle` receives the `Caller`, so an
/// endpoint that needs a user but declares `.anyone` does not compile.
public struct Access<Caller>: Sendable {
    /// For the description: `anyone`, `user`, `member:editor`.
    let name: String
    /// The path parameters that the check itself reads.
    let parameters: @Sendable () -> [Operation.Parameter]
    let authorize: @Sendable (inout Call) throws -> Caller
    /// Whether the second caller, authorised later, still has all the rights of the first. Nil if callers are not
    /// identified.
    let keepsRights: (@Sendable (Caller, Caller) -> Bool)?

    private init(
        name: String, parameters: @escaping @Sendable () -> [Operation.Parameter],
        authorize: @escaping @Sendable (inout Call) throws -> Caller, keepsRights: (@Sendable (Caller, Caller) -> Bool)?
    ) {
        self.name = name
        self.parameters = parameters
        self.authorize = authorize
        self.keepsRights = keepsRights
    }
}

/// A caller whose rights can change during a request. Every access that identifies its caller has such a type, so that
/// writes can check the rights again.
protocol IdentifiedCaller: SendableMetatype {
    /// Whether this is the same account as `earlier`, with at least the same rights.
    func keepsRights(of earlier: Self) -> Bool
}

extension Access where Caller: IdentifiedCaller {
    fileprivate init(
        name: String, parameters: @escaping @Sendable () -> [Operation.Parameter] = { [] },
        authorize: @escaping @Sendable (inout Call) throws -> Caller
    ) {
        self.init(name: name, parameters: parameters, authorize: authorize) { $1.keepsRights(of: $0) }
    }
}

extension Access where Caller == Void {
    /// Anybody who can start the executable: timers and operators. Never a request over HTTP.
    public static var `operator`: Access {
        Access(name: "operator", parameters: { [] }) { call in
            if !call.request.isBare { throw APIError.notFound("Resource") }
        }
    }

    /// Everybody, without authentication.
    public static var anyone: Access { Access(name: "anyone", parameters: { [] }) { _ in } }

    private init(
        name: String, parameters: @escaping @Sendable () -> [Operation.Parameter],
        check: @escaping @Sendable (Call) throws -> Void
    ) {
        self.init(name: name, parameters: parameters, authorize: { try check($0) }, keepsRights: nil)
    }
}

extension Principal: IdentifiedCaller {
    func keepsRights(of earlier: Principal) -> Bool {
        userId == earlier.userId && role >= earlier.role && scope >= earlier.scope
    }

    private var scope: APIKey.Scope {
        if case .key(_, let scope) = credential { scope } else { .admin }
    }
}

extension Access where Caller == Principal {
    /// Every user.
    public static var user: Access { Access(name: "user") { call in try call.identify() } }

    /// Managers and administrators, who administer accounts.
    public static var manager: Access { atLeast(.manager) }
    public static var administrator: Access { atLeast(.admin) }

    private static func atLeast(_ role: User.Role) -> Access {
        Access(name: role.rawValue) { call in
            let principal = try call.identify()
            if principal.role < role {
                throw APIError.forbidden(
                    "Requires the role \(role.rawValue)\(principal.isReduced ? " and an API key with the scope admin" : "")"
                )
            }
            return principal
        }
    }
}

extension SessionCaller: IdentifiedCaller {
    func keepsRights(of earlier: SessionCaller) -> Bool { userId == earlier.userId }
}

extension Access where Caller == SessionCaller {
    /// Every user with a login. API keys are not accepted, because a key could otherwise gain rights beyond its own.
    public static var session: Access {
        Access(name: "session") { call in try SessionCaller(call.identify(acceptsKeys: false)) }
    }
}

/// A member of the workspace in the path.
public struct Member: Sendable {
    public var user: Principal
    public var workspaceId: Workspace.ID
    public var role: MemberRole
}

extension Member: IdentifiedCaller {
    func keepsRights(of earlier: Member) -> Bool { role >= earlier.role && user.keepsRights(of: earlier.user) }
}

extension Access where Caller == Member {
    /// Members of the workspace in the path with at least the role `minimum`, and system administrators. Everybody else
    /// gets a 404, so that identifiers cannot be probed.
    public static func member(_ minimum: MemberRole) -> Access {
        let parameters: @Sendable () -> [Operation.Parameter] = {
            [Operation.Parameter(name: "workspaceId", place: .path, isRequired: true, schema: Workspace.ID.schema)]
        }
        return Access(name: "member:\(minimum.rawValue)", parameters: parameters) { call in
            let id = call.request.pathParameter("workspaceId").flatMap(Workspace.ID.init)
            let user = try call.identify(in: id)
            guard let id else { throw APIError.notFound("Workspace") }
            guard let role = try call.role(of: user, in: id) else { throw APIError.notFound("Workspace") }
            if role < minimum {
                throw APIError.forbidden(
                    "Requires the role \(minimum.rawValue) in the workspace; yours is \(role.rawValue)")
            }
            return Member(user: user, workspaceId: id, role: role)
        }
    }
}
