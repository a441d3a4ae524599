import Crypto
import Glibc
import Models
import Platform
import Wire

/// Uploaded files, keyed by the SHA-256 of their bytes, so identical files are stored once.
///
/// A file is written under a temporary name, synced and renamed, so it is either complete or absent. It is put in place
/// before the write that refers to it, and removed after the write that drops the last reference. `FileLocks` keeps the
/// two apart: a file cannot be removed while another process is about to refer to it.
public struct BlobStore {
    let directory: String
    let database: Database
    let locks: FileLocks
    /// The bytes that uploads leave free on the disk; nil for `DiskSpace.defaultReserve`.
    let reserve: Int?

    init(directory: String, database: Database, reserve: Int?) {
        (self.directory, self.database, self.reserve) = (directory, database, reserve)
        locks = FileLocks(path: BlobLock.path(beside: directory))
    }

    /// Puts `bytes` in place, then runs `body`, which adds the reference, as one write (`writeConclusion`). If that
    /// fails, the file is removed.
    public func add<T>(_ bytes: [UInt8], sha256: String, _ body: () throws -> T) throws -> T {
        try keepReserve(for: bytes.count)
        guard locks.share(sha256) else {
            throw APIError(
                .serviceUnavailable, "The file storage is busy; try again in a moment", cause: "lock of \(sha256)")
        }
        do {
            try place(bytes, sha256: sha256)
            let result = try database.writeConclusion {
                try database.run("DELETE FROM orphan_candidates WHERE sha256 = \(sha256)")
                return try body()
            }
            // The write may not commit until the response has been stored.
            database.afterWrite { isCommitted in
                if !isCommitted { takeBack(sha256) }
                locks.giveBack(sha256)
            }
            return result
        } catch {
            // A rollback does not remove the file.
            takeBack(sha256)
            locks.giveBack(sha256)
            throw error
        }
    }

    /// Removes a file whose write failed, unless something refers to it. If another process has a lock on it, such as a
    /// backup, a job removes it later.
    private func takeBack(_ sha256: String) {
        if let decided = try? removeUnreferenced([sha256]), !decided.isEmpty { return }
        _ = try? database.maintain { try JobStore(database: database).enqueueRemoval(of: sha256) }
    }

    /// Throws 503 if the disk has no room for a file of that size. Deleting takes some space too, so without a reserve,
    /// a disk full of documents could not be freed.
    private func keepReserve(for size: Int) throws {
        try Self.makeDirectory(directory)
        guard let space = DiskSpace(of: directory) else { return }
        // The file, its text and index, and the same again in the log until a checkpoint.
        guard space.free - 4 * size < reserve ?? space.defaultReserve else { return }
        throw APIError(
            .serviceUnavailable, "The disk is almost full; delete documents or make room before you upload",
            headers: [("retry-after", "60")], cause: "\(space.free) bytes are free, the file has \(size)")
    }

    private func place(_ bytes: [UInt8], sha256: String) throws {
        let folder = "\(directory)/\(sha256.prefix(2))"
        try Self.makeDirectory(folder)
        // Random, not the process id: two containers that share a folder can have the same one.
        let temporary = "\(folder)/.\(sha256).\(Hex.encode(secureRandomBytes(8)))"
        do {
            try Self.write(bytes, to: temporary)
            guard rename(temporary, path(of: sha256)) == 0 else { throw Self.failure("rename", temporary) }
        } catch {
            unlink(temporary)
            throw error
        }
        syncDirectory(folder)
    }

    /// Writes and syncs a new file.
    private static func write(_ bytes: [UInt8], to path: String) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure("open", path) }
        defer { close(descriptor) }
        guard bytes.withUnsafeBufferPointer({ Descriptor.writeAll($0, to: descriptor) }) else {
            throw failure("write", path)
        }
        guard fsync(descriptor) == 0 else { throw failure("fsync", path) }
    }

    /// The bytes of a file, or of a range, which must lie within it.
    public func read(_ sha256: String, range: Range<Int>? = nil) throws -> [UInt8] {
        let path = self.path(of: sha256)
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Self.failure("open", path) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw Self.failure("stat", path) }
        let (start, size) = (range?.lowerBound ?? 0, range?.count ?? Int(status.st_size))
        var position = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            while position < size {
                let read = Descriptor.repeating {
                    pread(
                        descriptor, buffer.baseAddress.map { $0 + position }, size - position, off_t(start + position))
                }
                if read <= 0 { break }
                position += read
            }
            count = position
        }
        guard bytes.count == size else { throw Self.failure("read", path) }
        return bytes
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
                let settled = try decided.filter { try isReferenced($0) || access(path(of: $0), F_OK) != 0 }
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
        guard let lock = BlobLock(sharedBeside: directory) else { return [] }
        return try withExtendedLifetime(lock) {
            // A process must share a file's lock before it refers to the file.
            let locked = files.filter(locks.take)
            defer { for sha256 in locked { locks.giveBack(sha256) } }
            return try database.outsideSnapshot {
                for sha256 in locked where try !isReferenced(sha256) { unlink(path(of: sha256)) }
                return locked
            }
        }
    }

    private func isReferenced(_ sha256: String) throws -> Bool {
        try database.exists("SELECT 1 FROM documents WHERE sha256 = \(sha256)")
    }

    /// Removes what uploads killed before `time` left behind: temporary files, and complete files that nothing refers
    /// to. Newer ones may belong to an upload in progress.
    public func removeUnfinished(before time: Timestamp) throws {
        for folder in Self.names(in: directory) where folder.utf8.count == 2 {
            func isOld(_ name: String) -> Bool {
                var status = stat()
                return stat("\(directory)/\(folder)/\(name)", &status) == 0
                    && Int64(status.st_mtim.tv_sec) < time.seconds
            }
            let names = Self.names(in: "\(directory)/\(folder)")
            for name in names where name.starts(withBytes: ".") && isOld(name) {
                unlink("\(directory)/\(folder)/\(name)")
            }
            // Check before locking: usually there is nothing to do.
            let orphans = try database.snapshot {
                try names.filter { try $0.utf8.count == 64 && !isReferenced($0) && isOld($0) }
            }
            if !orphans.isEmpty { try removeUnreferenced(orphans) }
        }
    }

    /// The entries of a folder, without `.` and `..`; empty if it cannot be read.
    private static func names(in path: String) -> [String] {
        guard let folder = opendir(path) else { return [] }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    /// The folder of the files within an installation's folder.
    static func folder(in dataDirectory: String) -> String { "\(dataDirectory)/blobs" }

    /// Throws unless files can be written, regardless of the database. Returns the disk space if it is known.
    public static func check(in dataDirectory: String) throws -> DiskSpace? {
        let directory = folder(in: dataDirectory)
        // NB: does not create the data folder. If that is missing, it is the fault to report.
        try makeDirectory(directory)
        if access(directory, W_OK) != 0 { throw failure("access", directory) }
        guard let space = DiskSpace(of: directory) else { return nil }
        if space.free < DiskSpace.leastToWrite {
            throw APIError(.serviceUnavailable, "The disk is full", cause: "\(space.free) bytes are free")
        }
        return space
    }

    private func path(of sha256: String) -> String { "\(directory)/\(sha256.prefix(2))/\(sha256)" }

    private static func makeDirectory(_ path: String) throws {
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw failure("mkdir", path) }
    }

    private func syncDirectory(_ path: String) {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }

    private static func failure(_ call: String, _ path: String) -> APIError {
        APIError(
            .serviceUnavailable, "The file storage cannot be used at the moment",
            cause: "\(call) \(path): errno \(errno)")
    }
}

extension JobStore {
    /// Makes a job remove a file, unless something refers to it by then. Call it in a write.
    func enqueueRemoval(of sha256: String) throws {
        try database.run("INSERT INTO orphan_candidates (sha256) VALUES (\(sha256)) ON CONFLICT (sha256) DO NOTHING")
        try enqueue(.orphans, "files", in: "", dueAt: Self.atOnce)
    }
}
