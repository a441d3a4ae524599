import Glibc
import Models
import Storage
import Wire

/// Makes backups of an installation while it is in use.
///
/// It copies the database from one snapshot, then the files of the documents in that copy. A lock (`BlobLock`) keeps
/// files from being removed in between. A backup has a hidden name until it is complete, and its manifest is written
/// last: a backup is complete or absent.
public struct BackupMaker {
    let dataDirectory: String
    let version: String
    let progress: BackupProgress

    public struct Report: Sendable {
        public var path: String
        public var manifest: BackupManifest
        /// Bytes of new files that could not be linked.
        public var copiedBytes: Int64
    }

    /// How long to wait while another process removes files, and how often to check for signals, in milliseconds.
    private static let patience = 30_000
    private static let tick = 100

    /// - Parameter version: this program's version.
    public init(of dataDirectory: String, version: String, progress: BackupProgress) {
        self.dataDirectory = BackupFiles.resolved(dataDirectory)
        self.version = version
        self.progress = progress
    }

    /// Makes a backup at `path`: an archive if the path ends in `.tar`, otherwise a folder.
    ///
    /// - Parameter incremental: updates the backup in that folder, if there is one. Existing files are not copied
    ///   again.
    public func make(_ path: String, incremental: Bool) throws -> Report {
        let path = BackupFiles.resolved(path)
        return try holding {
            if path.ends(withBytes: ".tar") {
                guard !incremental else {
                    throw APIError.validation(
                        "incremental", "works only with folders; an archive is written completely")
                }
                return try makeArchive(path)
            }
            return try makeFolder(path, renewing: incremental)
        }
    }

    /// Runs `body` while uploaded files cannot be removed and no other backup of the installation is made.
    func holding<T>(_ body: () throws -> T) throws -> T {
        guard BackupFiles.exists("\(dataDirectory)/\(BackupManifest.database)") else {
            throw APIError(
                .notFound,
                "\(dataDirectory) contains no installation; set DATA_DIR, or use the runner's --data")
        }
        let lock = try lock()
        return try withExtendedLifetime(lock) { try body() }
    }

    private func lock() throws -> BlobLock {
        for _ in 0..<(Self.patience / Self.tick) {
            if let lock = BlobLock(in: dataDirectory, waiting: Self.tick) { return lock }
            guard errno == EWOULDBLOCK else { throw BackupFiles.failure(dataDirectory, "cannot be locked") }
            try progress.advance(0)
        }
        throw APIError(.conflict, "Another backup of \(dataDirectory) is running; try again when it has finished")
    }

    // MARK: The place

    /// Throws unless a backup can be made at `path`.
    private func checkPlace(_ path: String) throws {
        let parent = BackupFiles.place(of: path).folder
        guard BackupFiles.isFolder(parent) else {
            throw APIError(.notFound, "The folder \(parent) does not exist; create it, or mount its disk")
        }
        let inside = path.hasSameBytes(as: dataDirectory) || path.starts(withBytes: dataDirectory + "/")
        if inside {
            throw APIError.validation(
                "path", "is inside the data folder; choose one outside, preferably on another disk")
        }
    }

    /// Throws if the existing backup belongs to another installation: DATA_DIR may be wrong.
    func checkInstallation(of backup: String) throws {
        guard let other = try? BackupManifest.find(in: backup)?.installation, let installation,
            !other.hasSameBytes(as: installation)
        else { return }
        throw APIError(
            .conflict,
            "\(backup) is not a backup of \(dataDirectory) but of another installation. "
                + "Set DATA_DIR (or the runner's --data) to the right one, or choose another backup folder")
    }

    /// The installation's id; nil if it has none and none can be written, as on a full disk.
    private var installation: String? {
        try? DatabaseCopy.installation(of: "\(dataDirectory)/\(BackupManifest.database)")
    }

    /// The name of an unfinished backup.
    static func unfinished(_ path: String) -> String {
        let (folder, name) = BackupFiles.place(of: path)
        return "\(folder)/.\(name).partial"
    }

    // MARK: Folders

    /// - Parameter previous: the backup whose files are linked.
    func makeFolder(_ path: String, renewing: Bool, previous: String? = nil) throws -> Report {
        try checkPlace(path)
        let partial = Self.unfinished(path)
        BackupFiles.recover(path, from: partial)
        let isBackup = BackupFiles.exists("\(path)/\(BackupManifest.name)")
        let isFree = !BackupFiles.exists(path) || (BackupFiles.isFolder(path) && BackupFiles.names(in: path).isEmpty)
        guard (isFree || (isBackup && renewing)) && !BackupFiles.isMountPoint(path) else {
            throw APIError(
                .conflict,
                isBackup
                    ? "\(path) already contains a backup; update it with --incremental, or choose another folder"
                    : "\(path) already exists and is not a backup; choose another folder, such as \(path)/today")
        }
        if isBackup { try checkInstallation(of: path) }
        BackupFiles.remove(partial)
        do {
            let report = try fill(partial, for: path, previous: isBackup ? path : previous)
            if isBackup { try BackupFiles.exchange(partial, with: path) } else { try Self.rename(partial, to: path) }
            progress.complete()
            BackupFiles.syncFolder(BackupFiles.place(of: path).folder)
            BackupFiles.remove(partial)
            return report
        } catch {
            BackupFiles.remove(partial)
            throw error
        }
    }

    private func fill(_ folder: String, for path: String, previous: String?) throws -> Report {
        try BackupFiles.makeFolder(folder)
        let (manifest, copiedBytes) = try describe(databaseAt: "\(folder)/\(BackupManifest.database)") { file in
            let target = "\(folder)/\(file.path)"
            try BackupFiles.makeFolder("\(folder)/blobs")
            try BackupFiles.makeFolder(BackupFiles.place(of: target).folder)
            // If a file in the previous backup is corrupted, take it from the data folder.
            for source in [previous, dataDirectory].compactMap({ $0 })
            where BackupFiles.link("\(source)/\(file.path)", to: target, holding: file.contents, progress) {
                return nil
            }
            return try BackupFiles.copy("\(dataDirectory)/\(file.path)", to: target, progress)
        }
        let file = "\(folder)/\(BackupManifest.name)"
        let descriptor = try BackupFiles.openToWrite(file)
        defer { close(descriptor) }
        // NB: the manifest must not reach the disk before the files it lists.
        try BackupFiles.syncFileSystem(of: folder)
        try BackupFiles.write(manifest.text, to: descriptor, of: file)
        try BackupFiles.syncFileSystem(of: folder)
        return Report(path: path, manifest: manifest, copiedBytes: copiedBytes)
    }

    private static func rename(_ path: String, to target: String) throws {
        guard Glibc.rename(path, target) == 0 else { throw BackupFiles.failure(target, "cannot be made") }
    }

    // MARK: Archives

    private func makeArchive(_ path: String) throws -> Report {
        try checkPlace(path)
        guard !BackupFiles.exists(path) else {
            throw APIError(.conflict, "\(path) already exists; remove it, or choose another file")
        }
        let partial = Self.unfinished(path)
        let database = partial + ".db"
        defer { for file in [database, partial] { BackupFiles.remove(file) } }
        for file in [database, partial] { BackupFiles.remove(file) }
        let archive = try TarWriter(partial, time: .now())
        defer { archive.close() }
        let (manifest, _) = try describe(
            databaseAt: database, copied: { _ = try archive.add(database, as: BackupManifest.database, progress) }
        ) { file in
            try archive.add("\(dataDirectory)/\(file.path)", as: file.path, progress)
        }
        try archive.add(manifest.text, as: BackupManifest.name)
        try archive.finish()
        try Self.rename(partial, to: path)
        progress.complete()
        BackupFiles.syncFolder(BackupFiles.place(of: path).folder)
        return Report(path: path, manifest: manifest, copiedBytes: manifest.bytes)
    }

    // MARK: What it holds

    /// Copies the database, calls `copied`, and then calls `keep` for every other file in order. `keep` returns what it
    /// read of the file, or nil if it linked an intact one.
    private func describe(
        databaseAt path: String, copied: () throws -> Void = {},
        _ keep: (BackupManifest.File) throws -> BackupFiles.Contents?
    ) throws -> (BackupManifest, copiedBytes: Int64) {
        // Before the copy, so that the copy contains it.
        let installation = installation
        let createdAt = Timestamp.now()
        try copyDatabase(to: path)
        var status = stat()
        progress.begin("Reading the copy of the database", total: stat(path, &status) == 0 ? Int64(status.st_size) : 0)
        let contents = try BackupFiles.contents(of: path, progress)
        var files = [BackupManifest.File(path: BackupManifest.database, size: contents.size, sha256: contents.sha256)]
        try copied()
        let copy = try DatabaseCopy(at: path)
        try copy.eachFile { sha256, size in
            files.append(BackupManifest.File(path: BackupManifest.path(of: sha256), size: size, sha256: sha256))
        }
        progress.begin("Copying files", total: files.dropFirst().reduce(0) { $0 + $1.size })
        var copiedBytes = contents.size
        for file in files.dropFirst() {
            copiedBytes += try keepingWhole(file, copy, keep)?.size ?? 0
        }
        let manifest = BackupManifest(
            version: version, installation: installation, schemaVersion: try copy.schemaVersion, createdAt: createdAt,
            documents: try copy.documentCount, place: try copy.place, files: files)
        return (manifest, copiedBytes)
    }

    private func copyDatabase(to path: String) throws {
        progress.begin("Copying the database", total: 0)
        do {
            try DatabaseCopy.make(of: "\(dataDirectory)/\(BackupManifest.database)", at: path) { done, total in
                try progress.reach(done, of: total)
            }
        } catch let error as APIError {
            guard let cause = error.cause else { throw error }
            throw APIError(.serviceUnavailable, "The database cannot be copied to \(path): \(cause)")
        }
    }

    /// Throws if a document's file differs from what was uploaded: a backup with it could not be restored.
    private func keepingWhole(
        _ file: BackupManifest.File, _ copy: DatabaseCopy, _ keep: (BackupManifest.File) throws -> BackupFiles.Contents?
    ) throws -> BackupFiles.Contents? {
        let source = "\(dataDirectory)/\(file.path)"
        var status = stat()
        if lstat(source, &status) == 0 {
            let kept = Int64(status.st_size) == file.size ? try keep(file) : BackupFiles.Contents(size: -1, sha256: "")
            guard let kept else { return nil }
            if kept == file.contents { return kept }
        }
        let documents = try copy.documents(with: file.sha256)
        let names = documents.prefix(5).joined(separator: ", ") + (documents.count > 5 ? ", …" : "")
        throw APIError(
            .conflict,
            "The file \(source) of \(names) is missing or damaged, so a backup would be incomplete. "
                + "Restore the file from an earlier backup, or delete its documents")
    }
}
