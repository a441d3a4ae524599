import Glibc
import Models

/// Brings a SQLite database file to the schema of this version of the code.
///
/// The file's `user_version` is the number of migrations applied. The missing ones run in order, in one exclusive
/// transaction, in the first process to arrive. A released migration never changes: it calls nothing that may change
/// later, only frozen functions (`MigrationFunctions`).
enum Migrations {
    static let all: [String] = [
        version1, version2, version3, version4, version5, version6, version7, version8, version9,
        version10, version11, version12,
    ]

    /// - Parameter mayBegin: whether an empty database may become a new installation.
    static func run(on database: Database, lockFile: String, mayBegin: Bool = true) throws {
        let connection = try database.sqlite
        if try isCurrent(database) {
            connection.schemaVersion = all.count
            return
        }
        if try !mayBegin && version(of: database) == 0 { throw DataFolder.isGone(cause: "the database is empty") }
        // Neither the switch to WAL nor the first migration can wait through SQLite's busy handler, so processes that
        // start simultaneously queue for a file lock.
        let lock = open(lockFile, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard lock >= 0, flock(lock, LOCK_EX) == 0 else {
            throw APIError(
                .serviceUnavailable, "The data folder cannot be written to", cause: "\(lockFile): errno \(errno)")
        }
        defer { close(lock) }
        defer { connection.schemaVersion = try? version(of: database) }
        if try isCurrent(database) { return }
        try database.script("PRAGMA journal_mode = WAL")
        try MigrationFunctions.register(on: connection)
        try database.maintain { try apply(to: database) }
    }

    private static func isCurrent(_ database: Database) throws -> Bool {
        let version = try version(of: database)
        if version > all.count {
            throw APIError(
                .serviceUnavailable, "A newer version of this program created the database; install that version",
                cause: "user_version is \(version), this program knows \(all.count)")
        }
        return version == all.count
    }

    private static func version(of database: Database) throws -> Int {
        try database.sqlite.userVersion()
    }

    /// Runs the missing migrations up to a version.
    static func apply(to database: Database, upTo version: Int = all.count) throws {
        for (index, migration) in all.enumerated().prefix(version).dropFirst(try self.version(of: database)) {
            try database.script(migration)
            try database.script("PRAGMA user_version = \(index + 1)")
        }
    }
}
