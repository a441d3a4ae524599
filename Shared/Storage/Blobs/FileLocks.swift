import Glibc
import Platform

/// Locks on single files between the processes of one machine. A process that adds a file shares its lock until the
/// database refers to it. A process that removes a file holds the lock exclusively.
///
/// They are record locks, one byte per file at an offset derived from its hash. The kernel releases the locks of a
/// process that dies.
final class FileLocks {
    private let path: String
    /// Opened on first use.
    private var descriptor: Int32?
    /// How long an upload waits for a process that is removing the same file, in milliseconds.
    private static let patience: Int32 = 5000

    init(path: String) { self.path = path }

    deinit { if let descriptor { close(descriptor) } }

    /// Waits for a shared lock. Returns false if another process holds it exclusively for too long.
    func share(_ sha256: String) -> Bool {
        guard let file = file() else { return false }
        return RecordLock.take(file, at: Self.place(of: sha256), isShared: true, waiting: Self.patience)
    }

    /// Takes an exclusive lock. Returns false if another process has the lock.
    func take(_ sha256: String) -> Bool {
        // If the file cannot be created because the disk is full, no process has a lock in it.
        guard let file = file() else { return errno == ENOSPC || errno == EDQUOT }
        return RecordLock.take(file, at: Self.place(of: sha256))
    }

    func giveBack(_ sha256: String) {
        if let file = file() { RecordLock.release(file, at: Self.place(of: sha256)) }
    }

    /// Nil, with `errno` set, if it cannot be opened.
    private func file() -> Int32? {
        if descriptor == nil {
            let opened = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
            if opened >= 0 { descriptor = opened }
        }
        return descriptor
    }

    /// 60 bits of the hash. If two files share a byte, one may have to wait for the other, which is harmless.
    private static func place(of sha256: String) -> Int64 { Int64(sha256.prefix(15), radix: 16) ?? 0 }
}
