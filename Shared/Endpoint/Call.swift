import Accounts
import FunctionRuntime
import Models
import Storage
import Wire

/// One request: what handlers work with. It is made when the request arrives and is gone with its response.
public struct Call {
    let installation: Installation
    let request: Request
    let route: Route
    /// The name of the endpoint.
    let operation: String
    /// When the request arrived. All that it does happens at this time.
    public let now = Timestamp.now()
    /// Identifies the caller of an idempotency key; empty without authentication.
    var callerName = ""
    /// Where an attempt to log in comes from, as it is counted.
    var clientAddress = ""
    /// The state of the caller's rate limit, once the request was counted.
    var verdict: RateLimitTable.Verdict?
    /// What a request under the same idempotency key had made when it was interrupted.
    public internal(set) var interrupted: String?

    init(_ request: Request, to operation: String, _ route: Route, in installation: Installation) {
        self.installation = installation
        self.request = request
        self.route = route
        self.operation = operation
    }

    public var configuration: Configuration { installation.configuration }
    public var store: Store { get throws { try installation.store } }
    public var authenticator: Authenticator { get throws { try installation.authenticator } }

    /// The path of a resource, for `Location`.
    public func location(_ path: String) -> String { configuration.basePath + path }

    /// The caller, counted against their rate limit and with a key whose scope suffices.
    ///
    /// - Parameter acceptsKeys: false where the access accepts no API key; it then refuses keys itself.
    mutating func identify(acceptsKeys: Bool = true) throws -> Principal {
        let principal = try authenticator.authenticate(request.header("authorization"), at: now)
        // A request that is authorised again counts once.
        if callerName.isEmpty {
            callerName = principal.name
            if let key = principal.keyToRecord { installation.noteUse(of: key, at: now) }
            try countRequest(of: principal.userId)
        }
        if acceptsKeys { try principal.require(route.keyScope) }
        return principal
    }

    /// The caller's role in a workspace; nil for others. An invited user becomes a member with their first visit.
    public func role(of user: Principal, in workspace: Workspace.ID) throws -> MemberRole? {
        if user.role == .admin { return try store.workspaces.exists(workspace) ? .owner : nil }
        if let role = try store.workspaces.role(of: user.userId, in: workspace) { return role }
        guard try acceptInvitations(of: user.userId) else { return nil }
        return try store.workspaces.role(of: user.userId, in: workspace)
    }

    /// Makes the user a member wherever their e-mail address was invited. True if it was.
    public func acceptInvitations(of user: User.ID) throws -> Bool {
        guard try store.invitations.wait(for: user, at: now) else { return false }
        try store.invitations.accept(for: user, at: now)
        return true
    }

    // MARK: Conditions

    /// Whether the client has this state and gets a 304, so that it need not be read.
    public func hasCurrent(tag: String) -> Bool {
        request.header("if-none-match").map { EntityTag.matches($0, tag) } ?? false
    }

    /// Throws 412 when the client's `If-Match` names another state of the resource than the current one. Called within
    /// the write that changes the resource.
    public func requireMatch(_ current: some Resource) throws {
        guard let expected = request.header("if-match") else { return }
        guard EntityTag.matches(expected, state: EntityTag.state(of: current)) else {
            throw APIError(.preconditionFailed, "It was changed since you read it; read it again")
        }
    }
}

extension Principal {
    fileprivate var name: String {
        switch credential {
        case .session: userId.text
        case .key(let id, _): id.text
        }
    }
}
