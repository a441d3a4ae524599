import Models
import Wire

/// Uploaded files, keyed by the SHA-256 of their bytes, so identical files are stored once.
///
/// A file is put in place before the write that refers to it, and removed after the write that drops the last reference.
/// Its `place` keeps the two apart: a file cannot be removed while another process is about to refer to it.
public struct BlobStore {
    let place: any BlobPlace
    let database: Database

    /// Puts `bytes` in place, then runs `body`, which adds the reference, as one write (`writeConclusion`). If that
    /// fails, the file is removed.
    public func add<T>(_ bytes: [UInt8], sha256: String, _ body: () throws -> T) throws -> T {
        try place.requireRoom(for: bytes.count)
        guard try place.hold(sha256) else {
            throw APIError(
                .serviceUnavailable, "The file storage is busy; try again in a moment", cause: "lock of \(sha256)")
        }
        do {
            try place.put(bytes, as: sha256)
            let result = try database.writeConclusion {
                try place.conclude(sha256)
                try database.run("DELETE FROM orphan_candidates WHERE sha256 = \(sha256)")
                return try body()
            }
            // The write may not commit until the response has been stored.
            database.afterWrite { isCommitted in
                place.release(sha256, isCommitted: isCommitted)
                if !isCommitted { takeBack(sha256) }
            }
            return result
        } catch {
            // A rollback does not remove the file.
            place.release(sha256, isCommitted: false)
            takeBack(sha256)
            throw error
        }
    }

    /// Removes a file whose write failed, unless something refers to it. If another process has a lock on it, such as a
    /// backup, a job removes it later.
    private func takeBack(_ sha256: String) {
        if let decided = try? removeUnreferenced([sha256]), !decided.isEmpty { return }
        _ = try? database.maintain { try JobStore(database: database).enqueueRemoval(of: sha256) }
    }

    /// The bytes of a file, or of a range, which must lie within it.
    public func read(_ sha256: String, range: Range<Int>? = nil) throws -> [UInt8] {
        try place.read(sha256, range: range)
    }

    /// Removes the files of deleted documents that nothing refers to any more. Safe at any time: the next call removes
    /// what a crash leaves.
    public func removeOrphans() throws {
        // In batches, so that others wait briefly. Check before locking: usually there is nothing to do.
        let candidates: SQL = "SELECT sha256 FROM orphan_candidates LIMIT 200"
        while case let files:[String] = try database.values(candidates), !files.isEmpty {
            let decided = try removeUnreferenced(files)
            // Decide again in the write: since the locks were released, the last reference may have been dropped.
            let settled = try database.maintain { () -> Int in
                let settled = try decided.filter { try isReferenced($0) || !place.exists($0) }
                for sha256 in settled { try database.run("DELETE FROM orphan_candidates WHERE sha256 = \(sha256)") }
                try finishJob()
                return settled.count
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
    /// - Returns: the files that were either removed or found in use. Empty while a backup copies files, because then
    ///   all of them stay.
    @discardableResult
    private func removeUnreferenced(_ files: [String]) throws -> [String] {
        try place.removing(files) { files in
            try database.outsideSnapshot {
                for sha256 in files where try !isReferenced(sha256) { try place.remove(sha256) }
            }
        }
    }

    private func isReferenced(_ sha256: String) throws -> Bool {
        try database.exists("SELECT 1 FROM documents WHERE sha256 = \(sha256)")
    }

    /// Removes what uploads killed before `time` left behind: incomplete files, and complete files that nothing refers
    /// to. Newer ones may belong to an upload in progress.
    public func removeUnfinished(before time: Timestamp) throws {
        try place.eachStored(before: time) { files in
            // Check before locking: usually there is nothing to do.
            let orphans = try database.snapshot { try files.filter { try !isReferenced($0) } }
            if !orphans.isEmpty { try removeUnreferenced(orphans) }
        }
    }

    /// Throws unless files can be written, regardless of the database. Returns the disk space if it is known.
    public static func check(in dataDirectory: String) throws -> DiskSpace? {
        try FileBlobs.check(in: dataDirectory)
    }
}

extension JobStore {
    /// Makes a job remove a file, unless something refers to it by then. Call it in a write.
    func enqueueRemoval(of sha256: String) throws {
        try database.run("INSERT INTO orphan_candidates (sha256) VALUES (\(sha256)) ON CONFLICT (sha256) DO NOTHING")
        try enqueue(.orphans, "files", in: "", dueAt: Self.atOnce)
    }
}
