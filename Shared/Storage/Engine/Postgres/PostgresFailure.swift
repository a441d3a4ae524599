import Models
import Postgres

extension PostgresError {
    /// Maps SQLSTATEs to errors, the only place that does. The server's message is for the log only.
    /// https://www.postgresql.org/docs/current/errcodes-appendix.html
    var apiError: APIError {
        let cause = "PostgreSQL: \(description)"
        if isOutcomeUnknown {
            return APIError(
                .serviceUnavailable,
                "The connection to the database was lost; check whether the change was saved before you send it again",
                cause: cause)
        }
        switch kind {
        case .server: return meaning(cause)
        case .misuse, .unreadableType: return .internalError(cause: cause)
        // Statements take long when they wait for the rows of others.
        case .timeout: return Self.busy(cause)
        case .configuration, .unreachable, .authentication, .connectionLost, .protocolViolation, .rolledBack:
            return Self.unusable(cause)
        }
    }

    private func meaning(_ cause: String) -> APIError {
        guard let state = sqlState else { return .internalError(cause: cause) }
        if isReadOnly { return .readOnly(cause: cause) }
        switch state {
        case "23505": return APIError(.conflict, "Already exists", cause: cause)
        case "23503": return .parentRemoved(cause: cause)
        case "40001", "40P01", "55P03": return Self.busy(cause)
        case "22021", "22P05": return .unstorableText(cause: cause)
        default: break
        }
        switch state.classCode {
        // Connection, resources, operator intervention, system errors.
        case "08", "53", "57", "58": return Self.unusable(cause)
        default: return .internalError(cause: cause)
        }
    }

    private static func busy(_ cause: String) -> APIError {
        APIError(.serviceUnavailable, "The database is busy; try again in a moment", cause: cause)
    }

    private static func unusable(_ cause: String) -> APIError {
        APIError(.serviceUnavailable, "The database cannot be used at the moment", cause: cause)
    }

    /// Whether a table or column is not there, because another version of the program has migrated the database.
    var suggestsOtherSchema: Bool { sqlState == "42P01" || sqlState == "42703" }

    /// Whether the server accepts no writes, such as one that follows another.
    var isReadOnly: Bool { sqlState == "25006" }
}

extension APIError {
    static func readOnly(cause: String) -> APIError {
        APIError(.serviceUnavailable, "The database is read-only at the moment", cause: cause)
    }

    /// PostgreSQL stores every character but U+0000.
    static func unstorableText(cause: String) -> APIError {
        APIError(.validation, "Text must be Unicode without the character U+0000", cause: cause)
    }
}
