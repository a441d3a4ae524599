import Models
import Wire

/// Logins and their refresh tokens. Only hashes of tokens are stored.
public struct SessionStore {
    let database: Database

    /// The account of a session, as far as authorisation needs it on every request.
    public struct Holder: Sendable {
        public var userId: User.ID
        public var role: User.Role
        public var status: User.Status
        public var isRevoked: Bool
    }

    public func holder(of session: Session.ID) throws -> Holder? {
        try database.first(
            from: "sessions s JOIN users u ON u.id = s.user_id WHERE s.id = \(session) \(database.keepingRights)")
    }

    /// Starts a session with its first refresh token.
    public func begin(for user: User.ID, refreshHash: [UInt8], expiresAt: Timestamp, at now: Timestamp) throws
        -> Session.ID
    {
        let id = Session.ID.new(at: now)
        try database.write {
            try database.send(
                "INSERT INTO sessions (id, user_id, created_at, expires_at) VALUES (\(id), \(user), \(now), \(expiresAt))"
            )
            try addRefreshToken(refreshHash, to: id, expiresAt: expiresAt)
            // Nobody needs sessions that ended long ago, and logins are rare enough to remove them here.
            try database.send("DELETE FROM sessions WHERE user_id = \(user) AND expires_at < \(now)")
        }
        return id
    }

    /// The outcome of presenting a refresh token.
    public enum Rotation: Sendable {
        /// The first use. Its successor is derived from the nonce.
        case rotated(Session.ID, User.ID, nonce: [UInt8])
        case unknown, expired, revoked
        /// Used before, and either too long ago or its successor has been used as well. Somebody has a copy, so the
        /// whole session was ended.
        case reused
    }

    /// The account of a refresh token.
    public func account(ofRefreshToken hash: [UInt8]) throws -> User.ID? {
        try database.value(
            """
            SELECT s.user_id FROM refresh_tokens t JOIN sessions s ON s.id = t.session_id WHERE t.hash = \(hash)
            """)
    }

    /// Exchanges a refresh token for the next one. A second use within `graceSeconds`, before the successor is used,
    /// yields the same successor: the nonce it was derived from is kept until then.
    ///
    /// - Parameters:
    ///   - next: the hash of the successor if this is the first use.
    ///   - nonce: the nonce that `next` was derived from.
    public func rotate(
        _ hash: [UInt8], to next: [UInt8], nonce: [UInt8], expiresAt: Timestamp, graceSeconds: Int, at now: Timestamp
    ) throws -> Rotation {
        try database.write {
            // Only the first use matches a row.
            let session: Session.ID? = try database.value(
                """
                UPDATE refresh_tokens SET used_at = \(now), successor_nonce = \(nonce)
                WHERE hash = \(hash) AND used_at IS NULL AND expires_at > \(now)
                    AND EXISTS (SELECT 1 FROM sessions s WHERE s.id = session_id AND s.revoked_at IS NULL)
                RETURNING session_id
                """)
            guard
                let token = try database.first(
                    from: "refresh_tokens t JOIN sessions s ON s.id = t.session_id WHERE t.hash = \(hash)",
                    as: RefreshToken.self)
            else { return .unknown }
            guard let session else { return try presentAgain(token, graceSeconds: graceSeconds, at: now) }
            // This token has been used, so its predecessor must not yield it again.
            try database.run(
                """
                UPDATE refresh_tokens SET successor_nonce = NULL
                WHERE session_id = \(session) AND successor_nonce IS NOT NULL AND hash <> \(hash)
                """)
            try database.run("UPDATE sessions SET expires_at = \(expiresAt) WHERE id = \(session)")
            try addRefreshToken(next, to: session, expiresAt: expiresAt)
            return .rotated(session, token.user, nonce: nonce)
        }
    }

    /// The outcome for a token that has been used before or is invalid.
    private func presentAgain(_ token: RefreshToken, graceSeconds: Int, at now: Timestamp) throws -> Rotation {
        if token.isRevoked { return .revoked }
        guard let used = token.used else { return .expired }
        // In both directions, because the clock may have been set back.
        let isRecent = used <= now + graceSeconds && now <= used + graceSeconds
        if let nonce = token.nonce, isRecent, graceSeconds > 0 {
            return .rotated(token.session, token.user, nonce: nonce)
        }
        try revoke(token.session, at: now)
        return .reused
    }

    /// A refresh token and its session.
    private struct RefreshToken: Record {
        let session: Session.ID
        let user: User.ID
        let isRevoked: Bool
        let used: Timestamp?
        let nonce: [UInt8]?

        static let columns = SQL(columnsOf: Self.self)

        init(from row: inout Row) {
            session = row["s.id"]
            user = row["s.user_id"]
            isRevoked = row["s.revoked_at IS NOT NULL"]
            used = row["t.used_at"]
            nonce = row["t.successor_nonce"]
        }
    }

    public func revoke(_ session: Session.ID, at now: Timestamp) throws {
        try database.run("UPDATE sessions SET revoked_at = \(now) WHERE id = \(session) AND revoked_at IS NULL")
    }

    /// Ends all sessions of a user except the given one.
    public func revokeAll(of user: User.ID, except kept: Session.ID?, at now: Timestamp) throws {
        try database.run(
            """
            UPDATE sessions SET revoked_at = \(now)
            WHERE user_id = \(user) AND revoked_at IS NULL AND id <> \(kept?.text ?? "")
            """)
    }

    private func addRefreshToken(_ hash: [UInt8], to session: Session.ID, expiresAt: Timestamp) throws {
        try database.send(
            "INSERT INTO refresh_tokens (hash, session_id, expires_at) VALUES (\(hash), \(session), \(expiresAt))")
    }
}

extension SessionStore.Holder: Record {
    static let columns = SQL(columnsOf: Self.self)

    init(from row: inout Row) {
        self.init(
            userId: row["u.id"], role: row["u.role"], status: row["u.status"],
            isRevoked: row["s.revoked_at IS NOT NULL"])
    }
}
