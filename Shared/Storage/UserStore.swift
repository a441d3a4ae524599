import Models
import Wire

/// Accounts.
public struct UserStore {
    let database: Database

    static let columns: SQL = "id, email, name, role, status, last_login_at, created_at, updated_at"

    /// Adds an account. The first one of an empty installation becomes its administrator.
    /// An address that is taken throws `.conflict`.
    public func register(email: EmailAddress, name: String, passwordHash: String, at now: Timestamp) throws -> User {
        try database.write {
            let isFirst = try database.value("SELECT 1 FROM users LIMIT 1", as: Int.self) == nil
            let user = User(
                id: .new(at: now), email: email.text, name: name, role: isFirst ? .admin : .user, status: .active,
                lastLoginAt: now, createdAt: now, updatedAt: now)
            try refuseTaken(email, except: nil)
            try database.run(
                """
                INSERT INTO users (id, email, email_key, name, password_hash, role, status, last_login_at,
                    created_at, updated_at)
                VALUES (\(user.id), \(email.text), \(email.folded), \(name), \(passwordHash), \(user.role),
                    \(user.status), \(now), \(now), \(now))
                """)
            return user
        }
    }

    public func find(_ id: User.ID) throws -> User? {
        try database.first("SELECT \(Self.columns) FROM users WHERE id = \(id)") { User(from: &$0) }
    }

    public func find(email: EmailAddress) throws -> User? {
        try database.first("SELECT \(Self.columns) FROM users WHERE email_key = \(email.folded)") { User(from: &$0) }
    }

    /// The password's hash as `crypt(3)` made it.
    public func passwordHash(of id: User.ID) throws -> String? {
        try database.value("SELECT password_hash FROM users WHERE id = \(id)")
    }

    public func recordLogin(of id: User.ID, at now: Timestamp) throws {
        try database.run("UPDATE users SET last_login_at = \(now) WHERE id = \(id)")
    }

    /// Changes what is given and leaves the rest. An address that is taken throws `.conflict`.
    public func update(
        _ id: User.ID, email: EmailAddress?, name: String?, passwordHash: String?, at now: Timestamp
    ) throws -> User {
        try database.write {
            if let email { try refuseTaken(email, except: id) }
            let updated = try database.first(
                """
                UPDATE users SET email = coalesce(\(email?.text), email), email_key = coalesce(\(email?.folded), email_key),
                    name = coalesce(\(name), name), password_hash = coalesce(\(passwordHash), password_hash),
                    updated_at = \(now)
                WHERE id = \(id) RETURNING \(Self.columns)
                """
            ) { User(from: &$0) }
            guard let updated else { throw APIError.notFound("User") }
            return updated
        }
    }

    private func refuseTaken(_ email: EmailAddress, except id: User.ID?) throws {
        let holder: User.ID? = try database.value("SELECT id FROM users WHERE email_key = \(email.folded)")
        if let holder, holder != id {
            throw APIError(.conflict, "There is an account with this e-mail address already", details: ["field": "email"])
        }
    }
}

extension User {
    init(from row: inout Row) {
        self.init(
            id: row.next(), email: row.next(), name: row.next(), role: row.next(), status: row.next(),
            lastLoginAt: row.next(), createdAt: row.next(), updatedAt: row.next())
    }
}
