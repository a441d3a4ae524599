import TestSupport

@testable import Storage

extension DatabaseServer {
    /// The server with the database of a test's data folder, which is created if needed; nil if tests use SQLite.
    static func forTests(of folder: String) throws -> DatabaseServer? {
        let variables = try TestDatabase.variables(for: folder)
        guard let url = variables["DATABASE_URL"] else { return nil }
        try TestDatabase.create(for: folder)
        return try DatabaseServer(url: url, direct: variables["DATABASE_DIRECT_URL"], environment: { _ in nil })
    }
}

extension Store {
    /// A store in a data folder. Several of one folder act like several processes.
    static func forTests(in folder: String, blobs: BlobLocation = .files) throws -> Store {
        try Store(directory: folder, server: try .forTests(of: folder), blobs: blobs)
    }
}

extension Database {
    /// A database with the table `things (name)`. Several of one path act like several processes.
    static func forTests(at path: String) throws -> Database {
        if let server = try DatabaseServer.forTests(of: path) {
            let database = try Database(server: server, timeout: 5000)
            try database.script("CREATE TABLE IF NOT EXISTS things (name TEXT)")
            return database
        }
        let database = try Database(path: path, busyTimeout: 0)
        try database.script("PRAGMA journal_mode = WAL; CREATE TABLE IF NOT EXISTS things (name TEXT)")
        return database
    }
}
