import Models
import Wire

/// Uploaded files, keyed by the SHA-256 of their bytes, so identical files are stored once.
///
/// A file is put in place before the write that refers to it, and removed after the write that drops the last reference.
/// Its `place` keeps the two apart: a file cannot be removed while another process is about to refer to it.
public struct BlobStore {
    let place: any BlobPlace
    let database: Database
    private let location: BlobLocation
    /// The folder of the installation.
    let directory: String
    /// The bytes that uploads leave free on the disk; nil for `DiskSpace.defaultReserve`.
    let reserve: Int?

    init(_ location: BlobLocation, database: Database, directory: String, reserve: Int?) {
        (self.database, self.location, self.directory, self.reserve) = (database, location, directory, reserve)
        place =
            switch location {
            case .files: FileBlobs(directory: FileBlobs.folder(in: directory))
            case .database: RowBlobs(database: database)
            case .objects(let objects):
                ObjectBlobs(client: ObjectClient(objects), claims: FileClaims(database: database))
            }
    }

    /// Puts `bytes` in place, then runs `body`, which adds the reference, as one write (`writeConclusion`). If that
    /// fails, the file is removed.
    public func add<T>(_ bytes: [UInt8], sha256: String, _ body: () throws -> T) throws -> T {
        try requireRoom(for: bytes.count)
        guard try place.hold(sha256, size: bytes.count) else {
            throw APIError(
                .serviceUnavailable, "The file storage is busy; try again in a moment", cause: "lock of \(sha256)")
        }
        do {
            try place.put(bytes, as: sha256)
            let result = try database.writeConclusion {
                try claimPlace()
                try place.conclude(bytes, as: sha256)
                try database.send("DELETE FROM orphan_candidates WHERE sha256 = \(sha256)")
                return try body()
            }
            // The write may not commit until the response has been stored.
            database.afterWrite { isCommitted in
                place.release(sha256, size: bytes.count, isCommitted: isCommitted)
                if !isCommitted { takeBack(sha256) }
            }
            return result
        } catch {
            // A rollback does not remove the file.
            place.release(sha256, size: bytes.count, isCommitted: false)
            takeBack(sha256)
            throw error
        }
    }

    /// Removes a file whose write failed, unless something refers to it. If another process has a lock on it, such as a
    /// backup, a job removes it later.
    private func takeBack(_ sha256: String) {
        if !place.isRemote, let decided = try? removeUnreferenced([sha256]), !decided.isEmpty { return }
        _ = try? database.maintain { try JobStore(database: database).enqueueRemoval(of: sha256) }
    }

    /// The bytes of a file, or of a range, which must lie within it and not be empty.
    public func read(_ sha256: String, range: Range<Int>? = nil) throws -> [UInt8] {
        do {
            return try place.read(sha256, range: range)
        } catch {
            try requirePlace()
            throw error
        }
    }

    /// The bytes of a range of a file, part by part: each call of the closure reads the next one, and nil is after the last.
    public func parts(of sha256: String, range: Range<Int>) -> () throws -> [UInt8]? {
        var rest = range
        return {
            guard !rest.isEmpty else { return nil }
            let end = min(rest.upperBound, (rest.lowerBound / place.partSize + 1) * place.partSize)
            let part = try read(sha256, range: rest.lowerBound..<end)
            rest = end..<rest.upperBound
            return part
        }
    }

    /// A URL from which a client can read a file by itself for some minutes; nil if it should ask us for that many bytes.
    public func url(of sha256: String, for download: DownloadHeaders, bytes: Int) throws -> String? {
        try place.url(of: sha256, for: download, bytes: bytes)
    }

    /// Removes the files of deleted documents that nothing refers to any more. Safe at any time: the next call removes
    /// what a crash leaves.
    public func removeOrphans() throws {
        // In batches, so that others wait briefly. Check before locking: usually there is nothing to do.
        let candidates: SQL = "SELECT sha256 FROM orphan_candidates LIMIT 200"
        while case let files:[String] = try database.values(candidates), !files.isEmpty {
            var settled = 0
            try removeUnreferenced(files) { decided, removed in
                // Decide again in the write: the last reference to a file may have been dropped since.
                settled = try database.maintain { () -> Int in
                    let settled = try decided.filter { try removed.contains($0) || isReferenced($0) }
                    for sha256 in settled {
                        try database.run("DELETE FROM orphan_candidates WHERE sha256 = \(sha256)")
                    }
                    try finishJob()
                    return settled.count
                }
            }
            if settled == 0 { return }
        }
    }

    /// Whether there are files of deleted documents that may have to be removed.
    func hasOrphanCandidates() throws -> Bool { try database.exists("SELECT 1 FROM orphan_candidates LIMIT 1") }

    /// Removes the orphan job, unless candidates are left.
    func finishJob() throws {
        try database.run(
            "DELETE FROM jobs WHERE kind = \(Job.Kind.orphans) AND NOT EXISTS (SELECT 1 FROM orphan_candidates)")
    }

    /// Removes those of the files that no document refers to. Call it outside a write.
    ///
    /// - Parameter settle: gets the files that were looked at, and those of them that are gone now. Until it returns,
    ///   nobody can add them again.
    /// - Returns: the files that were looked at. Empty while a backup copies files, because then all of them stay.
    @discardableResult
    private func removeUnreferenced(
        _ files: [String], _ settle: ([String], Set<String>) throws -> Void = { _, _ in }
    ) throws -> [String] {
        try place.removing(files) { files in
            try database.outsideSnapshot {
                let unreferenced = try files.filter { try !isReferenced($0) }
                try settle(files, Set(unreferenced.isEmpty ? [] : try place.remove(unreferenced)))
            }
        }
    }

    private func isReferenced(_ sha256: String) throws -> Bool {
        try database.exists("SELECT 1 FROM documents WHERE sha256 = \(sha256)")
    }

    /// Removes what uploads killed before `time` left behind: incomplete files, and complete files that nothing refers
    /// to. Newer ones may belong to an upload in progress.
    public func removeUnfinished(before time: Timestamp) throws {
        try place.removeUnfinished(before: time) { files in
            // Check before locking: usually there is nothing to do.
            let orphans = try database.snapshot { try files.filter { try !isReferenced($0) } }
            if !orphans.isEmpty { try removeUnreferenced(orphans) }
        }
    }

    // MARK: The place

    /// The setting that records where the files are.
    static let placeSetting = "blobs"

    /// Throws 503 if the files are elsewhere.
    private func requirePlace() throws {
        // Installations of before have files.
        let known = try SettingStore(database: database).value(Self.placeSetting) ?? BlobLocation.files.kind
        guard !known.hasSameBytes(as: place.name), try database.exists("SELECT 1 FROM documents LIMIT 1") else {
            return
        }
        throw APIError(
            .serviceUnavailable, "The files of this installation are stored elsewhere than BLOBS says",
            cause: "they are in \(known), and BLOBS means \(place.name): set it back, or begin another installation")
    }

    /// Records where the files are, in the write that adds one.
    private func claimPlace() throws {
        let settings = SettingStore(database: database)
        if let known = try settings.value(Self.placeSetting), known.hasSameBytes(as: place.name) { return }
        try requirePlace()
        try settings.set(Self.placeSetting, to: place.name)
    }

    // MARK: Health

    /// Throws 503 if the disk has no room for a file of that size, its text and its index. Deleting takes some space too,
    /// so without a reserve, a disk full of documents could not be freed.
    private func requireRoom(for size: Int) throws {
        guard let space = Self.space(of: location, in: directory, isOnServer: database.isOnServer) else { return }
        // The same again in the log until a checkpoint.
        guard space.free - 4 * size < reserve ?? space.defaultReserve else { return }
        throw APIError(
            .serviceUnavailable, "The disk is almost full; delete documents or make room before you upload",
            headers: [("retry-after", "60")], cause: "\(space.free) bytes are free, the file has \(size)")
    }

    /// Of the disk that uploads fill: that of the files or, if these are elsewhere, of the database. Nil if it is not this
    /// machine's, or unknown.
    private static func space(of location: BlobLocation, in directory: String, isOnServer: Bool) -> DiskSpace? {
        switch location {
        case .files: DiskSpace(of: FileBlobs.folder(in: directory)) ?? DiskSpace(of: directory)
        case .database, .objects: isOnServer ? nil : DiskSpace(of: directory)
        }
    }

    /// Throws unless files can be stored, regardless of the database. Returns the space of the disk that uploads fill, if
    /// it is this machine's and known.
    ///
    /// - Parameters:
    ///   - dataDirectory: the folder of the installation.
    ///   - isOnServer: whether a PostgreSQL server has the database.
    public static func check(
        _ location: BlobLocation, in dataDirectory: String, isOnServer: Bool
    ) throws -> DiskSpace? {
        switch location {
        case .files: try FileBlobs.check(in: dataDirectory)
        case .database: break
        case .objects(let objects): try ObjectBlobs.check(objects)
        }
        guard let space = space(of: location, in: dataDirectory, isOnServer: isOnServer) else { return nil }
        if space.free < DiskSpace.leastToWrite {
            throw APIError(.serviceUnavailable, "The disk is full", cause: "\(space.free) bytes are free")
        }
        return space
    }
}

extension JobStore {
    /// Makes a job remove a file, unless something refers to it by then. Call it in a write.
    func enqueueRemoval(of sha256: String) throws {
        try database.run("INSERT INTO orphan_candidates (sha256) VALUES (\(sha256)) ON CONFLICT (sha256) DO NOTHING")
        try enqueue(.orphans, "files", in: "", dueAt: Self.atOnce)
    }
}
