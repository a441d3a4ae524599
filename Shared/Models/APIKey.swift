import Wire

/// A key that programs use instead of a login. The key itself is shown once, when it is created.
public struct APIKey: Identified, Sendable {
    public typealias ID = Identifier<APIKey>
    public static let idPrefix: StaticString = "key_"

    /// What a key may do; each scope includes the ones before it.
    public enum Scope: String, JSONWord, Comparable, Sendable {
        /// Read what the user may read, and search it.
        case read
        /// Change what the user may change.
        case write
        /// Use the user's rights as manager or administrator.
        case admin

        private var rank: Int {
            switch self {
            case .read: 0
            case .write: 1
            case .admin: 2
            }
        }

        public static func < (left: Scope, right: Scope) -> Bool { left.rank < right.rank }
    }

    public var id: ID
    public var name: String
    /// The first characters of the key, to tell keys apart.
    public var prefix: String
    /// The highest scope it has.
    public var scope: Scope
    public var expiresAt: Timestamp?
    /// Accurate to a minute.
    public var lastUsedAt: Timestamp?
    public var createdAt: Timestamp

    public init(
        id: ID, name: String, prefix: String, scope: Scope, expiresAt: Timestamp?, lastUsedAt: Timestamp?,
        createdAt: Timestamp
    ) {
        self.id = id
        self.name = name
        self.prefix = prefix
        self.scope = scope
        self.expiresAt = expiresAt
        self.lastUsedAt = lastUsedAt
        self.createdAt = createdAt
    }

    fileprivate var scopes: [Scope] { Scope.allCases.filter { $0 <= scope } }
}

extension APIKey: Shaped {
    public static let shape = Shape<APIKey>(
        "APIKey",
        [
            .field("id") { $0.id },
            .field("name", example: "Nightly import") { $0.name },
            .field("prefix", "The first characters of the key.", example: "nxl_Zm9vYm") { $0.prefix },
            .field("scopes") { $0.scopes },
            .nullable("expiresAt") { $0.expiresAt },
            .nullable("lastUsedAt", "To within a minute.") { $0.lastUsedAt },
            .field("createdAt") { $0.createdAt },
        ])
}

/// A newly created key, with the key itself.
public struct NewAPIKey: Sendable {
    public var description: APIKey
    public var key: String

    public init(description: APIKey, key: String) {
        self.description = description
        self.key = key
    }
}

extension NewAPIKey: Shaped {
    public static let shape = Shape<NewAPIKey>(
        "NewAPIKey",
        [
            .field("id") { $0.description.id },
            .field("name", example: "Nightly import") { $0.description.name },
            .field("key", "The key in clear. It is shown this once: keep it.") { $0.key },
            .field("prefix", example: "nxl_Zm9vYm") { $0.description.prefix },
            .field("scopes") { $0.description.scopes },
            .nullable("expiresAt") { $0.description.expiresAt },
            .nullable("lastUsedAt") { $0.description.lastUsedAt },
            .field("createdAt") { $0.description.createdAt },
        ])
}
