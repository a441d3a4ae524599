import Models

/// Who a request comes from.
public struct Principal: Sendable {
    public var userId: User.ID
    /// With what rights: those of the account, or fewer for an API key without the scope `admin`.
    public var role: User.Role
    public var credential: Credential
    /// The API key, when it is to be written down that it was used.
    public var keyToRecord: APIKey.ID?

    /// What the caller showed.
    public enum Credential: Sendable {
        case session(Session.ID)
        case key(APIKey.ID, APIKey.Scope)
    }

    /// Whether these may be fewer rights than those of the account.
    public var isReduced: Bool {
        if case .key(_, let granted) = credential { granted < .admin } else { false }
    }

    /// What an API key must be allowed to do before it may go on. Logins may do everything.
    public func require(_ scope: APIKey.Scope) throws {
        guard case .key(_, let granted) = credential, granted < scope else { return }
        throw APIError.forbidden(
            "This takes an API key with the scope \(scope.rawValue); this one has \(granted.rawValue)")
    }
}

/// A caller that logged in, where an API key will not do.
public struct SessionCaller: Sendable {
    public var userId: User.ID
    public var sessionId: Session.ID

    /// Throws 403 for an API key.
    public init(_ principal: Principal) throws {
        guard case .session(let session) = principal.credential else {
            throw APIError.forbidden("This takes a login; an API key cannot do it")
        }
        userId = principal.userId
        sessionId = session
    }
}
