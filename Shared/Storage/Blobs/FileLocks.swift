import CPlatform
import Glibc

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
    func share(_ sha256: String) -> Bool { set(F_RDLCK, sha256, milliseconds: Self.patience) }

    /// Takes a lock for this process alone. False when another process has it.
    func take(_ sha256: String) -> Bool {
        if set(F_WRLCK, sha256) { return true }
        // On a full disk the file cannot be made, and then no process has a lock in it.
        return descriptor == nil && (errno == ENOSPC || errno == EDQUOT)
    }

    func giveBack(_ sha256: String) { _ = set(F_UNLCK, sha256) }

    private func set(_ type: Int32, _ sha256: String, milliseconds: Int32 = 0) -> Bool {
        if descriptor == nil {
            let opened = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
            if opened >= 0 { descriptor = opened }
        }
        guard let descriptor else { return false }
        // 60 bits of the hash. Of two files with one byte, one may have to wait for the other, which does no harm.
        let place = Int64(sha256.prefix(15), radix: 16) ?? 0
        return platform_record_lock(descriptor, Int16(type), place, 1, milliseconds) == 0
    }
}
