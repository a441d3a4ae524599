import Models
import Wire

/// Logins and their refresh tokens, of which only hashes are kept.
public struct SessionStore {
    let database: Database

    /// The account that a session belongs to: what authorisation needs to know on every request.
    public struct Holder: Sendable {
        public var userId: User.ID
        public var role: User.Role
        public var status: User.Status
        public var isRevoked: Bool
    }

    public func holder(of session: Session.ID) throws -> Holder? {
        try database.first(from: "sessions s JOIN users u ON u.id = s.user_id WHERE s.id = \(session)")
    }

    /// Begins a session with its first refresh token.
    public func begin(for user: User.ID, refreshHash: [UInt8], expiresAt: Timestamp, at now: Timestamp) throws
        -> Session.ID
    {
        let id = Session.ID.new(at: now)
        try database.write {
            try database.run(
                "INSERT INTO sessions (id, user_id, created_at, expires_at) VALUES (\(id), \(user), \(now), \(expiresAt))"
            )
            try addRefreshToken(refreshHash, to: id, expiresAt: expiresAt)
            // Sessions that are long over are of no use to anyone, and a login is rare enough to remove them.
            try database.run("DELETE FROM sessions WHERE user_id = \(user) AND expires_at < \(now)")
        }
        return id
    }

    /// The outcome of presenting a refresh token.
    public enum Rotation: Sendable {
        /// Its successor follows from the nonce.
        case rotated(Session.ID, User.ID, nonce: [UInt8])
        case unknown, expired, revoked
        /// It was used before, and either too long ago or its successor was used as well. Someone has a copy, so its whole
        /// session was ended.
        case reused
    }

    /// The account that a refresh token belongs to.
    public func account(ofRefreshToken hash: [UInt8]) throws -> User.ID? {
        try database.value(
            """
            SELECT s.user_id FROM refresh_tokens t JOIN sessions s ON s.id = t.session_id WHERE t.hash = \(hash)
            """)
    }

    /// Exchanges a refresh token for the next. Used again within `graceSeconds`, and before its successor was used, it
    /// gives the same successor: the nonce that it was made with, which is kept until then.
    ///
    /// - Parameters:
    ///   - next: the hash of the successor, should this be the first use.
    ///   - nonce: what it was made with.
    public func rotate(
        _ hash: [UInt8], to next: [UInt8], nonce: [UInt8], expiresAt: Timestamp, graceSeconds: Int, at now: Timestamp
    ) throws -> Rotation {
        try database.write {
            // Only the first use finds it unused.
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
            // Now that this token is used, the one before it must not return it any more.
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

    /// The outcome for a token that was used before, or cannot be used.
    private func presentAgain(_ token: RefreshToken, graceSeconds: Int, at now: Timestamp) throws -> Rotation {
        if token.isRevoked { return .revoked }
        guard let used = token.used else { return .expired }
        // Either way: the clock may have been set back.
        let isRecent = used <= now + graceSeconds && now <= used + graceSeconds
        if let nonce = token.nonce, isRecent, graceSeconds > 0 {
            return .rotated(token.session, token.user, nonce: nonce)
        }
        try revoke(token.session, at: now)
        return .reused
    }

    /// A refresh token with its session.
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

    /// Ends every session of a user but the one given.
    public func revokeAll(of user: User.ID, except kept: Session.ID?, at now: Timestamp) throws {
        try database.run(
            """
            UPDATE sessions SET revoked_at = \(now)
            WHERE user_id = \(user) AND revoked_at IS NULL AND id <> \(kept?.text ?? "")
            """)
    }

    private func addRefreshToken(_ hash: [UInt8], to session: Session.ID, expiresAt: Timestamp) throws {
        try database.run(
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
