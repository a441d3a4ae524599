import CPlatform
import Crypto
import Glibc
import Models
import Platform
import Wire

/// File operations for backups: files are readable only by their owner, are read in pieces, and symbolic links are
/// never followed.
enum BackupFiles {
    static let pieceSize = 256 * 1024

    /// The size and hash of a file.
    struct Contents: Equatable {
        var size: Int64
        /// In hexadecimal.
        var sha256: String
    }

    /// The error in `errno`, worded for operators.
    static func failure(_ path: String, _ what: String) -> APIError {
        APIError(.serviceUnavailable, "\(path) \(what): \(String(cString: strerror(errno)))")
    }

    // MARK: Contents

    /// Opens a regular file.
    static func openToRead(_ path: String) throws -> (descriptor: Int32, size: Int64) {
        let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(path, "cannot be read") }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw APIError(.serviceUnavailable, "\(path) is not a regular file")
        }
        return (descriptor, Int64(status.st_size))
    }

    /// Creates a file; fails if it exists.
    static func openToWrite(_ path: String) throws -> Int32 {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure(path, "cannot be made") }
        return descriptor
    }

    /// Reads at most `limit` bytes and calls `take` with each piece. Returns their number and hash.
    static func read(
        _ descriptor: Int32, of path: String, atMost limit: Int64 = .max, _ progress: BackupProgress,
        _ take: (UnsafeBufferPointer<UInt8>) throws -> Void
    ) throws -> Contents {
        var hasher = SHA256()
        var size: Int64 = 0
        let memory = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: pieceSize)
        defer { memory.deallocate() }
        while size < limit {
            let wanted = Int(min(Int64(pieceSize), limit - size))
            let count = Descriptor.repeating { Glibc.read(descriptor, memory.baseAddress, wanted) }
            guard count >= 0 else { throw failure(path, "cannot be read") }
            if count == 0 { break }
            let piece = UnsafeBufferPointer(rebasing: memory[..<count])
            hasher.update(piece)
            try take(piece)
            size += Int64(count)
            try progress.advance(Int64(count))
        }
        return Contents(size: size, sha256: Hex.encode(hasher.finalize()))
    }

    static func write(_ bytes: UnsafeBufferPointer<UInt8>, to descriptor: Int32, of path: String) throws {
        guard Descriptor.writeAll(bytes, to: descriptor) else { throw failure(path, "cannot be written") }
    }

    static func write(_ bytes: ByteBuffer, to descriptor: Int32, of path: String) throws {
        try withExtendedLifetime(bytes) { try write(bytes.bytes, to: descriptor, of: path) }
    }

    static func contents(of path: String, _ progress: BackupProgress) throws -> Contents {
        let (descriptor, _) = try openToRead(path)
        defer { close(descriptor) }
        return try read(descriptor, of: path, progress) { _ in }
    }

    /// Copies a file; fails if the target exists.
    static func copy(_ path: String, to target: String, _ progress: BackupProgress) throws -> Contents {
        let (descriptor, _) = try openToRead(path)
        defer { close(descriptor) }
        let output = try openToWrite(target)
        defer { close(output) }
        return try read(descriptor, of: path, progress) { try write($0, to: output, of: target) }
    }

    /// Creates a hard link to a file with this content. False if the link cannot be made or the content differs.
    ///
    /// NB: also false on an interruption; the next step of the work throws it.
    static func link(_ path: String, to target: String, holding file: Contents, _ progress: BackupProgress) -> Bool {
        guard link(path, to: target, size: file.size) else { return false }
        if (try? contents(of: target, progress)) == file { return true }
        unlink(target)
        return false
    }

    /// Creates a hard link to a file of this size. False if the link cannot be made or no such file exists.
    static func link(_ path: String, to target: String, size: Int64) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG && status.st_size == size
            && status.st_uid == geteuid() && Glibc.link(path, target) == 0
    }

    static func readWhole(_ path: String) throws -> [UInt8] {
        let (descriptor, _) = try openToRead(path)
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        _ = try read(descriptor, of: path, .silent) { bytes.append(contentsOf: $0) }
        return bytes
    }

    // MARK: Folders

    static func makeFolder(_ path: String) throws {
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw failure(path, "cannot be made") }
    }

    static func exists(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0
    }

    static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// The entries of a folder in order, without `.` and `..`; empty if it cannot be read.
    static func names(in path: String) -> [String] {
        guard let folder = opendir(path) else { return [] }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// Removes a file, or a folder and everything in it.
    static func remove(_ path: String) {
        var status = stat()
        guard lstat(path, &status) == 0 else { return }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            unlink(path)
            return
        }
        for name in names(in: path) { remove("\(path)/\(name)") }
        rmdir(path)
    }

    // MARK: Places

    /// Syncs the file system of `path`.
    static func syncFileSystem(of path: String) throws {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(path, "cannot be read") }
        defer { close(descriptor) }
        guard syncfs(descriptor) == 0 else { throw failure(path, "cannot be synced to disk") }
    }

    /// Syncs a folder's entries. Some file systems cannot do that and need not.
    static func syncFolder(_ path: String) {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }

    /// Swaps the names `new` and `path`, atomically if the file system can.
    static func exchange(_ new: String, with path: String) throws {
        if canExchange(new, with: path) { return }
        let aside = new + ".old"
        guard rename(path, aside) == 0 else { throw failure(path, "cannot be replaced") }
        guard rename(new, path) == 0 else {
            let error = failure(path, "cannot be replaced")
            rename(aside, path)
            throw error
        }
        rename(aside, new)
    }

    /// Swaps the names of two folders atomically; false if the file system cannot.
    static func canExchange(_ one: String, with other: String) -> Bool {
        renameat2(AT_FDCWD, one, AT_FDCWD, other, Self.exchanging) == 0
    }

    /// RENAME_NOREPLACE and RENAME_EXCHANGE of renameat2(2).
    static let notReplacing: UInt32 = 1
    private static let exchanging: UInt32 = 2

    /// On a file system without atomic swaps: puts back the folder that a killed process was about to swap.
    static func recover(_ path: String, from new: String) {
        if !exists(path), exists(new + ".old") { rename(new + ".old", path) }
        remove(new + ".old")
    }

    /// Whether the path is a mount point, which cannot be renamed.
    static func isMountPoint(_ path: String) -> Bool {
        var (own, parent) = (stat(), stat())
        return stat(path, &own) == 0 && stat(place(of: path).folder, &parent) == 0 && own.st_dev != parent.st_dev
    }

    /// The absolute path without symbolic links. If the path does not exist, its folder's absolute path plus its name.
    static func resolved(_ path: String) -> String {
        let path = absolute(path)
        if let resolved = realpath(path, nil) {
            defer { free(resolved) }
            return String(cString: resolved)
        }
        let (folder, name) = place(of: path)
        guard let resolved = realpath(folder, nil) else { return path }
        defer { free(resolved) }
        return absolute("\(String(cString: resolved))/\(name)")
    }

    /// The folder and the name of an absolute path.
    static func place(of path: String) -> (folder: String, name: String) {
        let parts = path.split(atByte: "/")
        return ("/" + parts.dropLast().joined(separator: "/"), parts.last.map(String.init) ?? "")
    }

    /// An absolute path without `.`, `..`, double or trailing slashes.
    static func absolute(_ path: String) -> String {
        var parts: [Substring] = []
        if !path.starts(withBytes: "/"), let folder = getcwd(nil, 0) {
            parts = String(cString: folder).split(atByte: "/").map { Substring(String($0)) }
            free(folder)
        }
        for part in path.split(atByte: "/") where part != "." {
            if part == ".." { _ = parts.popLast() } else { parts.append(part) }
        }
        return "/" + parts.joined(separator: "/")
    }
}
