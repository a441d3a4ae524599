import CPlatform
import Crypto
import Glibc
import Models
import Wire

/// Files and folders, as backups need them: made for nobody else to read, read in pieces, and never through a
/// symbolic link.
enum BackupFiles {
    static let pieceSize = 256 * 1024

    /// What a file holds.
    struct Contents: Equatable {
        var size: Int64
        /// In hexadecimal.
        var sha256: String
    }

    /// Why something of the system failed, from `errno`, in words for operators.
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

    /// Opens a file that is not there yet.
    static func openToWrite(_ path: String) throws -> Int32 {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure(path, "cannot be made") }
        return descriptor
    }

    /// Reads at most so many bytes, and calls `take` with each piece. Returns how many there were, and their hash.
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
            let count = Glibc.read(descriptor, memory.baseAddress, wanted)
            if count < 0, errno == EINTR { continue }
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
        var written = 0
        while written < bytes.count {
            let count = Glibc.write(descriptor, bytes.baseAddress.map { $0 + written }, bytes.count - written)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw failure(path, "cannot be written") }
            written += count
        }
    }

    static func write(_ bytes: ByteBuffer, to descriptor: Int32, of path: String) throws {
        try withExtendedLifetime(bytes) { try write(bytes.bytes, to: descriptor, of: path) }
    }

    static func contents(of path: String, _ progress: BackupProgress) throws -> Contents {
        let (descriptor, _) = try openToRead(path)
        defer { close(descriptor) }
        return try read(descriptor, of: path, progress) { _ in }
    }

    /// Copies a file to where there is none.
    static func copy(_ path: String, to target: String, _ progress: BackupProgress) throws -> Contents {
        let (descriptor, _) = try openToRead(path)
        defer { close(descriptor) }
        let output = try openToWrite(target)
        defer { close(output) }
        return try read(descriptor, of: path, progress) { try write($0, to: output, of: target) }
    }

    /// Makes a second name for a file of these bytes; false where that cannot be, or the file has other bytes.
    ///
    /// NB: an interruption makes it false, too. The next step of the work then throws it.
    static func link(_ path: String, to target: String, holding file: Contents, _ progress: BackupProgress) -> Bool {
        guard link(path, to: target, size: file.size) else { return false }
        if (try? contents(of: target, progress)) == file { return true }
        unlink(target)
        return false
    }

    /// Makes a second name for a file of that size; false where that cannot be, or there is no such file.
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

    /// What a folder holds, in order, without `.` and `..`; nothing when it cannot be read.
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

    /// Removes a file, or a folder with everything in it.
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

    /// Writes to the disk what was written to the file system of `path`.
    static func syncFileSystem(of path: String) throws {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(path, "cannot be read") }
        defer { close(descriptor) }
        guard syncfs(descriptor) == 0 else { throw failure(path, "cannot be written to the disk") }
    }

    /// Writes a folder's names to the disk. Some file systems cannot, and need not.
    static func syncFolder(_ path: String) {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }

    /// Gives `new` the name `path`, and what had it the name of `new`, at once where the file system can.
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

    /// Exchanges the names of two folders at once; false where the file system cannot.
    static func canExchange(_ one: String, with other: String) -> Bool {
        renameat2(AT_FDCWD, one, AT_FDCWD, other, Self.exchanging) == 0
    }

    /// RENAME_NOREPLACE and RENAME_EXCHANGE of renameat2(2).
    static let notReplacing: UInt32 = 1
    private static let exchanging: UInt32 = 2

    /// Puts a folder back that a process was about to exchange when it was killed, where the file system cannot
    /// exchange two at once.
    static func recover(_ path: String, from new: String) {
        if !exists(path), exists(new + ".old") { rename(new + ".old", path) }
        remove(new + ".old")
    }

    /// Whether something is mounted there, so that it cannot be renamed.
    static func isMountPoint(_ path: String) -> Bool {
        var (own, parent) = (stat(), stat())
        return stat(path, &own) == 0 && stat(place(of: path).folder, &parent) == 0 && own.st_dev != parent.st_dev
    }

    /// The absolute path without symbolic links; where there is nothing yet, that of its folder with the name.
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

    /// The folder that a path is in, and its name there; the path is absolute.
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
