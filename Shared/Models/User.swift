import Wire

/// A person with an account.
public struct User: Identified, Sendable {
    public typealias ID = Identifier<User>
    public static let idPrefix: StaticString = "usr_"

    /// A role in the installation. Each role includes the rights of the ones after it.
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
    /// In composed form (NFC).
    public let text: String
    /// The key by which accounts are distinguished.
    public var folded: String { Self.key(of: text) }

    /// The key of an address, however it was typed: composed, in lower case, without surrounding white space and
    /// without invisible characters. Two addresses with the same key look the same.
    public static func key(of text: String) -> String {
        let trimmed = text.trimmed
        if trimmed.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) { return trimmed.lowercased() }
        let seen = String.UnicodeScalarView(trimmed.composed.unicodeScalars.filter { !$0.isHidden })
        return String(seen).trimmed.lowercased().composed
    }

    /// Nil unless mail to `text` could be delivered: one `@`, a local part of up to 64 bytes, a domain of dot-separated
    /// labels, at most 254 bytes in all (RFC 5321 section 4.5.3.1), and no invisible characters.
    public init?(_ text: String) {
        let composed = text.trimmed.composed
        let parts = composed.split(atByte: "@", omittingEmptySubsequences: false)
        guard composed.utf8.count <= 254, parts.count == 2, (1...64).contains(parts[0].utf8.count),
            !Self.beginsWithMark(parts[0]),
            parts[1].split(atByte: ".", omittingEmptySubsequences: false).allSatisfy(Self.isLabel),
            composed.unicodeScalars.allSatisfy(Self.isAllowed)
        else { return nil }
        self.text = composed
    }

    fileprivate init(unchecked text: String) { self.text = text }

    private static func isLabel(_ label: Substring) -> Bool {
        (1...63).contains(label.utf8.count) && !label.starts(withBytes: "-") && !label.ends(withBytes: "-")
            && !beginsWithMark(label)
    }

    /// A combining mark would be drawn on the preceding `@` or dot (RFC 5891 section 4.2.3.2 rejects it).
    private static func beginsWithMark(_ part: Substring) -> Bool {
        switch part.unicodeScalars.first?.properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark: true
        default: false
        }
    }

    private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.properties.isWhitespace || scalar.isHidden { return false }
        switch scalar.properties.generalCategory {
        case .privateUse, .surrogate, .unassigned: return false
        // The last five are variants of `@` and the dot.
        default: return !"()<>[]:;,\\\"\u{FF20}\u{FE6B}\u{3002}\u{FF0E}\u{FF61}".unicodeScalars.contains(scalar)
        }
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
