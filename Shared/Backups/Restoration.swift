import CPlatform
import Glibc
import Models
import Storage
import Wire

/// Puts an installation back from a backup.
///
/// The data folder is made beside the old one, or inside of it where it is a disk of its own; it is checked as a whole,
/// and takes its place at once. What was there is put aside, never removed.
public struct Restoration {
    let directory: String
    let progress: BackupProgress

    public struct Report: Sendable {
        public var manifest: BackupManifest
        /// Where the data is now that was there before.
        public var putAside: String?
    }

    public init(into dataDirectory: String, progress: BackupProgress) {
        directory = BackupFiles.resolved(dataDirectory)
        self.progress = progress
    }

    /// - Parameter replacing: whether data that is there already is put aside.
    public func restore(_ backup: String, replacing: Bool) throws -> Report {
        let backup = BackupFiles.resolved(backup)
        let (parent, name) = BackupFiles.place(of: directory)
        guard BackupFiles.isFolder(parent) else {
            throw APIError(.notFound, "There is no folder \(parent); make it, or mount the disk that it is on")
        }
        // First, so that nobody puts data aside for a backup that there is not.
        let check = BackupCheck(progress: progress)
        let announced = try check.manifest(of: backup)
        guard announced.schemaVersion <= Store.schemaVersion else {
            throw APIError(
                .conflict,
                "\(backup) was made by version \(announced.version), which is newer than this one; install that version"
            )
        }
        guard !"\(backup)/".starts(withBytes: "\(directory)/") else {
            throw APIError(.conflict, "The backup is in \(directory) itself; move it out of there first")
        }
        let staging = isPlaceOfItsOwn ? "\(directory)/.restoring" : "\(parent)/.\(name).restoring"
        let isOccupied = !entries.isEmpty
        guard !isOccupied || replacing else {
            throw APIError(
                .conflict,
                "\(directory) holds data already. With --force it is put aside first; or name another folder with --data"
            )
        }
        // Early, so that nobody waits for what cannot be.
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

    /// Whether the folder cannot be renamed, because something is mounted there, or its parent is not ours.
    private var isPlaceOfItsOwn: Bool {
        BackupFiles.exists(directory)
            && (BackupFiles.isMountPoint(directory) || access(BackupFiles.place(of: directory).folder, W_OK) != 0)
    }

    /// What the folder holds, but for what belongs to a disk or to an earlier attempt.
    private var entries: [String] {
        BackupFiles.names(in: directory).filter {
            $0 != "lost+found" && $0 != ".restoring" && !$0.starts(withBytes: "replaced-")
        }
    }

    /// Gives the new folder its place. Returns where the old one is.
    private func place(_ staging: String) throws -> String? {
        // Whatever the log holds comes into the file, so that the two cannot be parted.
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
        // NB: wherever it is killed, the old data has its own name or the one that is printed.
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
            // The database first: without it, nothing of the rest is used.
            for name in [BackupManifest.database] + old.filter({ $0 != BackupManifest.database })
            where BackupFiles.exists("\(directory)/\(name)") {
                try rename("\(directory)/\(name)", to: "\(aside)/\(name)")
            }
        }
        let blobs = "\(staging)/blobs"
        if BackupFiles.exists(blobs) { try rename(blobs, to: "\(directory)/blobs") }
        // Last, and not over one that somebody else has made since.
        let database = "\(directory)/\(BackupManifest.database)"
        guard
            renameat2(AT_FDCWD, "\(staging)/\(BackupManifest.database)", AT_FDCWD, database, BackupFiles.notReplacing)
                == 0
        else { throw BackupFiles.failure(database, "cannot be put in its place") }
        rmdir(staging)
        return old.isEmpty ? nil : aside
    }

    private func rename(_ path: String, to target: String) throws {
        guard Glibc.rename(path, target) == 0 else { throw BackupFiles.failure(target, "cannot be made") }
    }
}
