import Models
import Wire

/// Logins and their refresh tokens, of which only hashes are kept.
public struct SessionStore {
    let database: Database

    /// Who a live session belongs to: what authorisation needs to know on every request.
    public struct Holder: Sendable {
        public var userId: User.ID
        public var role: User.Role
        public var status: User.Status
        public var isRevoked: Bool
    }

    public func holder(of session: Session.ID) throws -> Holder? {
        try database.first(
            """
            SELECT u.id, u.role, u.status, s.revoked_at IS NOT NULL
            FROM sessions s JOIN users u ON u.id = s.user_id WHERE s.id = \(session)
            """
        ) { row in
            Holder(userId: row.next(), role: row.next(), status: row.next(), isRevoked: row.integer() != 0)
        }
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
            // Sessions that are long over are of no use to anyone; a login is rare enough to tidy up.
            try database.run("DELETE FROM sessions WHERE user_id = \(user) AND expires_at < \(now)")
        }
        return id
    }

    /// What became of a refresh token that was presented.
    public enum Rotation: Sendable {
        /// Its successor follows from the nonce.
        case rotated(Session.ID, User.ID, nonce: [UInt8])
        case unknown, expired, revoked
        /// It had been used before, too long ago, or its successor had been used, too: someone else has a copy, so its
        /// whole session was ended.
        case reused
    }

    /// Whose session a refresh token belongs to.
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
            typealias Found = (
                session: Session.ID, user: User.ID, expires: Timestamp, used: Timestamp?, nonce: [UInt8]?,
                revoked: Timestamp?
            )
            let found: Found? = try database.first(
                """
                SELECT s.id, s.user_id, t.expires_at, t.used_at, t.successor_nonce, s.revoked_at
                FROM refresh_tokens t JOIN sessions s ON s.id = t.session_id WHERE t.hash = \(hash)
                """
            ) { row in
                (
                    session: row.next(), user: row.next(), expires: row.next(), used: row.next(), nonce: row.next(),
                    revoked: row.next()
                )
            }
            guard let found else { return .unknown }
            if found.revoked != nil { return .revoked }
            if let used = found.used {
                // Either way: the clock may have been set back.
                let isRecent = used <= now + graceSeconds && now <= used + graceSeconds
                if let nonce = found.nonce, isRecent, graceSeconds > 0 {
                    return .rotated(found.session, found.user, nonce: nonce)
                }
                try revoke(found.session, at: now)
                return .reused
            }
            if found.expires <= now { return .expired }
            // This one is used now, so the one before it gives it to nobody any more.
            try database.run(
                """
                UPDATE refresh_tokens SET successor_nonce = NULL
                WHERE session_id = \(found.session) AND successor_nonce IS NOT NULL
                """)
            try database.run(
                "UPDATE refresh_tokens SET used_at = \(now), successor_nonce = \(nonce) WHERE hash = \(hash)")
            try database.run("UPDATE sessions SET expires_at = \(expiresAt) WHERE id = \(found.session)")
            try addRefreshToken(next, to: found.session, expiresAt: expiresAt)
            return .rotated(found.session, found.user, nonce: nonce)
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
