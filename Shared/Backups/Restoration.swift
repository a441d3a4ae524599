import CPlatform
import Glibc
import Models
import Storage
import Wire

/// Restores an installation from a backup.
///
/// The new data folder is built beside the old one (inside it if it is a mount), checked completely, and then swapped
/// in. The old data is moved aside, never removed.
public struct Restoration {
    let directory: String
    let progress: BackupProgress

    public struct Report: Sendable {
        public var manifest: BackupManifest
        /// Where the old data is now.
        public var putAside: String?
    }

    public init(into dataDirectory: String, progress: BackupProgress) {
        directory = BackupFiles.resolved(dataDirectory)
        self.progress = progress
    }

    /// - Parameter replacing: whether to move existing data aside.
    public func restore(_ backup: String, replacing: Bool) throws -> Report {
        let backup = BackupFiles.resolved(backup)
        let (parent, name) = BackupFiles.place(of: directory)
        guard BackupFiles.isFolder(parent) else {
            throw APIError(.notFound, "The folder \(parent) does not exist; create it, or mount its disk")
        }
        // Check the backup first, before anyone moves data aside for a backup that does not exist.
        let check = BackupCheck(progress: progress)
        let announced = try check.manifest(of: backup)
        guard announced.schemaVersion <= Store.schemaVersion else {
            throw APIError(
                .conflict,
                "\(backup) was made by version \(announced.version), which is newer than this one; install that version"
            )
        }
        guard !"\(backup)/".starts(withBytes: "\(directory)/") else {
            throw APIError(.conflict, "The backup is inside \(directory); move it elsewhere first")
        }
        let staging = isPlaceOfItsOwn ? "\(directory)/.restoring" : "\(parent)/.\(name).restoring"
        let isOccupied = !entries.isEmpty
        guard !isOccupied || replacing else {
            throw APIError(
                .conflict,
                "\(directory) already contains data. Move it aside with --force, or choose another folder with --data"
            )
        }
        // Fail early rather than after a long copy.
        _ = try DatabaseOwnership(in: directory)
        BackupFiles.remove(staging)
        try BackupFiles.makeFolder(staging)
        do {
            let manifest = try check.read(backup, into: staging)
            try BackupFiles.syncFileSystem(of: staging)
            let aside = try place(staging)
            progress.complete()
            return Report(manifest: manifest, putAside: aside)
        } catch {
            BackupFiles.remove(staging)
            throw error
        }
    }

    /// Whether the folder cannot be renamed, because it is a mount or its parent belongs to someone else.
    private var isPlaceOfItsOwn: Bool {
        BackupFiles.exists(directory)
            && (BackupFiles.isMountPoint(directory) || access(BackupFiles.place(of: directory).folder, W_OK) != 0)
    }

    /// The folder's entries, except those of the file system or of an earlier attempt.
    private var entries: [String] {
        BackupFiles.names(in: directory).filter {
            $0 != "lost+found" && $0 != ".restoring" && !$0.starts(withBytes: "replaced-")
        }
    }

    /// Moves the new folder into place. Returns where the old one is.
    private func place(_ staging: String) throws -> String? {
        // Empty the log into the database file, so that the two cannot be separated.
        try? DatabaseCopy.checkpoint(in: directory)
        let ownership = try DatabaseOwnership(in: directory)
        return try withExtendedLifetime(ownership) {
            let digits = BackupSeries.digits(of: .now())
            let (parent, name) = BackupFiles.place(of: directory)
            let aside =
                try staging.starts(withBytes: directory + "/")
                ? placeInside(staging, aside: "\(directory)/replaced-\(digits)")
                : placeBeside(staging, aside: "\(parent)/\(name).replaced-\(digits)")
            BackupFiles.syncFolder(directory)
            BackupFiles.syncFolder(parent)
            return aside
        }
    }

    private func placeBeside(_ staging: String, aside: String) throws -> String? {
        guard !entries.isEmpty else {
            BackupFiles.remove("\(directory)/.restoring")
            try rename(staging, to: directory)
            return nil
        }
        // NB: if the process is killed at any point, the old data has either its own name or the printed one.
        try rename(staging, to: aside)
        if BackupFiles.canExchange(aside, with: directory) { return aside }
        try rename(aside, to: staging)
        try rename(directory, to: aside)
        do {
            try rename(staging, to: directory)
        } catch {
            try rename(aside, to: directory)
            throw error
        }
        return aside
    }

    private func placeInside(_ staging: String, aside: String) throws -> String? {
        let old = entries
        if !old.isEmpty {
            try BackupFiles.makeFolder(aside)
            // The database first: without it, nothing else is used.
            for name in [BackupManifest.database] + old.filter({ $0 != BackupManifest.database })
            where BackupFiles.exists("\(directory)/\(name)") {
                try rename("\(directory)/\(name)", to: "\(aside)/\(name)")
            }
        }
        let blobs = "\(staging)/blobs"
        if BackupFiles.exists(blobs) { try rename(blobs, to: "\(directory)/blobs") }
        // The database comes last, and never replaces one that somebody else has created since.
        let database = "\(directory)/\(BackupManifest.database)"
        guard
            renameat2(AT_FDCWD, "\(staging)/\(BackupManifest.database)", AT_FDCWD, database, BackupFiles.notReplacing)
                == 0
        else { throw BackupFiles.failure(database, "cannot be moved into place") }
        rmdir(staging)
        return old.isEmpty ? nil : aside
    }

    private func rename(_ path: String, to target: String) throws {
        guard Glibc.rename(path, target) == 0 else { throw BackupFiles.failure(target, "cannot be made") }
    }
}
