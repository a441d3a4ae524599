import Backups
import Endpoint
import Models
import Platform
import Storage
import Wire

/// Creates a backup while the installation runs, verifies one, or restores one. It has no route: operators call it,
/// usually through `runner backup` and `runner restore`.
@main struct Backup: Function {
    static let route = Route.internal(summary: "Back up the installation, or restore it").timeout(seconds: 86_400)
    static let access = Access.operator

    enum Action: String, JSONWord, Sendable { case create, verify, restore, checkpoint, status }

    struct Input: FunctionInput {
        let action: Action
        let path: String?
        let incremental: Bool
        let replace: Bool

        init(from fields: inout Fields) {
            action =
                fields.optional(
                    "action", .oneOf(example: Action.create),
                    "`create` if absent. `checkpoint` empties the write-ahead log; `status` says when the last backup was."
                ) ?? .create
            path = fields.optional(
                "path", Backup.filePath,
                "The backup: a folder, or a file that ends in .tar. If absent, `create` makes a new folder in BACKUP_DIR."
            )
            incremental =
                fields.optional("incremental", .flag, "Update the backup in the folder.") ?? false
            replace = fields.optional("replace", .flag, "Move existing data aside.") ?? false
        }
    }

    private static let filePath = ValueType<String>.string(1...4000, example: "/mnt/backup/today", format: nil) {
        path throws(Invalid) in
        if path.utf8.contains(0) { throw Invalid("must not contain NUL") }
        return path
    }

    static func handle(_ input: Input, by _: Void, in call: Call) throws -> BackupReport {
        let directory = call.configuration.dataDirectory
        let progress = BackupProgress { Log.write(.info, $0) }
        switch input.action {
        case .create:
            let policy = call.configuration.backups
            guard let folder = input.path ?? policy.folder else {
                throw APIError.validation("path", "is required where BACKUP_DIR names no folder")
            }
            try requireFile(in: call)
            let maker = BackupMaker(of: directory, version: productVersion, progress: progress)
            let report = try create(input, in: folder, by: maker, policy)
            try? BackupRecord.note(report, in: call.store)
            return BackupReport(report)
        case .verify:
            let path = try path(of: input)
            return BackupReport(path: path, try BackupCheck(progress: progress).check(path))
        case .restore:
            let path = try path(of: input)
            try requireFile(in: call)
            let report = try Restoration(into: directory, progress: progress).restore(path, replacing: input.replace)
            return BackupReport(path: path, report.manifest, putAside: report.putAside)
        case .checkpoint:
            if call.configuration.databaseServer == nil { try DatabaseCopy.checkpoint(in: directory) }
            return BackupReport()
        case .status:
            let last = try BackupRecord.last(in: call.store)
            let isOverdue = call.configuration.backups.isOverdue(after: last, at: call.now)
            return BackupReport(lastAt: last, at: call.now, isOverdue: isOverdue)
        }
    }

    /// A server has its own programs for backups.
    private static func requireFile(in call: Call) throws {
        if call.configuration.databaseServer == nil { return }
        throw APIError.validation(
            "action",
            "is not for a database on a PostgreSQL server (DATABASE_URL): use pg_dump and pg_restore; with BLOBS=files, copy the uploaded files after the database"
        )
    }

    /// - Parameter folder: where the backup goes: the path of the input, or the folder of the series.
    private static func create(
        _ input: Input, in folder: String, by maker: BackupMaker, _ policy: BackupPolicy
    ) throws -> BackupMaker.Report {
        if input.path != nil { return try maker.make(folder, incremental: input.incremental) }
        guard let report = try BackupSeries(in: folder).makeNext(by: maker, keep: policy.keep) else {
            throw APIError.internalError(cause: "the series made no backup")
        }
        return report
    }

    private static func path(of input: Input) throws -> String {
        guard let path = input.path else { throw APIError.validation("path", "is required") }
        return path
    }
}

/// The result; fields that do not apply are left out.
struct BackupReport: DataReply, Shaped {
    var path: String?
    var createdAt: Timestamp?
    var version: String?
    var documents: Int?
    var files: Int?
    var bytes: Int?
    var copiedBytes: Int?
    var putAside: String?
    var place: String?
    var ageSeconds: Int?
    var isOverdue: Bool?

    init() {}

    init(lastAt: Timestamp?, at now: Timestamp, isOverdue: Bool) {
        self.isOverdue = isOverdue
        createdAt = lastAt
        ageSeconds = lastAt.map { max(0, Int(now.seconds - $0.seconds)) }
    }

    init(path: String, _ manifest: BackupManifest, putAside: String? = nil) {
        self.path = path
        createdAt = manifest.createdAt
        version = manifest.version
        documents = manifest.documents
        files = manifest.files.count
        bytes = Int(manifest.bytes)
        place = manifest.place
        self.putAside = putAside
    }

    init(_ report: BackupMaker.Report) {
        self.init(path: report.path, report.manifest)
        copiedBytes = Int(report.copiedBytes)
    }

    static let shape = Shape<BackupReport>(
        "BackupReport",
        [
            .optional("path", "The backup.") { $0.path },
            .optional("createdAt", "When its snapshot was taken.") { $0.createdAt },
            .optional("version", "The version of the program that made it.") { $0.version },
            .optional("documents", "Documents in it.") { $0.documents },
            .optional("files", "Files in it, including the database.") { $0.files },
            .optional("bytes", "The total size of its files, in bytes.") { $0.bytes },
            .optional("copiedBytes", "Bytes that were copied, not linked.") { $0.copiedBytes },
            .optional("putAside", "Where the previous data was moved to.") { $0.putAside },
            .optional("place", "Where uploaded files are that are not in it: in its database, or in S3.") { $0.place },
            .optional("ageSeconds", "How old it is.") { $0.ageSeconds },
            .optional("isOverdue", "Whether the backup that BACKUP_EVERY schedules is late.") { $0.isOverdue },
        ])
}
