import Glibc
import Models
import Storage
import Wire

/// The backups of one installation in one folder, each named by its time. Unchanged files are stored once.
public struct BackupSeries {
    let folder: String

    public init(in folder: String) { self.folder = BackupFiles.resolved(folder) }

    private static let prefix = "backup-"

    /// The complete backups, oldest first.
    public var names: [String] {
        BackupFiles.names(in: folder).filter {
            $0.starts(withBytes: Self.prefix) && BackupFiles.exists("\(folder)/\($0)/\(BackupManifest.name)")
        }
    }

    /// Makes the next backup, and removes the oldest ones beyond `keep`. Creates the folder if needed.
    ///
    /// - Parameter isWanted: called once no other process makes a backup; return false to make none.
    public func makeNext(
        by maker: BackupMaker, keep: Int, if isWanted: () throws -> Bool = { true }
    ) throws -> BackupMaker.Report? {
        try maker.holding {
            guard try isWanted() else { return nil }
            if !BackupFiles.isFolder(folder) { try BackupFiles.makeFolder(folder) }
            let previous = names.last.map { "\(folder)/\($0)" }
            if let previous { try maker.checkInstallation(of: previous) }
            sweep()
            let digits = BackupSeries.digits(of: .now())
            let report = try maker.makeFolder(
                "\(folder)/\(Self.prefix)\(digits)", renewing: false, previous: previous)
            for name in names.dropLast(keep) { rename("\(folder)/\(name)", "\(folder)/.\(name)\(Self.removed)") }
            sweep()
            return report
        }
    }

    private static let removed = ".removed"

    /// The form of times in names: 20261130T080200.123Z
    static func digits(of time: Timestamp) -> String {
        String(
            decoding: time.description.utf8.filter { $0 != UInt8(ascii: "-") && $0 != UInt8(ascii: ":") }, as: UTF8.self
        )
    }

    /// Removes remains of killed processes and surplus backups.
    private func sweep() {
        for name in BackupFiles.names(in: folder)
        where name.starts(withBytes: "." + Self.prefix)
            && (name.ends(withBytes: Self.removed) || name.ends(withBytes: ".partial"))
        {
            BackupFiles.remove("\(folder)/\(name)")
        }
    }
}

/// What an installation records about its backups.
public struct BackupRecord {
    private static let name = "last_backup"

    /// The snapshot time of the last completed backup.
    public static func last(in store: Store) throws -> Timestamp? {
        try store.settings.value(name).flatMap { Int64($0) }.map { Timestamp(milliseconds: $0) }
    }

    /// Records that a backup was completed.
    public static func note(_ report: BackupMaker.Report, in store: Store) throws {
        try store.write { try store.settings.set(name, to: "\(report.manifest.createdAt.milliseconds)") }
    }
}
