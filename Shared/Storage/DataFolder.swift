import Glibc
import Models
import Platform

/// The folder of an installation: `nexlayer.db` with its write-ahead log, `blobs/`, and lock files. With a PostgreSQL
/// server, the first two are there, and the folder has what belongs to one machine.
///
/// A marker file records that an installation was begun here, so that a folder that lost its data is not mistaken for a
/// new one. The first start needs no flag, which keeps pipes and tests simple; `runner serve --init` allows another
/// installation.
struct DataFolder {
    let path: String

    var database: String { "\(path)/nexlayer.db" }
    var writeQueue: String { "\(path)/write.lock" }
    var claims: String { "\(path)/claims.lock" }
    var hasDatabase: Bool { access(database, F_OK) == 0 }
    private var marker: InstallationMarker { InstallationMarker(of: path) }

    /// Creates the folder if needed. Returns true if a new installation may begin in it. Throws 503 if there was an
    /// installation and its data is gone.
    private func prepare() throws -> Bool {
        // NB: look for the marker first. It is created after the database, so if the marker exists, the database did
        // too.
        let wasHere = marker.exists
        if wasHere {
            guard hasDatabase else {
                throw Self.isGone(cause: "\(database) is missing; \(marker.path) says there was an installation")
            }
            return false
        }
        try create()
        return true
    }

    /// Creates the folder if needed.
    func create() throws {
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else {
            throw APIError(.serviceUnavailable, "The data folder cannot be created", cause: "\(path): errno \(errno)")
        }
    }

    /// Opens the database file. Creates it and migrates it if needed.
    ///
    /// - Parameters:
    ///   - timeout: how long to wait for another process's write, in milliseconds.
    ///   - mayReplace: whether a new database may take the place of one that is gone, because it gets the same data.
    func openDatabase(timeout: Int, mayReplace: Bool = false) throws -> Database {
        if mayReplace { try create() }
        let isNew = try (mayReplace && !hasDatabase) || prepare()
        let opened = try Database(
            path: database, queue: writeQueue, busyTimeout: Int32(clamping: timeout), mayCreate: isNew)
        try Migrations.run(on: opened, lockFile: "\(path)/migration.lock", mayBegin: isNew)
        try opened.sqlite.sharedMemory = SharedMemory(ofDatabase: database)
        mark()
        return opened
    }

    /// Records that an installation exists here.
    private func mark() { marker.create() }

    static func isGone(cause: String) -> APIError {
        APIError(
            .serviceUnavailable, "The data of this installation is missing: mount or restore the data folder",
            cause: "\(cause). To begin a new installation, run: runner serve --init")
    }
}
