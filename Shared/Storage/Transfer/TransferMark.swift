import Crypto
import Models
import Wire

/// Keeps every process from writing to an installation that is being moved or was moved to another database. It is a
/// setting, so it is where the data is.
enum TransferMark: Equatable {
    /// A transfer reads it. If its process dies, the mark lapses.
    case running(id: String, until: Timestamp)
    case moved

    static let setting = "transfer"

    /// Nil for what no version has written.
    init?(stored: String) {
        let parts = stored.split(atByte: " ")
        switch parts.first {
        case "moved": self = .moved
        case "running":
            guard parts.count == 3, let until = Int64(parts[2]) else { return nil }
            self = .running(id: String(parts[1]), until: Timestamp(milliseconds: until))
        default: return nil
        }
    }

    var stored: String {
        switch self {
        case .running(let id, let until): "running \(id) \(until.milliseconds)"
        case .moved: "moved"
        }
    }

    /// Whether it still keeps others from writing.
    func holds(at now: Timestamp) -> Bool {
        switch self {
        case .running(_, let until): now < until
        case .moved: true
        }
    }

    /// Throws 503 if an installation with this setting must not be changed.
    static func refuseWrite(_ stored: String?) throws {
        guard let mark = stored.flatMap(TransferMark.init), mark.holds(at: .now()) else { return }
        switch mark {
        case .running:
            throw APIError(
                .serviceUnavailable,
                "The installation is being moved to another database; until that ends, it can only be read",
                headers: [("retry-after", "60")], cause: "a transfer is running")
        case .moved:
            throw APIError(
                .serviceUnavailable, "The installation was moved to another database; here it can only be read",
                headers: [("retry-after", "600")],
                cause: "transfer has copied it: set or unset DATABASE_URL. To go on here, call transfer with reopen")
        }
    }
}

/// The mark that a transfer holds, through a connection of its own: the other one reads a snapshot.
final class TransferLease {
    private let database: Database
    private let seconds: Int
    private let id = Hex.encode(secureRandomBytes(8))
    private var mark: TransferMark
    private var nextRenewal = Timestamp.now()

    /// Marks the installation. Writes that began before have ended when this returns.
    init(on database: Database, seconds: Int) throws {
        (self.database, self.seconds) = (database, seconds)
        database.ignoresTransfer = true
        mark = .running(id: id, until: .now() + seconds)
        try database.maintain {
            let settings = SettingStore(database: database)
            let found = try settings.value(TransferMark.setting).flatMap(TransferMark.init)
            switch found {
            case .moved:
                throw APIError(
                    .conflict, "The installation was already moved. To move it again, call transfer with reopen first")
            case .running where found?.holds(at: .now()) == true:
                throw APIError(.conflict, "Another transfer is running, or was killed a moment ago")
            default: try settings.set(TransferMark.setting, to: mark.stored)
            }
        }
        noteRenewal()
    }

    private func noteRenewal() {
        nextRenewal = Timestamp(milliseconds: Timestamp.now().milliseconds + Int64(seconds) * 250)
    }

    /// Renews the mark if a quarter of its time has passed.
    func renewIfDue() throws { if Timestamp.now() >= nextRenewal { try renew() } }

    func renew() throws {
        try become(.running(id: id, until: .now() + seconds))
        noteRenewal()
    }

    /// The copy is complete, and only has to be committed.
    func complete() throws { try become(.moved) }

    /// The installation can be changed again.
    func end() { _ = try? database.maintain { try remove() } }

    private func remove() throws {
        try database.run("DELETE FROM settings WHERE name = \(TransferMark.setting) AND value = \(mark.stored)")
    }

    /// Throws if the mark has lapsed or was removed: others may have written since.
    private func become(_ next: TransferMark) throws {
        let isHeld = try database.maintain {
            try database.run(
                """
                UPDATE settings SET value = \(next.stored)
                WHERE name = \(TransferMark.setting) AND value = \(mark.stored)
                """) > 0
        }
        let hasLapsed = !mark.holds(at: .now())
        if isHeld { mark = next }
        guard isHeld, !hasLapsed else {
            throw APIError(
                .conflict, "The transfer was too slow, or somebody has reopened the installation. Nothing was moved")
        }
    }
}

extension Store {
    /// Lets an installation be changed again that a transfer has read. A transfer that is running fails.
    ///
    /// - Returns: whether it was closed.
    public func reopen() throws -> Bool {
        database.ignoresTransfer = true
        defer { database.ignoresTransfer = false }
        return try database.maintain {
            try database.run("DELETE FROM settings WHERE name = \(TransferMark.setting)") > 0
        }
    }
}
