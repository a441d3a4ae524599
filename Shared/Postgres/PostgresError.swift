import Wire

/// Why a server could not be used, or what it answered.
public struct PostgresError: Error, Sendable {
    public enum Kind: Sendable {
        /// The address, the password file, or an option that this build cannot fulfil.
        case configuration
        /// No connection: an unknown name, a refused connection, no answer in time.
        case unreachable
        /// The login ended before a secret was sent, or the server could not prove that it knows the password.
        case authentication
        /// The server reported an error: see `sqlState`.
        case server
        /// The connection was closed or reset.
        case connectionLost
        /// The server did not answer in time. The connection has been closed, which cancels the statement.
        case timeout
        /// The server sent something malformed, unexpected or too large.
        case protocolViolation
        /// The server answered ROLLBACK to COMMIT: a statement of the transaction had failed.
        case rolledBack
        /// A column has a type that cannot be read.
        case unreadableType
        /// A call that is never possible, such as a statement within the rows of another.
        case misuse
    }

    public enum Severity: Sendable {
        case error
        /// The server has ended the session.
        case fatal
        /// The server has ended all sessions.
        case panic
    }

    public var kind: Kind
    /// For `.server`.
    public var sqlState: SQLState?
    /// For `.server`.
    public var severity: Severity?
    /// In the server's words, or ours. Never has a password, but may quote values of the statement.
    public var message: String
    /// NB: may have values of rows, so neither clients nor logs should get it.
    public var detail: String?
    public var hint: String?
    public var constraint: String?
    public var table: String?
    public var column: String?
    /// Whether the server may or may not have done what it was asked to: COMMIT, or a statement outside a transaction,
    /// was sent and not answered.
    public var isOutcomeUnknown = false
    /// Whether the transaction has changed nothing and may be run again on this connection: after a conflict with
    /// another one (40001, 40P01), or because the server did not know a prepared statement and the next attempt will
    /// do without it.
    public var mayRunAgain = false
    /// Whether the next attempt will prepare the statement differently.
    var isAboutPreparedStatement = false

    init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }

    /// Whether the connection cannot be used any more.
    var endsConnection: Bool {
        switch kind {
        case .connectionLost, .timeout, .protocolViolation, .unreachable, .authentication: true
        case .server: severity != .error
        case .configuration, .rolledBack, .unreadableType, .misuse: false
        }
    }
}

extension PostgresError: CustomStringConvertible {
    /// For logs.
    public var description: String {
        var text = message
        if let sqlState { text += " (SQLSTATE \(sqlState))" }
        if let constraint { text += "; constraint \(constraint)" }
        if let hint { text += "; hint: \(hint)" }
        return text
    }
}

/// The five characters of an error code (PostgreSQL's documentation, appendix A).
public struct SQLState: Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
    private let bytes: UInt64

    public init(stringLiteral text: StaticString) {
        self.init(Bytes(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// Characters after the fifth are ignored.
    init(_ text: Bytes) { bytes = text.prefix(5).reduce(0) { $0 << 8 | UInt64($1) } }

    /// The first two characters, which name a class of errors, such as `08` for failed connections.
    public var classCode: String { String(decoding: characters.prefix(2), as: UTF8.self) }

    public var description: String { String(decoding: characters, as: UTF8.self) }

    private var characters: [UInt8] {
        stride(from: 32, through: 0, by: -8).map { UInt8(truncatingIfNeeded: bytes >> UInt64($0)) }.filter { $0 != 0 }
    }

    static let serializationFailure: SQLState = "40001"
    static let deadlockDetected: SQLState = "40P01"
    /// The server has no prepared statement of this name.
    static let invalidStatementName: SQLState = "26000"
    /// The server has a prepared statement of this name already.
    static let duplicateStatement: SQLState = "42P05"
    /// Also for a prepared statement whose columns have changed since.
    static let featureNotSupported: SQLState = "0A000"
}
