import Glibc

/// Keeps uploaded files in place while a backup copies them. Removing a file takes this lock too, without waiting; if
/// it is taken, the file is removed later. A grace period for removed files would have to guess how long a backup
/// takes.
///
/// The operating system releases the lock when its process ends, however it ends.
public final class BlobLock {
    private let descriptor: Int32

    /// - Parameter milliseconds: how long to wait for another process that has it.
    /// - Returns: nil if another process still has it, or it cannot be opened (see `errno`).
    public convenience init?(in dataDirectory: String, waiting milliseconds: Int) {
        self.init(beside: FileBlobs.folder(in: dataDirectory), isShared: false, waiting: milliseconds)
    }

    /// The path of the lock file for a folder of files.
    static func path(beside folder: String) -> String { folder + ".lock" }

    /// The lock of a process that removes files. Others may remove files at the same time (`FileLocks` keeps them apart),
    /// but no backup copies them. Returns nil at once if a backup does.
    convenience init?(sharedBeside folder: String) { self.init(beside: folder, isShared: true, waiting: 0) }

    /// - Parameter folder: the folder of the files.
    private init?(beside folder: String, isShared: Bool, waiting milliseconds: Int) {
        descriptor = open(Self.path(beside: folder), O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            // If it cannot be created because the disk is full, no process has the lock.
            if errno == ENOSPC || errno == EDQUOT { return }
            return nil
        }
        var left = milliseconds
        while flock(descriptor, (isShared ? LOCK_SH : LOCK_EX) | LOCK_NB) != 0 {
            guard errno == EINTR || (errno == EWOULDBLOCK && left > 0) else {
                let reason = errno
                close(descriptor)
                errno = reason
                return nil
            }
            usleep(20_000)
            left -= 20
        }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }
}
