import Glibc
import Models
import Platform
import Postgres
import Wire

/// Copies an installation from the SQLite database in its folder to a PostgreSQL server, or back.
///
/// The source is read in one snapshot, and closed for writes before that (`TransferMark`). The target, which must be
/// empty, is written in one transaction. Every table is read back and compared before that is committed. So a transfer
/// is either complete, or has changed nothing.
public struct DatabaseTransfer {
    public enum Direction: Sendable { case to(DatabaseServer), from(DatabaseServer) }

    /// What has been copied of a table, or of the uploaded files.
    public struct Step: Sendable {
        /// The table, or `files`.
        public let name: String
        public var rows = 0
        public let total: Int
        public var bytes: Int64 = 0
        /// Whether it was copied and compared.
        public var isDone = false
    }

    public struct Report: Sendable {
        public fileprivate(set) var tables: [(name: String, rows: Int)] = []
        public fileprivate(set) var files = 0
        public fileprivate(set) var fileBytes: Int64 = 0
    }

    let directory: String
    let direction: Direction
    /// Where the target keeps uploaded files.
    let location: BlobLocation
    /// For connecting, in milliseconds.
    let timeout: Int
    /// How long the mark of a transfer that was killed keeps others from writing, in seconds.
    let leaseSeconds: Int
    let progress: (Step) throws -> Void
    /// How long processes may take until they know the mark, in milliseconds.
    var settling: Int64 = PostgresEngine.schemaCheckInterval + 1000

    /// - Parameters:
    ///   - directory: the data folder, with the database on one side, and perhaps uploaded files.
    ///   - location: where the target keeps uploaded files. If they are in a store of objects, they must stay there.
    ///   - progress: gets the state of a table now and then. If it throws, nothing is moved.
    public init(
        in directory: String, _ direction: Direction, blobs location: BlobLocation, timeout: Int, leaseSeconds: Int,
        progress: @escaping (Step) throws -> Void
    ) {
        (self.directory, self.direction, self.timeout) = (directory, direction, timeout)
        (self.location, self.leaseSeconds, self.progress) = (location, leaseSeconds, progress)
    }

    /// How long a statement may keep us waiting, in milliseconds: one that reads all rows of a table takes long.
    private static let patience = 3_600_000

    private var folder: DataFolder { DataFolder(path: directory) }

    /// Counts what would be copied. Throws if the target cannot be reached or is not empty.
    public func count() throws -> Report {
        let source = try openSource()
        try requireEmptyTarget()
        return try source.snapshot {
            var report = Report()
            for table in TransferTable.all { report.tables.append((table.text, try source.count(of: table))) }
            try TransferFiles.each(of: source) { _, size in
                report.files += 1
                report.fileBytes += size
            }
            return report
        }
    }

    /// Copies everything. Throws without a change if anything differs on both sides.
    public func run() throws -> Report {
        let source = try openSource()
        try requireEmptyTarget()
        let lease = try TransferLease(on: try openForMarks(), seconds: leaseSeconds)
        var isDecided = false
        let isFirst = !folder.hasDatabase
        let hadMarker = InstallationMarker(of: directory).exists
        do {
            try settle(lease)
            return try source.snapshot {
                try lockTables(of: source)
                return try copy(source, lease, &isDecided)
            }
        } catch {
            // If the commit itself has failed, the target tells.
            if isDecided, (try? requireEmptyTarget()) == nil { throw error }
            lease.end()
            if case .from = direction, isFirst { removeTarget(withMarker: !hadMarker) }
            throw error
        }
    }

    private func copy(_ source: Database, _ lease: TransferLease, _ isDecided: inout Bool) throws -> Report {
        let target = try openTarget()
        return try target.maintain {
            try lease.renew()
            try requireEmpty(target)
            try removePrefilled(target)
            var report = Report()
            for table in TransferTable.all {
                var step = Step(name: table.text, total: try source.count(of: table))
                let checksum = try TableCopy(table: table, source: source, target: target) { rows, bytes in
                    step.rows += rows
                    step.bytes += Int64(bytes)
                    try progress(step)
                    try lease.renewIfDue()
                }.run()
                try target.continueNumbers(of: table)
                step.isDone = true
                try progress(step)
                report.tables.append((table.text, checksum.rows))
            }
            try copyFiles(of: source, to: target, lease, &report)
            try lease.complete()
            isDecided = true
            return report
        }
    }

    private func copyFiles(
        of source: Database, to target: Database, _ lease: TransferLease, _ report: inout Report
    ) throws {
        let files = try TransferFiles(in: directory, from: source, to: target, location)
        var step = Step(name: "files", total: try TransferFiles.count(of: source))
        try TransferFiles.each(of: source) { sha256, size in
            try files.copy(sha256, size: Int(size)) { bytes in
                step.bytes += Int64(bytes)
                try progress(step)
                try lease.renewIfDue()
            }
            step.rows += 1
            report.fileBytes += size
        }
        try files.recordPlace()
        step.isDone = true
        try progress(step)
        report.files = step.rows
    }

    // MARK: Source

    private func openSource() throws -> Database {
        switch direction {
        case .to:
            guard folder.hasDatabase else {
                throw APIError(.notFound, "\(directory) has no database to copy; DATA_DIR names another folder?")
            }
            return try folder.openDatabase(timeout: timeout)
        case .from(let server):
            guard try version(of: server, "from") > 0 else {
                throw APIError.validation("from", "has no installation")
            }
            return try Database(server: server, timeout: Self.patience)
        }
    }

    /// Another connection to the source.
    private func openForMarks() throws -> Database {
        switch direction {
        case .to:
            return try Database(
                path: folder.database, queue: folder.writeQueue, busyTimeout: Int32(clamping: timeout),
                mayCreate: false)
        case .from(let server): return try Database(server: server, timeout: timeout)
        }
    }

    /// Waits until every process knows the mark. On SQLite, a write looks it up.
    private func settle(_ lease: TransferLease) throws {
        guard case .from = direction else { return }
        let end = Timestamp(milliseconds: Timestamp.now().milliseconds + settling)
        while Timestamp.now() < end {
            usleep(100_000)
            try progress(Step(name: "settings", total: 0))
            try lease.renewIfDue()
        }
    }

    /// NB: not settings, where the mark is.
    private static let lockedTables = SQL.permanentList(TransferTable.all.dropFirst().map(\.table))

    /// Waits for writes that are in progress on a server. The first statement of a snapshot, which begins after it.
    private func lockTables(of source: Database) throws {
        guard case .postgres(let engine) = source.engine else { return }
        _ = try engine.execute("LOCK TABLE \(Self.lockedTables) IN SHARE MODE")
    }

    // MARK: Target

    private func openTarget() throws -> Database {
        switch direction {
        case .to(let server): try Database(server: server, timeout: Self.patience)
        case .from: try folder.openDatabase(timeout: timeout, mayReplace: true)
        }
    }

    /// Makes nothing.
    private func requireEmptyTarget() throws {
        switch direction {
        case .to(let server):
            guard try version(of: server, "to") > 0 else { return }
            try requireEmpty(try Database(server: server, timeout: timeout))
        case .from:
            if folder.hasDatabase { try requireEmpty(try folder.openDatabase(timeout: timeout)) }
        }
    }

    private func requireEmpty(_ target: Database) throws {
        for table in TransferTable.all where !table.isPrefilled {
            guard try !target.exists("SELECT 1 FROM \(table.table) LIMIT 1") else {
                throw APIError(.conflict, "The target is not empty: \(table.text) has rows. Nothing was moved")
            }
        }
    }

    private func removePrefilled(_ target: Database) throws {
        try OldIndex(database: target).dropIfUnused()
        for table in TransferTable.all where table.isPrefilled { try target.run("DELETE FROM \(table.table)") }
    }

    /// Removes a database that was made for a transfer which has failed: it must not become a new installation.
    private func removeTarget(withMarker: Bool) {
        for suffix in ["", "-wal", "-shm"] { unlink(folder.database + suffix) }
        if withMarker { InstallationMarker(of: directory).remove() }
    }

    /// The version of the schema on a server; 0 if there is none.
    private func version(of server: DatabaseServer, _ field: String) throws -> Int {
        let connection: PostgresConnection
        do throws(PostgresError) {
            connection = try PostgresConnection(to: server.address, timeout: timeout)
        } catch {
            throw APIError.validation(field, "cannot be used: \(error.message)")
        }
        return try PostgresMigrations.state(of: connection).version
    }
}

extension Database {
    fileprivate func count(of table: TransferTable) throws -> Int {
        try value("SELECT count(*) \(table.rows)", as: Int.self) ?? 0
    }

    /// Makes PostgreSQL number new rows after those that were copied. SQLite does so by itself.
    fileprivate func continueNumbers(of table: TransferTable) throws {
        guard case .postgres = engine, let identity = table.identity else { return }
        let column = SQL(stringLiteral: identity)
        _ = try value(
            """
            SELECT setval(pg_get_serial_sequence(\(table.text), \(identity.description)),
                coalesce((SELECT max(\(column)) FROM \(table.table)), 0) + 1, FALSE)
            """, as: Int.self)
    }
}
