import Models
import Wire

/// API keys of programs. Only their hashes are stored.
public struct APIKeyStore {
    let database: Database

    /// The precision of `lastUsedAt`, in seconds: a key that is used a thousand times a minute causes one write.
    private static let useGranularity = 60

    /// The account of a key, as far as authorisation needs it on every request.
    public struct Holder: Sendable {
        public var keyId: APIKey.ID
        public var scope: APIKey.Scope
        public var expiresAt: Timestamp?
        public var lastUsedAt: Timestamp?
        public var userId: User.ID
        public var role: User.Role
        public var status: User.Status

        /// Whether the last recorded use is recent enough to skip recording this one.
        public func isUseKnown(at now: Timestamp) -> Bool {
            lastUsedAt.map { $0 + APIKeyStore.useGranularity > now } ?? false
        }
    }

    public func holder(of hash: [UInt8]) throws -> Holder? {
        try database.first(
            from: "api_keys k JOIN users u ON u.id = k.user_id WHERE k.hash = \(hash) \(database.keepingRights)")
    }

    /// Records that a key was used, unless another process is writing; then the next use is recorded instead. Called
    /// after the response was sent, because a displayed time must not delay a read or end its snapshot.
    public func recordUse(of key: APIKey.ID, at now: Timestamp) {
        database.runUnlessBusy(
            """
            UPDATE api_keys SET last_used_at = \(now) WHERE id IN (
                SELECT id FROM api_keys WHERE id = \(key) \(sqlite: "", postgres: "FOR NO KEY UPDATE SKIP LOCKED"))
            """)
    }

    /// Adds a key. If the account has too many, expired keys are removed first; throws `.conflict` if that is not
    /// enough.
    public func add(_ key: APIKey, hash: [UInt8], for user: User.ID, atMost maximum: Int) throws {
        func isFull() throws -> Bool {
            try database.value("SELECT count(*) FROM api_keys WHERE user_id = \(user)", as: Int.self) ?? 0 >= maximum
        }
        try database.write {
            try database.guarding(.limitOfAccount(user))
            if try isFull() {
                try database.run(
                    "DELETE FROM api_keys WHERE user_id = \(user) AND expires_at <= \(key.createdAt)")
            }
            if try isFull() {
                throw APIError(
                    .conflict, "An account has at most \(maximum) API keys; delete one you no longer need",
                    details: ["maxApiKeys": .int(Int64(maximum))])
            }
            try database.run(
                """
                INSERT INTO api_keys (id, user_id, hash, name, prefix, scope, expires_at, created_at)
                VALUES (\(key.id), \(user), \(hash), \(key.name), \(key.prefix), \(key.scope), \(key.expiresAt),
                    \(key.createdAt))
                """)
        }
    }

    /// A user's keys, newest first.
    public func list(of user: User.ID, page: PageRequest) throws -> Page<APIKey> {
        try database.page(from: "api_keys WHERE user_id = \(user)", order: "id DESC", page)
    }

    /// Removes a key, which stops working at once.
    public func remove(_ id: APIKey.ID, of user: User.ID) throws {
        let removed = try database.run("DELETE FROM api_keys WHERE id = \(id) AND user_id = \(user)")
        if removed == 0 { throw APIError.notFound("API key") }
    }

    public func removeAll(of user: User.ID) throws {
        try database.run("DELETE FROM api_keys WHERE user_id = \(user)")
    }
}

extension APIKey: Record {
    static let columns = SQL(columnsOf: Self.self)

    init(from row: inout Row) {
        self.init(
            id: row["id"], name: row["name"], prefix: row["prefix"], scope: row["scope"], expiresAt: row["expires_at"],
            lastUsedAt: row["last_used_at"], createdAt: row["created_at"])
    }
}

extension APIKeyStore.Holder: Record {
    static let columns = SQL(columnsOf: Self.self)

    init(from row: inout Row) {
        self.init(
            keyId: row["k.id"], scope: row["k.scope"], expiresAt: row["k.expires_at"],
            lastUsedAt: row["k.last_used_at"],
            userId: row["u.id"], role: row["u.role"], status: row["u.status"])
    }
}
