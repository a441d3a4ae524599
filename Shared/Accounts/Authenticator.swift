import Crypto
import Models
import Storage
import Wire

/// Registration, login, and the resulting tokens.
public struct Authenticator {
    private let store: Store
    private let signer: TokenSigner
    private let lifetimes: Lifetimes

    /// In seconds.
    public struct Lifetimes: Sendable {
        public var access: Int
        public var refresh: Int
        /// How long a used refresh token returns the same successor.
        public var refreshGrace: Int

        public init(access: Int, refresh: Int, refreshGrace: Int) {
            self.access = access
            self.refresh = refresh
            self.refreshGrace = refreshGrace
        }
    }

    /// - Parameter secret: signs access tokens.
    public init(store: Store, secret: String, lifetimes: Lifetimes) {
        self.store = store
        self.lifetimes = lifetimes
        signer = TokenSigner(secret: secret)
    }

    /// The caller of a request with this `Authorization` header. Throws 401, or 403 if the account is suspended.
    public func authenticate(_ authorization: String?, at now: Timestamp) throws -> Principal {
        let token = try Self.token(in: authorization)
        return token.starts(withBytes: APIKeys.marker)
            ? try keyHolder(token, at: now) : try sessionHolder(token, at: now)
    }

    /// The claims of an access token, without checking that its session still exists. Nil for API keys and invalid tokens.
    public func accessToken(in authorization: String?, at now: Timestamp) -> AccessToken? {
        guard let token = try? Self.token(in: authorization), !token.starts(withBytes: APIKeys.marker) else {
            return nil
        }
        return try? signer.verify(token, at: now)
    }

    private static func token(in authorization: String?) throws -> String {
        guard let authorization else {
            throw APIError(.unauthorized, "Send an access token or an API key: Authorization: Bearer <token>")
        }
        guard let space = authorization.utf8.firstIndex(of: UInt8(ascii: " ")),
            authorization.utf8[..<space].elementsEqual("bearer".utf8, by: { $0 | 0x20 == $1 })
        else { throw APIError(.unauthorized, "The Authorization header must be: Bearer <token>") }
        return String(authorization[authorization.utf8.index(after: space)...]).trimmed
    }

    private func sessionHolder(_ text: String, at now: Timestamp) throws -> Principal {
        let token = try signer.verify(text, at: now)
        guard let holder = try store.sessions.holder(of: token.sessionId), holder.userId == token.userId
        else { throw APIError(.tokenRevoked, "The session has ended; log in again") }
        if holder.status == .suspended { throw Self.suspended }
        if holder.isRevoked { throw APIError(.tokenRevoked, "The session has ended; log in again") }
        return Principal(userId: holder.userId, role: holder.role, credential: .session(token.sessionId))
    }

    private func keyHolder(_ key: String, at now: Timestamp) throws -> Principal {
        guard let holder = try store.apiKeys.holder(of: SHA256.hash(key.utf8)) else {
            throw APIError(.unauthorized, "Invalid API key")
        }
        if let expiry = holder.expiresAt, expiry <= now { throw APIError(.tokenExpired, "The API key has expired") }
        if holder.status == .suspended { throw Self.suspended }
        // Without the scope `admin`, a key never has more rights than a plain user: a leaked key must not open
        // everyone's workspaces.
        return Principal(
            userId: holder.userId, role: holder.scope == .admin ? holder.role : .user,
            credential: .key(holder.keyId, holder.scope),
            keyToRecord: holder.isUseKnown(at: now) ? nil : holder.keyId)
    }

    private static var wrongCurrentPassword: APIError {
        APIError(.invalidCredentials, "The current password is wrong")
    }

    private static var suspended: APIError {
        APIError(.accountSuspended, "This account is suspended; ask an administrator")
    }

    // MARK: Coming and going

    public func register(email: EmailAddress, password: String, name: String, at now: Timestamp) throws -> SignedIn {
        // Hashing takes tens of milliseconds, so it happens before the write lock is taken.
        let hash = try Password.hash(password)
        return try store.writeConclusion {
            let user = try store.users.register(email: email, name: name, passwordHash: hash, at: now)
            try store.events.record(.userCreated, in: nil, at: now, user)
            return try beginSession(for: user, at: now)
        }
    }

    public func logIn(email: String, password: String, at now: Timestamp) throws -> SignedIn {
        let wrong = APIError(.invalidCredentials, "Wrong e-mail address or password")
        let found = try store.users.find(typedEmail: email)
        let hash = try found.flatMap { try store.users.passwordHash(of: $0.id) }
        guard Password.verify(password, against: hash), let id = found?.id else { throw wrong }
        return try store.write {
            // The check takes time, and the password may have been changed and all sessions ended since.
            guard try store.users.passwordHash(of: id) == hash, var user = try store.users.find(id) else { throw wrong }
            if user.status == .suspended { throw Self.suspended }
            user.lastLoginAt = now
            try store.users.recordLogin(of: user.id, at: now)
            try store.events.record(.userLogin, in: nil, at: now, user)
            return try beginSession(for: user, at: now)
        }
    }

    /// The account of a refresh token's session; nil for an unknown token.
    public func account(ofRefreshToken token: String) throws -> User.ID? {
        try store.sessions.account(ofRefreshToken: Self.hash(token))
    }

    /// Exchanges a refresh token for a new pair. For a short time, a repeated exchange (another tab, a lost response)
    /// returns the same refresh token.
    public func refresh(_ refreshToken: String, at now: Timestamp) throws -> SignedIn {
        let nonce = secureRandomBytes(32)
        let rotation = try store.sessions.rotate(
            Self.hash(refreshToken), to: Self.hash(Self.successor(of: refreshToken, nonce)), nonce: nonce,
            expiresAt: now + lifetimes.refresh, graceSeconds: lifetimes.refreshGrace, at: now)
        switch rotation {
        case .rotated(let session, let userId, let nonce):
            let next = Self.successor(of: refreshToken, nonce)
            guard let user = try store.users.find(userId) else {
                throw APIError(.tokenRevoked, "The account no longer exists")
            }
            if user.status == .suspended { throw Self.suspended }
            return signedIn(user, session: session, refreshToken: next, at: now)
        case .unknown: throw APIError(.unauthorized, "The refresh token is not valid")
        case .expired: throw APIError(.tokenExpired, "The refresh token has expired; log in again")
        case .revoked: throw APIError(.tokenRevoked, "The session has ended; log in again")
        case .reused:
            throw APIError(
                .tokenRevoked, "The refresh token was used twice, so its session ended; log in again")
        }
    }

    public func logOut(_ caller: SessionCaller, at now: Timestamp) throws {
        try store.write {
            try store.sessions.revoke(caller.sessionId, at: now)
            guard let user = try store.users.find(caller.userId) else { return }
            try store.events.record(.userLogout, in: nil, at: now, user)
        }
    }

    /// A change of the caller's own account, with the new password already hashed: hashing takes tens of milliseconds,
    /// so it happens before the write. A new password requires the current one.
    public func prepare(_ change: User.Change, of caller: SessionCaller, currentPassword: String?) throws -> OwnChange {
        guard let password = change.password else { return OwnChange(fields: change) }
        guard let currentPassword else {
            throw APIError.validation("currentPassword", "currentPassword is required to set a new password")
        }
        let current = try store.users.passwordHash(of: caller.userId)
        if !Password.verify(currentPassword, against: current) { throw Self.wrongCurrentPassword }
        return OwnChange(fields: change, passwordHash: try Password.hash(password), currentHash: current)
    }

    /// Saves the caller's changed account. A new password ends the other sessions.
    public func save(_ user: User, with change: OwnChange, by caller: SessionCaller) throws {
        if change.fields.password != nil {
            // Hashing took a while, in which the password may have been changed.
            guard try store.users.passwordHash(of: user.id) == change.currentHash else {
                throw Self.wrongCurrentPassword
            }
            try store.sessions.revokeAll(of: user.id, except: caller.sessionId, at: user.updatedAt)
        }
        try store.users.save(user, newEmail: change.fields.email, newPasswordHash: change.passwordHash)
        try store.events.record(.userUpdated, in: nil, at: user.updatedAt, user)
    }

    /// The change of an account by its owner, with the hashes of the new and of the current password.
    public struct OwnChange: Sendable {
        public let fields: User.Change
        var passwordHash: String?
        var currentHash: String?
    }

    // MARK: Tokens

    private func beginSession(for user: User, at now: Timestamp) throws -> SignedIn {
        let refreshToken = Self.makeRefreshToken()
        let session = try store.sessions.begin(
            for: user.id, refreshHash: Self.hash(refreshToken), expiresAt: now + lifetimes.refresh, at: now)
        return signedIn(user, session: session, refreshToken: refreshToken, at: now)
    }

    private func signedIn(_ user: User, session: Session.ID, refreshToken: String, at now: Timestamp) -> SignedIn {
        let token = AccessToken(
            userId: user.id, sessionId: session, role: user.role, id: ULID.make(at: now), issuedAt: now,
            expiresAt: now + lifetimes.access)
        return SignedIn(user: user, token: signer.sign(token), refreshToken: refreshToken, expiresIn: lifetimes.access)
    }

    /// 256 random bits; only the hash is stored.
    private static func makeRefreshToken() -> String { "nxr_" + Base64.encodeURLSafe(secureRandomBytes(32)) }
    /// A refresh token's successor: 256 bits derived from the token's text, which is not stored, and the nonce.
    private static func successor(of token: String, _ nonce: [UInt8]) -> String {
        let hmac = HMACSHA256(key: Array(token.utf8))
        return "nxr_" + Base64.encodeURLSafe(hmac.authenticate(Array("nexlayer refresh successor".utf8) + nonce))
    }
    private static func hash(_ token: String) -> [UInt8] { SHA256.hash(token.utf8) }
}

/// The result of a login.
public struct SignedIn: Sendable {
    public var user: User
    public var token: String
    public var refreshToken: String
    /// Lifetime of `token`, in seconds.
    public var expiresIn: Int
}

extension SignedIn: Shaped {
    public static let shape = Shape<SignedIn>(
        "SignedIn",
        [
            .field("user") { $0.user },
            .field("token", "The access token: send it as `Authorization: Bearer …`.") { $0.token },
            .field("refreshToken", "Can be exchanged once for a new pair.") { $0.refreshToken },
            .field("expiresIn", "Seconds until the access token expires.") { $0.expiresIn },
            .field("tokenType") { _ in "Bearer" },
        ])
}
