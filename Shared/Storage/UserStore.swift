import Language
import Models
import Wire

/// Accounts.
public struct UserStore {
    let database: Database

    /// Adds an account that is logged in at once. The first account of an empty installation becomes its administrator.
    /// Throws `.conflict` if the address is taken.
    public func register(email: EmailAddress, name: String, passwordHash: String, at now: Timestamp) throws -> User {
        try database.write {
            try database.guarding(.administrators)
            let isFirst = try !database.exists("SELECT 1 FROM users LIMIT 1")
            let user = try create(
                email: email, name: name, passwordHash: passwordHash, role: isFirst ? .admin : .user, at: now)
            try recordLogin(of: user.id, at: now)
            return try find(user.id) ?? user
        }
    }

    /// Adds an account. Throws `.conflict` if the address is taken.
    public func create(
        email: EmailAddress, name: String, passwordHash: String, role: User.Role, at now: Timestamp
    ) throws -> User {
        try database.write {
            let user = User(
                id: .new(at: now), email: email.text, name: name, role: role, status: .active,
                lastLoginAt: nil, createdAt: now, updatedAt: now)
            try refuseTaken(email, except: nil)
            try database.run(
                """
                INSERT INTO users (id, email, email_key, name, search_key, password_hash, role, status, created_at,
                    updated_at)
                VALUES (\(user.id), \(email.text), \(email.folded), \(name), \(Self.searchKey(email.text, name)),
                    \(passwordHash), \(user.role), \(user.status), \(now), \(now))
                """)
            try InvitationStore(database: database).accept(for: user.id, at: now)
            return user
        }
    }

    public func find(_ id: User.ID) throws -> User? {
        try database.first(from: "users WHERE id = \(id)")
    }

    public func find(email: EmailAddress) throws -> User? { try find(typedEmail: email.text) }

    /// The account of an address, however it is spelled. If earlier versions created several accounts whose addresses
    /// look the same, an exact match wins over the account that owns the key.
    public func find(typedEmail text: String) throws -> User? {
        let (key, spelled) = (EmailAddress.key(of: text), text.trimmed.lowercased())
        return try database.first(
            from: """
                users WHERE email_key IN (\(spelled), \(key)) ORDER BY email_key = \(spelled) DESC LIMIT 1
                """)
    }

    /// The password hash in the format of `crypt(3)`.
    public func passwordHash(of id: User.ID) throws -> String? {
        try database.value("SELECT password_hash FROM users WHERE id = \(id)")
    }

    public func recordLogin(of id: User.ID, at now: Timestamp) throws {
        try database.send("UPDATE users SET last_login_at = \(now) WHERE id = \(id)")
    }

    /// Saves an account. Throws `.conflict` if the new address is taken, or if no active administrator would remain.
    ///
    /// - Parameters:
    ///   - newEmail: the address, if it has changed.
    ///   - newPasswordHash: nil to keep the password.
    public func save(_ user: User, newEmail: EmailAddress?, newPasswordHash: String?) throws {
        try database.write {
            try database.guarding(.administrators)
            if let newEmail { try refuseTaken(newEmail, except: user.id) }
            if user.role != .admin || user.status == .suspended { try keepAnAdministrator(without: user.id) }
            try database.run(
                """
                UPDATE users SET email = \(user.email), email_key = coalesce(\(newEmail?.folded), email_key),
                    name = \(user.name), search_key = \(Self.searchKey(user.email, user.name)),
                    password_hash = coalesce(\(newPasswordHash), password_hash), role = \(user.role),
                    status = \(user.status), updated_at = \(user.updatedAt)
                WHERE id = \(user.id)
                """)
        }
    }

    /// Removes an account with its sessions, keys, memberships and conversations. Workspaces that nobody else owns go
    /// to `heir` if that is an active administrator, otherwise to the longest-serving one. Throws `.conflict` if no
    /// active administrator would remain.
    public func remove(_ id: User.ID, heir wanted: User.ID, at now: Timestamp) throws {
        try database.write {
            try database.guarding(.administrators)
            try keepAnAdministrator(without: id)
            let heir: User.ID? = try database.value(
                """
                SELECT id FROM users WHERE role = \(User.Role.admin) AND status = \(User.Status.active) AND id <> \(id)
                ORDER BY id <> \(wanted), created_at, id LIMIT 1
                """)
            guard let heir else { throw APIError.internalError(cause: "there is no active administrator") }
            try MemberStore(database: database).handOver(from: id, to: heir, at: now)
            try database.run(
                """
                UPDATE workspaces SET conversation_count = conversation_count
                    - (SELECT count(*) FROM conversations c WHERE c.workspace_id = workspaces.id AND c.user_id = \(id))
                WHERE id IN (SELECT workspace_id FROM conversations WHERE user_id = \(id))
                """)
            if try database.run("DELETE FROM users WHERE id = \(id)") == 0 { throw APIError.notFound("User") }
        }
    }

    private func keepAnAdministrator(without id: User.ID) throws {
        let active: SQL = "role = \(User.Role.admin) AND status = \(User.Status.active)"
        guard try database.exists("SELECT 1 FROM users WHERE id = \(id) AND \(active)") else { return }
        if try !database.exists("SELECT 1 FROM users WHERE id <> \(id) AND \(active) LIMIT 1") {
            throw APIError(
                .conflict, "At least one active administrator is required; make another account an administrator first")
        }
    }

    /// The filter of a listing.
    public struct Filter: Sendable {
        public var role: User.Role?
        public var status: User.Status?
        public var search: String?

        public init(role: User.Role?, status: User.Status?, search: String?) {
            self.role = role
            self.status = status
            self.search = search
        }

        fileprivate var condition: SQL {
            var condition: SQL = "TRUE"
            if let role { condition = "\(condition) AND role = \(role)" }
            if let status { condition = "\(condition) AND status = \(status)" }
            if let search {
                condition = "\(condition) AND search_key LIKE \(likePattern(containing: search)) ESCAPE '\\'"
            }
            return condition
        }
    }

    /// Accounts, newest first.
    public func list(_ filter: Filter, page: PageRequest) throws -> Page<User> {
        try database.page(from: "users WHERE \(filter.condition)", order: "id DESC", page)
    }

    private static func searchKey(_ email: String, _ name: String) -> String { SearchKey.of("\(email)\n\(name)") }

    private func refuseTaken(_ email: EmailAddress, except id: User.ID?) throws {
        let holder: User.ID? = try database.value("SELECT id FROM users WHERE email_key = \(email.folded)")
        if let holder, holder != id {
            throw APIError(
                .conflict, "An account with this e-mail address already exists", details: ["field": "email"])
        }
    }
}

extension User: Record {
    static let columns = SQL(columnsOf: Self.self)

    init(from row: inout Row) {
        self.init(
            id: row["id"], email: row["email"], name: row["name"], role: row["role"], status: row["status"],
            lastLoginAt: row["last_login_at"], createdAt: row["created_at"], updatedAt: row["updated_at"])
    }
}
