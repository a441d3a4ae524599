import Glibc
import Models
import Storage
import Wire

/// The backups of one installation in one folder, each named for its time. What did not change from one to the next is
/// there once.
public struct BackupSeries {
    let folder: String

    public init(in folder: String) { self.folder = BackupFiles.resolved(folder) }

    private static let prefix = "backup-"

    /// Those that are complete, oldest first.
    public var names: [String] {
        BackupFiles.names(in: folder).filter {
            $0.starts(withBytes: Self.prefix) && BackupFiles.exists("\(folder)/\($0)/\(BackupManifest.name)")
        }
    }

    /// Makes the next one, and removes the oldest when there are more than `keep` then. Makes the folder, if need be.
    ///
    /// - Parameter isWanted: is asked when no other process makes one any more; false for nothing to be made.
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

    /// A time for names: 20261130T080200.123Z
    static func digits(of time: Timestamp) -> String {
        String(
            decoding: time.description.utf8.filter { $0 != UInt8(ascii: "-") && $0 != UInt8(ascii: ":") }, as: UTF8.self
        )
    }

    /// Removes what processes that were killed have left, and what is not wanted any more.
    private func sweep() {
        for name in BackupFiles.names(in: folder)
        where name.starts(withBytes: "." + Self.prefix)
            && (name.ends(withBytes: Self.removed) || name.ends(withBytes: ".partial"))
        {
            BackupFiles.remove("\(folder)/\(name)")
        }
    }
}

/// What the installation remembers of its backups.
public struct BackupRecord {
    private static let name = "last_backup"

    /// The moment whose state the last backup has that was completed.
    public static func last(in store: Store) throws -> Timestamp? {
        try store.settings.value(name).flatMap { Int64($0) }.map { Timestamp(milliseconds: $0) }
    }

    /// Writes down that one was completed.
    public static func note(_ report: BackupMaker.Report, in store: Store) throws {
        try store.write { try store.settings.set(name, to: "\(report.manifest.createdAt.milliseconds)") }
    }
}
