/// The authenticated caller of a request.
public struct Principal: Sendable {
    public var userId: User.ID
    /// The role of the account, or a lower one for an API key without the scope `admin`.
    public var role: User.Role
    public var credential: Credential
    /// The API key, if its use should be recorded.
    public var keyToRecord: APIKey.ID?

    public enum Credential: Sendable {
        case session(Session.ID)
        case key(APIKey.ID, APIKey.Scope)
    }

    public init(userId: User.ID, role: User.Role, credential: Credential, keyToRecord: APIKey.ID? = nil) {
        self.userId = userId
        self.role = role
        self.credential = credential
        self.keyToRecord = keyToRecord
    }

    /// Whether the credential may grant fewer rights than the account has.
    public var isReduced: Bool {
        if case .key(_, let granted) = credential { granted < .admin } else { false }
    }

    /// Throws 403 for an API key with a lower scope. Logins have every scope.
    public func require(_ scope: APIKey.Scope) throws {
        guard case .key(_, let granted) = credential, granted < scope else { return }
        throw APIError.forbidden(
            "Requires an API key with the scope \(scope.rawValue); this one has \(granted.rawValue)")
    }
}

/// A caller with a login session, for endpoints that accept no API keys.
public struct SessionCaller: Sendable {
    public var userId: User.ID
    public var sessionId: Session.ID

    /// Throws 403 for an API key.
    public init(_ principal: Principal) throws {
        guard case .session(let session) = principal.credential else {
            throw APIError.forbidden("Requires a login; API keys are not accepted")
        }
        userId = principal.userId
        sessionId = session
    }
}
