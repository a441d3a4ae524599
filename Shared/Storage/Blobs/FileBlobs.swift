import Crypto
import Glibc
import Models
import Platform
import Wire

/// Uploaded files as files of a folder.
///
/// A file is written under a temporary name, synced and renamed, so it is either complete or absent. `FileLocks` keep the
/// processes of one machine apart, and `BlobLock` keeps files in place while a backup copies them.
struct FileBlobs: BlobPlace {
    let directory: String
    let locks: FileLocks
    let name = BlobLocation.files.kind
    let isRemote = false

    init(directory: String) {
        self.directory = directory
        locks = FileLocks(path: BlobLock.path(beside: directory))
    }

    /// The folder of the files within an installation's folder.
    static func folder(in dataDirectory: String) -> String { "\(dataDirectory)/blobs" }

    /// Throws unless files can be written.
    static func check(in dataDirectory: String) throws {
        let directory = folder(in: dataDirectory)
        // NB: does not create the data folder. If that is missing, it is the fault to report.
        try makeDirectory(directory)
        if access(directory, W_OK) != 0 { throw failure("access", directory) }
    }

    // MARK: Adding

    func hold(_ sha256: String, size: Int) -> Bool { locks.share(sha256) }

    func release(_ sha256: String, size: Int, isCommitted: Bool) { locks.giveBack(sha256) }

    func conclude(_ bytes: [UInt8], as sha256: String) {}

    func put(_ bytes: [UInt8], as sha256: String) throws {
        let folder = "\(directory)/\(sha256.prefix(2))"
        try Self.makeDirectory(directory)
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
        Self.sync(folder)
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

    private static func sync(_ folder: String) {
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }

    // MARK: Reading

    let partSize = 1 << 20

    func read(_ sha256: String, range: Range<Int>?) throws -> [UInt8] {
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

    func url(of sha256: String, for download: DownloadHeaders, bytes: Int) -> String? { nil }

    // MARK: Removing

    func removing(_ files: [String], _ body: ([String]) throws -> Void) throws -> [String] {
        guard let lock = BlobLock(sharedBeside: directory) else { return [] }
        return try withExtendedLifetime(lock) {
            // A process must share a file's lock before it refers to the file.
            let locked = files.filter(locks.take)
            defer { for sha256 in locked { locks.giveBack(sha256) } }
            try body(locked)
            return locked
        }
    }

    func remove(_ files: [String]) -> [String] { files.filter { unlink(path(of: $0)) == 0 || errno == ENOENT } }

    func removeUnfinished(before time: Timestamp, _ body: ([String]) throws -> Void) throws {
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
            let stored = names.filter { $0.utf8.count == 64 && isOld($0) }
            if !stored.isEmpty { try body(stored) }
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

    // MARK: Paths

    private func path(of sha256: String) -> String { "\(directory)/\(sha256.prefix(2))/\(sha256)" }

    private static func makeDirectory(_ path: String) throws {
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw failure("mkdir", path) }
    }

    private static func failure(_ call: String, _ path: String) -> APIError {
        APIError(
            .serviceUnavailable, "The file storage cannot be used at the moment",
            cause: "\(call) \(path): errno \(errno)")
    }
}
