import Accounts
import FunctionRuntime
import Models
import Storage
import Wire

/// One request, as handlers see it. It exists from the request's arrival until its response.
public struct Call {
    let installation: Installation
    let request: Request
    let route: Route
    /// The name of the endpoint.
    let operation: String
    /// When the request arrived. Used as the time of everything that the request does.
    public let now = Timestamp.now()
    /// Identifies the caller of an idempotency key; empty without authentication.
    var callerName = ""
    /// The caller, once identified. Their rights may change while the request is served.
    private var identified: Principal?
    /// The client's address in the form by which login attempts are counted.
    var clientAddress = ""
    /// The state of the caller's rate limit, once the request has been counted.
    var verdict: RateLimitTable.Verdict?
    /// What an interrupted request with the same idempotency key had already created.
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

    /// Whether nobody waits for the response any more. Cheap enough to call at every step of long work.
    public var isAbandoned: Bool { request.isAbandoned() }

    /// The path of a resource, for `Location`.
    public func location(_ path: String) -> String { configuration.basePath + path }

    /// Identifies the caller, counts the request against their rate limit, and checks the scope of an API key.
    ///
    /// - Parameters:
    ///   - workspace: the workspace in which the access then asks for the caller's role.
    ///   - acceptsKeys: false if the access accepts no API keys; the access then refuses them itself.
    mutating func identify(in workspace: Workspace.ID? = nil, acceptsKeys: Bool = true) throws -> Principal {
        let authorization = request.header("authorization")
        func authenticate() throws -> Principal { try authenticator.authenticate(authorization, at: now) }
        let sharesLimits = configuration.sharesLimits && callerName.isEmpty
        try store.prefetch { ahead in
            // This only decides what is read.
            let token = try? authenticator.accessToken(in: authorization, at: now)
            let named = token.map { Principal(userId: $0.userId, role: $0.role, credential: .session($0.sessionId)) }
            guard let user = identified ?? named else { return }
            if sharesLimits { addCount(of: user, to: ahead) }
            ahead.add { _ = try authenticate() }
            if let workspace { ahead.add { _ = try role(of: user, in: workspace) } }
        }
        // A request that is authorised again is counted only once.
        guard callerName.isEmpty else {
            let principal = try authenticate()
            if acceptsKeys { try principal.require(route.keyScope) }
            return principal
        }
        var isCounted = false
        if sharesLimits, let token = try authenticator.accessToken(in: authorization, at: now) {
            // Counting in the database ends a snapshot, so it comes before anything is read.
            _ = try countRequest(of: token.userId)
            isCounted = true
        }
        var principal: Principal
        do { principal = try authenticate() } catch {
            // Whoever is not let in is not told either.
            verdict = nil
            throw error
        }
        (callerName, identified) = (principal.name, principal)
        if let key = principal.keyToRecord { installation.noteUse(of: key, at: now) }
        if sharesLimits, !isCounted {
            // Counting ends the snapshot in any case.
            try store.outsideSnapshot {}
            let isInSnapshot = try store.isInSnapshot
            try store.prefetch { ahead in
                addCount(of: principal, to: ahead)
                if isInSnapshot { ahead.add { _ = try authenticate() } }
                if let workspace { ahead.add { _ = try role(of: principal, in: workspace) } }
            }
        }
        if !isCounted, try countRequest(of: principal.userId) {
            // The rights must be of the snapshot that the response is read from.
            principal = try authenticate()
        }
        if acceptsKeys { try principal.require(route.keyScope) }
        return principal
    }

    private func addCount(of user: Principal, to ahead: Prefetch) {
        var copy = self
        ahead.add { _ = try copy.countRequest(of: user.userId) }
    }

    /// The caller's role in a workspace; nil if they are not a member. An invited user becomes a member on their first
    /// visit.
    public func role(of user: Principal, in workspace: Workspace.ID) throws -> MemberRole? {
        if user.role == .admin { return try store.workspaces.exists(workspace) ? .owner : nil }
        if let role = try store.workspaces.role(of: user.userId, in: workspace) { return role }
        guard try acceptInvitations(of: user.userId) else { return nil }
        return try store.workspaces.role(of: user.userId, in: workspace)
    }

    /// Accepts all invitations of the user's e-mail address. Returns whether there were any.
    public func acceptInvitations(of user: User.ID) throws -> Bool {
        guard try store.invitations.wait(for: user, at: now) else { return false }
        try store.invitations.accept(for: user, at: now)
        return true
    }

    // MARK: Conditions

    /// Whether the client already has this state. It then gets a 304, and the resource need not be read.
    public func hasCurrent(tag: String) -> Bool {
        request.header("if-none-match").map { EntityTag.matches($0, tag) } ?? false
    }

    /// Throws 412 if the client's `If-Match` does not match the current state of the resource. Call it within the write
    /// that changes the resource.
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
