import Wire

/// A person with an account.
public struct User: Identified, Sendable {
    public typealias ID = Identifier<User>
    public static let idPrefix: StaticString = "usr_"

    /// What someone may do in the installation; each role may do what the ones after it may.
    public enum Role: String, JSONWord, Comparable, Sendable {
        case admin, manager, user

        private var rank: Int {
            switch self {
            case .admin: 2
            case .manager: 1
            case .user: 0
            }
        }

        public static func < (left: Role, right: Role) -> Bool { left.rank < right.rank }
    }
    public enum Status: String, JSONWord, Sendable { case active, suspended }

    public var id: ID
    public var email: String
    public var name: String
    public var role: Role
    public var status: Status
    public var lastLoginAt: Timestamp?
    public var createdAt: Timestamp
    public var updatedAt: Timestamp

    public init(
        id: ID, email: String, name: String, role: Role, status: Status,
        lastLoginAt: Timestamp?, createdAt: Timestamp, updatedAt: Timestamp
    ) {
        self.id = id
        self.email = email
        self.name = name
        self.role = role
        self.status = status
        self.lastLoginAt = lastLoginAt
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }
}

extension User: Shaped {
    public static let shape = Shape<User>(
        "User",
        [
            .field("id") { $0.id },
            .field("email", example: "ada@example.com") { $0.email },
            .field("name", example: "Ada Lovelace") { $0.name },
            .field("role") { $0.role },
            .field("status") { $0.status },
            .nullable("lastLoginAt") { $0.lastLoginAt },
            .field("createdAt") { $0.createdAt },
            .field("updatedAt") { $0.updatedAt },
        ])
}

/// An e-mail address: as its owner wrote it, and folded for comparison.
public struct EmailAddress: Hashable, Sendable {
    public let text: String
    /// Lower case throughout: addresses that differ in case only are the same account.
    public var folded: String { text.lowercased() }

    /// Nil unless `text` could be delivered to: one `@`, a local part of up to 64 bytes, a domain of
    /// dot-separated labels, 254 bytes in all (RFC 5321 section 4.5.3.1), no white space or controls.
    public init?(_ text: String) {
        let trimmed = text.trimmed
        let parts = trimmed.split(separator: "@", omittingEmptySubsequences: false)
        guard trimmed.utf8.count <= 254, parts.count == 2, (1...64).contains(parts[0].utf8.count),
            parts[1].split(separator: ".", omittingEmptySubsequences: false).allSatisfy(Self.isLabel),
            trimmed.unicodeScalars.allSatisfy(Self.isAllowed)
        else { return nil }
        self.text = trimmed
    }

    fileprivate init(unchecked text: String) { self.text = text }

    private static func isLabel(_ label: Substring) -> Bool {
        (1...63).contains(label.utf8.count) && label.first != "-" && label.last != "-"
    }

    private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        !scalar.properties.isWhitespace && scalar.properties.generalCategory != .control
            && !"()<>[]:;,\\\"".unicodeScalars.contains(scalar)
    }
}

extension ValueType where Value == EmailAddress {
    public static var email: ValueType {
        ValueType<String>.string(1...254, example: "ada@example.com", format: "email") { text throws(Invalid) in
            text.trimmed
        }.map(example: EmailAddress(unchecked: "ada@example.com")) { text throws(Invalid) in
            guard let email = EmailAddress(text) else { throw Invalid("must be an e-mail address") }
            return email
        }
    }
}
