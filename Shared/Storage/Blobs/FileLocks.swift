import Glibc
import Platform

/// Locks of single files, between the processes of one machine. A process that puts a file in its place shares the
/// file's lock until the database refers to it; a process that removes a file has the lock alone.
///
/// Record locks of one byte for each file, at a place that its hash says. The kernel gives back those of a process that
/// dies.
final class FileLocks {
    private let path: String
    /// Opened at the first use.
    private var descriptor: Int32?
    /// How long an upload waits for a process that removes the same file, in milliseconds.
    private static let patience: Int32 = 5000

    init(path: String) { self.path = path }

    deinit { if let descriptor { close(descriptor) } }

    /// Waits for a lock that others may share. False when another process has it alone for too long.
    func share(_ sha256: String) -> Bool {
        guard let file = file() else { return false }
        return RecordLock.take(file, at: Self.place(of: sha256), isShared: true, waiting: Self.patience)
    }

    /// Takes a lock for this process alone. False when another process has it.
    func take(_ sha256: String) -> Bool {
        // On a full disk the file cannot be made, and then no process has a lock in it.
        guard let file = file() else { return errno == ENOSPC || errno == EDQUOT }
        return RecordLock.take(file, at: Self.place(of: sha256))
    }

    func giveBack(_ sha256: String) {
        if let file = file() { RecordLock.release(file, at: Self.place(of: sha256)) }
    }

    /// Nil, with `errno`, when it cannot be opened.
    private func file() -> Int32? {
        if descriptor == nil {
            let opened = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
            if opened >= 0 { descriptor = opened }
        }
        return descriptor
    }

    /// 60 bits of the hash. Of two files with one byte, one may have to wait for the other, which does no harm.
    private static func place(of sha256: String) -> Int64 { Int64(sha256.prefix(15), radix: 16) ?? 0 }
}
