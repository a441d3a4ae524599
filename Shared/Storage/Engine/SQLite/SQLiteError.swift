import CSQLite
import Models

/// A SQLite error with its typed result code, and its meaning for a caller.
struct SQLiteError {
    private let code: Int32
    private let message: String

    init(_ code: Int32, in handle: OpaquePointer?) {
        self.code = code
        message = String(cString: handle.map { sqlite3_errmsg($0) } ?? sqlite3_errstr(code))
    }

    /// Whether the connection must be discarded: it may have been opened read-only during a fault, or hold pages of a
    /// file that is damaged or gone.
    var endsConnection: Bool {
        switch code & 0xFF {
        case SQLITE_READONLY, SQLITE_IOERR, SQLITE_CANTOPEN, SQLITE_CORRUPT, SQLITE_NOTADB: true
        default: false
        }
    }

    /// Maps result codes to errors, the only place that does. The SQLite message is for the log only.
    var apiError: APIError {
        let cause = "SQLite \(code): \(message)"
        switch code & 0xFF {
        case SQLITE_BUSY, SQLITE_LOCKED:
            return APIError(.serviceUnavailable, "The database is busy; try again in a moment", cause: cause)
        case SQLITE_CONSTRAINT
        where code == sqlite3_nexlayer_constraint_unique || code == sqlite3_nexlayer_constraint_primary_key:
            return APIError(.conflict, "Already exists", cause: cause)
        case SQLITE_CONSTRAINT where code == sqlite3_nexlayer_constraint_foreign_key:
            return .parentRemoved(cause: cause)
        case SQLITE_FULL, SQLITE_CANTOPEN, SQLITE_IOERR, SQLITE_READONLY, SQLITE_CORRUPT, SQLITE_NOTADB:
            return APIError(.serviceUnavailable, "The database cannot be used at the moment", cause: cause)
        default:
            return .internalError(cause: cause)
        }
    }
}
